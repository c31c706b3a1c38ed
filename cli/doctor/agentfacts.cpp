// SPDX-License-Identifier: MIT
#include "cli/doctor/gathering.h"

#include "cli/agentlink.h"
#include "shared/base/defaults.h"
#include "shared/control/agentclient.h"
#include "shared/control/messages.h"
#include "shared/records/json.h"
#include "shared/storage/file.h"
#include "shared/storage/osfacts.h"

#include <QFile>

#include <algorithm>

#include <sys/stat.h>

namespace dormouse::doctor {
namespace {

using namespace Qt::Literals::StringLiterals;

void askForSnapshot(AgentFacts &facts, const Context &context)
{
    const ElapsedTime before = context.clock.now().elapsed;
    const Result<QJsonObject> answer = askAgent(context, {{control::key::kType, QString(control::type::kStatus)}});
    facts.took = context.clock.now().elapsed - before;
    if (!answer) {
        facts.trouble = answer.error().text();
        return;
    }
    facts.snapshot = snapshotFromJson(answer.value());
    if (!facts.snapshot)
        facts.trouble = u"what answers is no agent, or one of another version"_s;
}

} // namespace

AgentFacts agentFacts(const Context &context)
{
    AgentFacts facts;
    facts.holder = readLockHolder(context.paths);
    if (!facts.isAlive())
        return facts;
    facts.isStopped = isStopped(facts.holder->pid);
    if (facts.isStopped) {
        facts.trouble = u"a signal has stopped it"_s;
        return facts;
    }
    askForSnapshot(facts, context);
    if (!facts.snapshot)
        facts.holder = readLockHolder(context.paths); // it may have gone while it was asked
    return facts;
}

SocketFacts socketFacts(const Context &context, bool isAgentAlive)
{
    SocketFacts facts;
    facts.path = context.socket;
    facts.kind = fileKind(context.socket);
    if (const Result<void> fits = checkSocketPath(context.socket); !fits)
        facts.pathError = fits.error().text();
    if (!isAgentAlive && facts.kind == FileKind::Socket)
        facts.isListened = isListenedOn(context.socket);
    return facts;
}

LockFacts lockFacts(const RootPaths &paths)
{
    LockFacts facts;
    facts.lifecycleLock = fileKind(paths.lifecycleLock());
    facts.agentLock = fileKind(paths.agentLock());
    facts.areHoldersTold = tellsFlockHolders();
    struct stat info {
    };
    if (::lstat(QFile::encodeName(paths.lifecycleLock()).constData(), &info) == 0)
        facts.holder = os::flockHolder(info.st_dev, info.st_ino);
    if (facts.holder)
        facts.holderProgram = os::processName(*facts.holder);
    return facts;
}

RecordFacts recordFacts(const RootPaths &paths)
{
    RecordFacts facts;
    facts.kind = fileKind(paths.record());
    if (facts.kind == FileKind::Missing)
        return facts;
    const Result<QByteArray> bytes = readBounded(paths.record(), defaults::kStateBytesMax);
    if (!bytes) {
        facts.error = bytes.error().message;
        return facts;
    }
    facts.record = parseRecord(bytes.value());
    if (facts.record)
        return facts;
    const Result<QJsonObject> object = parseJsonObject(bytes.value());
    facts.error = object ? u"a field is missing or has the wrong type"_s : object.error().message;
    return facts;
}

LegacyFacts legacyFacts(const RootPaths &paths)
{
    LegacyFacts facts;
    facts.kind = fileKind(paths.daemonState());
    if (facts.kind == FileKind::Missing)
        return facts;
    const Result<QByteArray> bytes = readBounded(paths.daemonState(), defaults::kStateBytesMax);
    const Result<QJsonObject> object = bytes ? parseJsonObject(bytes.value()) : Result<QJsonObject>(bytes.error());
    if (object)
        facts.fsmState = object.value().value("fsm_state"_L1).toString();
    else
        facts.error = object.error().message;
    return facts;
}

SignalFacts signalFacts(const RootPaths &paths, WallTime now)
{
    SignalFacts facts;
    facts.kind = fileKind(paths.wakeSignal());
    struct stat info {
    };
    if (facts.kind == FileKind::Missing || ::lstat(QFile::encodeName(paths.wakeSignal()).constData(), &info) != 0)
        return facts;
    const WallTime written{std::chrono::seconds(info.st_mtime)};
    // From the future: of another clock than this one, so it cannot have been written just now.
    facts.age = written > now ? Millis(std::chrono::hours(1)) : std::chrono::duration_cast<Millis>(now - written);
    return facts;
}

} // namespace dormouse::doctor
