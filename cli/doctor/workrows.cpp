// SPDX-License-Identifier: MIT
#include "cli/doctor/rows.h"

#include "cli/times.h"
#include "shared/base/defaults.h"
#include "shared/base/text.h"

#include <QJsonArray>

#include <algorithm>

namespace dormouse::doctor {
namespace {

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

constexpr int kFlapping = 30;           ///< transitions an hour: one every two minutes helps nobody
constexpr int kCrashesMany = 3;         ///< a day: one may be the user's doing
constexpr int kDeadMany = 100;          ///< heartbeats; each costs every scan a little
constexpr Millis kStuckAfter = 7 * 24h; ///< in DROWSY or SLEEP: longer than any quarantine or charge
constexpr int kCauseMax = 300;

QString counted(qint64 count, QLatin1StringView one, QLatin1StringView many)
{
    return QString::number(count) + u' ' + (count == 1 ? one : many);
}

QString pidList(const std::vector<Client> &clients)
{
    QStringList pids;
    for (const Client &client : clients) {
        if (client.pid > 0)
            pids.append(QString::number(client.pid));
    }
    return pids.mid(0, 20).join(u' ');
}

/// Marks that rows of their own tell already.
bool hasOwnRow(const QString &what)
{
    static const QStringList told{u"wake_signal"_s,   u"overflow"_s,      u"starvation"_s,     u"quarantine"_s,
                                  u"configuration"_s, u"python_daemon"_s, u"wrappers_folder"_s};
    return told.contains(what) || what.startsWith("service "_L1);
}

QString serviceTrouble(const Facts &facts, const ServiceView &service)
{
    if (facts.agent.snapshot) {
        for (const Attention &mark : facts.agent.snapshot->attention) {
            if (mark.what == QString(u"service "_s + service.name))
                return sanitized(mark.text, kCauseMax);
        }
    }
    return service.state == "failed"_L1 ? u"failed"_s : QString();
}

bool isQuarantined(const Facts &facts)
{
    return facts.cycle.value("quarantine"_L1).isObject();
}

} // namespace

Finding historyRow(const Facts &facts)
{
    const QString name = u"history"_s;
    const HistoryFacts &history = facts.history;
    const QString look = u"dormouse history"_s;
    if (history.mostInAnHour > kFlapping)
        return warn(
            name,
            u"%1 transitions within one hour: it flaps, and the services start and stop all the time"_s.arg(history.mostInAnHour),
            look + u"; raise timers.drowsy_after, or find out who comes and goes: dormouse wrappers"_s);
    if (history.crashes >= kCrashesMany)
        return warn(name, u"in 24 h the agent ended %1 times without a word: killed, or crashed"_s.arg(history.crashes),
                    look + u"; journalctl --user -u dormouse-agent, or coredumpctl list dormouse-agent"_s);
    if (!history.odd.isEmpty())
        return warn(name, u"it tells a transition that does not exist: "_s + history.odd,
                    u"another program writes there; see the rows lock and python daemon"_s);
    if (history.tornLines > 0)
        return warn(name, u"%1 of the log of these 24 h cannot be read"_s.arg(counted(history.tornLines, "line"_L1, "lines"_L1)),
                    u"nothing to mend: readers skip them. They come from a power cut or a full disk; see the row disk space"_s);
    const std::optional<Snapshot> &snapshot = facts.agent.snapshot;
    const bool isPassing = snapshot && (snapshot->state == State::Drowsy || snapshot->state == State::Sleep);
    if (isPassing && !snapshot->schedulerPaused && history.inState > kStuckAfter)
        return warn(name, u"in %1 for %2 by now"_s.arg(toString(snapshot->state), formatDuration(history.inState)),
                    u"dormouse why"_s);
    return pass(name, counted(history.transitions, "transition"_L1, "transitions"_L1) + u" in 24 h"_s);
}

Finding cycleRow(const Facts &facts)
{
    const QString name = u"sleep cycle"_s;
    if (isQuarantined(facts)) {
        const QJsonObject quarantine = facts.cycle.value("quarantine"_L1).toObject();
        return fail(name,
                    u"quarantined until %1: %2"_s.arg(localTimeOf(quarantine.value("until_ts"_L1).toString(), facts.now),
                                                      sanitized(quarantine.value("reason"_L1).toString(), kCauseMax)),
                    u"mend what failed (dormouse cycle), then: dormouse cycle reset-quarantine"_s);
    }
    const QJsonArray strikes = facts.cycle.value("strikes"_L1).toArray();
    for (const QJsonValue &value : strikes) {
        const QJsonObject strike = value.toObject();
        const qint64 count = strike.value("count"_L1).toInteger();
        if (count > 0)
            return warn(name,
                        u"step %1 has failed %2 in a row: %3"_s.arg(sanitized(strike.value("step"_L1).toString(), 60),
                                                                    counted(count, "time"_L1, "times"_L1),
                                                                    sanitized(strike.value("error"_L1).toString(), kCauseMax)),
                        u"dormouse cycle tells more; dormouse cycle run tries it now"_s);
    }
    const qint64 steps = facts.cycle.value("steps"_L1).toArray().size();
    return pass(name, counted(steps, "step"_L1, "steps"_L1) + u", none has failed lately"_s);
}

Finding starvationRow(const Facts &facts)
{
    const QString name = u"starvation"_s;
    const Millis starved = facts.history.starvedFor;
    if (starved < defaults::kStarvedAfter)
        return pass(name, u"%1 of running since the last sleep cycle"_s.arg(formatDuration(starved)));
    QString text = u"no sleep cycle has completed in %1 of running"_s.arg(formatDuration(starved));
    if (const qint64 deferrals = facts.cycle.value("deferrals"_L1).toInteger(); deferrals > 0)
        text += u"; put off %1 in a row"_s.arg(counted(deferrals, "time"_L1, "times"_L1));
    return warn(name, text, u"dormouse why tells what keeps it from sleeping; dormouse cycle run runs one now"_s);
}

Finding heartbeatsRow(const Facts &facts)
{
    const QString name = u"heartbeats"_s;
    const PresenceFacts &presence = facts.presence;
    if (!presence.error.isEmpty())
        return fail(name, u"clients cannot be seen: "_s + presence.error,
                    u"see the row rights; chmod 700 %1"_s.arg(shellWord(facts.paths.wrappers())));
    if (presence.isFolderMissing && facts.agent.isAlive())
        return fail(name, facts.paths.wrappers() + u" is missing: no client can write there"_s,
                    u"mkdir -m 700 %1"_s.arg(shellWord(facts.paths.wrappers())));
    if (presence.dead > kDeadMany)
        return warn(name, u"%1 of %2 heartbeat files are stale or orphaned"_s.arg(presence.dead).arg(presence.total),
                    u"dormouse clean"_s);
    return pass(name, u"%1, %2 stale or orphaned"_s.arg(counted(presence.total, "file"_L1, "files"_L1)).arg(presence.dead));
}

Finding overflowRow(const Facts &facts)
{
    const QString name = u"overflow"_s;
    if (facts.presence.overflow == 0)
        return pass(name, u"all heartbeat files are read"_s);
    return warn(
        name, u"%1 heartbeat files beyond the first %2 are not read"_s.arg(facts.presence.overflow).arg(defaults::kHeartbeatsMax),
        u"dormouse clean; then see who writes them: dormouse scan"_s);
}

Finding leakedRow(const Facts &facts)
{
    const QString name = u"leaked"_s;
    const std::vector<Client> &leaked = facts.presence.leaked;
    if (leaked.empty())
        return pass(name, u"no wrapper has outlived its host"_s);
    return warn(
        name,
        u"%1 outlived the program that started them"_s.arg(counted(qint64(leaked.size()), "wrapper has"_L1, "wrappers have"_L1)),
        u"end them: kill "_s + pidList(leaked));
}

Finding servicesRow(const Facts &facts)
{
    const QString name = u"services"_s;
    QStringList left;
    for (const ServiceView &service : facts.services) {
        const QString shown = sanitized(service.name, 64);
        if (const QString trouble = serviceTrouble(facts, service); !trouble.isEmpty())
            return fail(name, shown + u": "_s + trouble,
                        u"read %1, then: dormouse service %2 restart"_s.arg(
                            shellWord(facts.paths.logs() + u"/service-"_s + shown + u".log"_s), shown));
        if (!facts.agent.isAlive() && service.state == "running"_L1)
            left.append(shown);
    }
    if (!left.isEmpty())
        return warn(name, u"running with no agent to stop them: "_s + left.join(u", "_s),
                    u"dormouse wake: an agent takes them up"_s);
    if (facts.services.empty())
        return pass(name, u"none are configured"_s);
    return pass(name, counted(qint64(facts.services.size()), "service"_L1, "services"_L1) + u", none is in trouble"_s);
}

Finding pythonRow(const Facts &facts)
{
    const QString name = u"python daemon"_s;
    if (facts.pythonDaemons.empty())
        return pass(name, u"none runs that is not managed"_s);
    QStringList pids;
    for (const qint64 pid : facts.pythonDaemons)
        pids.append(QString::number(pid));
    return warn(name, u"an iai-mcp daemon that nobody manages uses this root: pid "_s + pids.join(u", "_s),
                u"make it a [[service]] in dormouse.toml, or end it: kill "_s + pids.join(u' '));
}

Finding idleRow(const Facts &facts)
{
    const QString name = u"idle source"_s;
    if (!facts.agent.isAlive())
        return pass(name, u"not asked while no agent runs"_s);
    if (!facts.agent.snapshot)
        return warn(name, u"not known while the agent does not answer"_s, u"see the row socket"_s);
    const QStringList sources = facts.agent.snapshot->idleSources;
    if (sources == QStringList(u"tray"_s))
        return pass(name, u"tray: the agent sees no input by itself, dormouse-tray reports it"_s);
    if (!sources.isEmpty())
        return pass(name, sanitized(sources.join(u", "_s)));
    const bool isRequired = facts.configuration.configuration && facts.configuration.configuration->settings.requireUserIdle;
    const QString text = isRequired ? u"none answers: sleep.require_user_idle is waived, heartbeats alone decide"_s
                                    : u"none answers: heartbeats alone decide whether somebody is there"_s;
    return warn(
        name, text,
        u"on a desktop run dormouse-tray, which reports it where it can see it; without one this is as good as it gets"_s);
}

Finding attentionRow(const Facts &facts)
{
    const QString name = u"attention"_s;
    if (!facts.agent.snapshot)
        return pass(name, u"no marks are known without an agent that answers"_s);
    for (const Attention &mark : facts.agent.snapshot->attention) {
        if (!hasOwnRow(mark.what))
            return warn(name, sanitized(mark.text, kCauseMax),
                        u"see to it, then: dormouse acknowledge %1"_s.arg(sanitized(mark.what, 60)));
    }
    if (facts.agent.snapshot->lastError)
        return warn(name, u"last error: "_s + sanitized(*facts.agent.snapshot->lastError, kCauseMax),
                    u"dormouse status; it goes once it works again"_s);
    return pass(name, u"no other mark"_s);
}

} // namespace dormouse::doctor
