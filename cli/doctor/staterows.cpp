// SPDX-License-Identifier: MIT
#include "cli/doctor/rows.h"

#include "cli/times.h"
#include "shared/base/text.h"

#include <algorithm>

namespace dormouse::doctor {
namespace {

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

constexpr Millis kSignalTakes = 10s; ///< as long as a waker waits: after that nobody has come
constexpr std::size_t kNamed = 3;    ///< clients that are named one by one

/// "claude-code (pid 812), vim (pid 90) and 4 more".
QString clientsText(const std::vector<Client> &clients)
{
    QStringList names;
    for (const Client &client : clients) {
        const QString name = client.name.isEmpty() ? u"unnamed"_s : sanitized(client.name, 60);
        names.append(client.pid > 0 ? u"%1 (pid %2)"_s.arg(name).arg(client.pid) : name);
        if (static_cast<std::size_t>(names.size()) == kNamed)
            break;
    }
    const std::size_t more = clients.size() - std::min(clients.size(), kNamed);
    return names.join(u", "_s) + (more > 0 ? u" and %1 more"_s.arg(more) : QString());
}

State knownState(const Facts &facts)
{
    return facts.agent.snapshot ? facts.agent.snapshot->state : facts.record.record->state;
}

bool agrees(State state, const QString &fsmState)
{
    switch (state) {
    case State::Wake: return fsmState == "WAKE"_L1;
    case State::Drowsy: return fsmState == "TRANSITIONING"_L1;
    case State::Sleep: return fsmState == "SLEEP"_L1 || fsmState == "DREAMING"_L1;
    case State::Hibernation: return true;
    }
    return false;
}

} // namespace

Finding recordRow(const Facts &facts)
{
    const QString name = u"record"_s;
    const QString path = facts.paths.record();
    const std::optional<LifecycleRecord> &record = facts.record.record;
    const std::optional<Snapshot> &snapshot = facts.agent.snapshot;
    if (facts.record.kind == FileKind::Missing && snapshot && snapshot->sequence == 0 && snapshot->state == State::Wake)
        return pass(name, u"none is needed yet: nobody has used this root"_s);
    if (facts.record.kind == FileKind::Missing && snapshot)
        return fail(name, path + u" is missing: a restart would begin in WAKE"_s, u"let the agent write it: dormouse wake"_s);
    if (facts.record.kind == FileKind::Missing)
        return warn(name, u"there is none: no agent has run on this root"_s, u"dormouse wake"_s);
    if (!record) {
        const bool isFile = facts.record.kind == FileKind::Regular;
        return fail(name, u"lifecycle_state.json is not valid: "_s + facts.record.error,
                    isFile ? u"dormouse wake writes a new one; the bad one is kept beside it"_s
                           : u"mv %1 %1.aside; dormouse wake"_s.arg(shellWord(path)));
    }
    if (snapshot && record->state != snapshot->state)
        return fail(
            name,
            u"it says %1, but the agent is in %2: it cannot be written"_s.arg(toString(record->state), toString(snapshot->state)),
            u"see the rows rights and disk space; the agent tries again at each tick"_s);
    return pass(name, u"%1 since %2"_s.arg(toString(record->state), localTimeOf(record->sinceTs, facts.now)));
}

Finding legacyRow(const Facts &facts)
{
    const QString name = u"legacy state"_s;
    const LegacyFacts &legacy = facts.legacy;
    if (legacy.kind == FileKind::Missing)
        return pass(name, u"there is no .daemon-state.json"_s);
    if (!legacy.error.isEmpty())
        return fail(name, u".daemon-state.json cannot be used: "_s + legacy.error,
                    u"dormouse wake writes a new one; the bad one is kept beside it"_s);
    if (legacy.fsmState.isEmpty())
        return pass(name, u".daemon-state.json names no state"_s);
    if (!facts.agent.snapshot && !facts.record.record)
        return pass(name, u"nothing to compare it with, see the row record"_s);
    const State state = knownState(facts);
    const QString both = u"%1, and .daemon-state.json says %2"_s.arg(toString(state), sanitized(legacy.fsmState, 40));
    if (agrees(state, legacy.fsmState))
        return pass(name, both);
    return fail(name, both + u": Python readers take it for something else"_s,
                u"see the row python daemon; dormouse wake writes both anew"_s);
}

Finding hibernationRow(const Facts &facts)
{
    const QString name = u"hibernation"_s;
    if (!facts.agent.snapshot && !facts.record.record)
        return pass(name, u"no state is known, see the row record"_s);
    if (knownState(facts) != State::Hibernation)
        return pass(name, u"not hibernating"_s);
    const std::vector<Client> &clients = facts.presence.counting;
    if (clients.empty())
        return pass(name, u"nobody is waiting for it to end"_s);
    if (facts.presence.isWishStanding)
        return pass(name, u"asked for; %1 did not end it"_s.arg(clientsText(clients)));
    if (facts.agent.snapshot && facts.agent.snapshot->shadowRun)
        return pass(name, u"a shadow run: nothing is really stopped"_s);
    return fail(name, u"the services are down although somebody is there: "_s + clientsText(clients), u"dormouse wake"_s);
}

Finding signalRow(const Facts &facts)
{
    const QString name = u"wake signal"_s;
    const SignalFacts &signal = facts.signal;
    if (signal.kind == FileKind::Missing)
        return pass(name, u"none is pending"_s);
    if (signal.age < kSignalTakes)
        return pass(name, u"one was written just now"_s);
    const QString age = formatDuration(signal.age);
    const QString path = facts.paths.wakeSignal();
    if (!facts.agent.isAlive())
        return fail(name, u"somebody asked for a wake %1 ago, and nobody came"_s.arg(age),
                    u"dormouse wake; then see the row autostart"_s);
    return fail(name, path + u" is %1 old: the agent cannot remove it"_s.arg(age),
                u"rm -rf %1 (if that is refused: lsattr, chattr -i, chmod u+w on the folder)"_s.arg(shellWord(path)));
}

} // namespace dormouse::doctor
