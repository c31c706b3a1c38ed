// SPDX-License-Identifier: MIT
#pragma once

#include "cli/doctor/rows.h"
#include "shared/base/version.h"
#include "shared/records/timestamp.h"

#include <QJsonArray>
#include <QSysInfo>

namespace dormouse::doctor {

using namespace Qt::Literals::StringLiterals;

inline WallTime noon()
{
    return *parseTimestamp(u"2026-05-02T12:00:00Z");
}

inline LifecycleRecord recordIn(State state)
{
    LifecycleRecord record = defaultRecord(noon() - std::chrono::hours(1));
    record.state = state;
    return record;
}

/// An installation with nothing wrong: a hibernated agent, on a systemd machine.
inline Facts hibernated()
{
    Facts facts;
    facts.paths = {u"/home/mouse/.iai-mcp"_s};
    facts.now = noon();
    facts.defaultRoot = facts.paths.root;
    facts.lock.lifecycleLock = FileKind::Regular;
    facts.lock.areHoldersTold = true;
    facts.record = {FileKind::Regular, recordIn(State::Hibernation), {}};
    facts.legacy = {FileKind::Regular, {}, u"SLEEP"_s};
    facts.socket.path = facts.paths.socket();
    facts.history.transitions = 4;
    facts.history.newest = noon() - std::chrono::hours(1);
    facts.cycle = {{"steps"_L1, QJsonArray{u"vacuum"_s}}, {"strikes"_L1, QJsonArray()}, {"quarantine"_L1, QJsonValue()}};
    facts.rights.looked = 12;
    facts.configuration.configuration = Configuration();
    facts.autostart.manager = u"systemd"_s;
    facts.autostart.unit = u"/home/mouse/.config/systemd/user/dormouse-agent.service"_s;
    facts.autostart.command = {u"/usr/bin/dormouse-agent"_s, u"--supervised"_s};
    facts.autostart.servesThis = facts.autostart.isProgramThere = facts.autostart.isExpected = true;
    facts.autostart.isEnabled = true;
    facts.autostart.enableCommand = u"systemctl --user enable --now dormouse-agent.service"_s;
    facts.autostart.trigger = u"/home/mouse/.config/systemd/user/dormouse-agent-wake.path"_s;
    facts.autostart.isTriggerRight = true;
    facts.autostart.triggerState = u"active"_s;
    facts.autostart.triggerCommand = u"systemctl --user reset-failed dormouse-agent-wake.path"_s;
    facts.disk.freeBytes = 5'000'000'000;
    facts.disk.freeFiles = 100'000;
    facts.watches = WatchFacts{128, 65536, 10, 100, {}, {}};
    return facts;
}

/// The same with an agent that runs in `state`.
inline Facts running(State state = State::Wake)
{
    Facts facts = hibernated();
    facts.agent.holder = LockHolder{812, QSysInfo::machineHostName(), u"dormouse-agent"_s, true};
    Snapshot snapshot;
    snapshot.state = state;
    snapshot.pid = 812;
    snapshot.sequence = 7;
    snapshot.version = QString::fromLatin1(kVersion);
    snapshot.idleSources = {u"logind"_s};
    facts.agent.snapshot = snapshot;
    facts.record.record = recordIn(state);
    facts.legacy.fsmState = state == State::Drowsy ? u"TRANSITIONING"_s : state == State::Sleep ? u"DREAMING"_s : u"WAKE"_s;
    facts.socket.kind = FileKind::Socket;
    facts.lock.agentLock = FileKind::Regular;
    facts.lock.holder = 812;
    facts.lock.holderProgram = u"dormouse-agent"_s;
    facts.watches->agentInstances = 1;
    facts.watches->agentWatches = 2;
    return facts;
}

} // namespace dormouse::doctor
