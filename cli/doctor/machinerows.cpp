// SPDX-License-Identifier: MIT
#include "cli/doctor/rows.h"

#include "shared/base/defaults.h"
#include "shared/base/text.h"
#include "shared/records/timestamp.h"

#include <QDir>

#include <algorithm>

namespace dormouse::doctor {
namespace {

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

constexpr qint64 kDiskNeeded = 1'000'000;   ///< record, memory, and a day of the log
constexpr qint64 kDiskWanted = 100'000'000; ///< logs of services may come to 40 MB each
constexpr qint64 kFilesNeeded = 16;         ///< temporaries of atomic writes
constexpr qint64 kWatchesOfAgent = 2;       ///< the root and wrappers/
constexpr Millis kAheadAllowed = defaults::kStaleAfter;
constexpr int kTextMax = 600; ///< characters; paths are long
// This program is younger than that; a clock before it has never been set.
constexpr WallTime kEarliest = std::chrono::sys_days(std::chrono::year(2024) / 1 / 1);

QString counted(qint64 count, const QString &noun)
{
    return QString::number(count) + u' ' + noun + (count == 1 ? QString() : u"s"_s);
}

Finding triggerFinding(const QString &name, const AutostartFacts &facts, const QString &good)
{
    if (facts.trigger.isEmpty())
        return fail(name, u"nothing watches for wake.signal: once hibernated, clients cannot wake it"_s, u"dormouse install"_s);
    if (!facts.isTriggerRight)
        return fail(name, facts.trigger + u" watches another wake.signal"_s, u"dormouse install"_s);
    if (facts.triggerState == "failed"_L1 || facts.triggerState == "inactive"_L1)
        return fail(name,
                    u"what watches for wake.signal is %1: once hibernated, clients cannot wake it"_s.arg(facts.triggerState),
                    facts.triggerCommand);
    return pass(name, good);
}

/// How far ahead of the clock a time stamp is; nothing when it is not, or is no time.
std::optional<Millis> aheadOf(const QString &stamp, WallTime now)
{
    const std::optional<WallTime> time = parseTimestamp(stamp);
    if (!time || *time - now <= kAheadAllowed)
        return std::nullopt;
    return std::chrono::duration_cast<Millis>(*time - now);
}

std::optional<Millis> recordAhead(const Facts &facts)
{
    if (!facts.record.record)
        return std::nullopt;
    return std::max(aheadOf(facts.record.record->sinceTs, facts.now), aheadOf(facts.record.record->lastActivityTs, facts.now));
}

} // namespace

Finding rootRow(const Facts &facts)
{
    const QString name = u"root"_s;
    const QString store = facts.storeVariable;
    if (!store.isEmpty() && QDir::cleanPath(store) != facts.defaultRoot)
        return warn(
            name,
            u"IAI_MCP_STORE is set to %1: the Python side moves only a part of its files there, and the Node wrapper none"_s.arg(
                sanitized(store)),
            u"unset it, and name the root by DORMOUSE_ROOT or --root instead"_s);
    return pass(name, sanitized(facts.paths.root, kTextMax));
}

Finding rightsRow(const Facts &facts)
{
    const QString name = u"rights"_s;
    const RightsFacts &rights = facts.rights;
    if (rights.wrong.empty()) {
        const QString looked = counted(rights.looked, u"file"_s);
        return pass(name, looked + (rights.isCut ? u" looked at, the rest was not"_s : u", yours alone"_s));
    }
    const WrongRight &first = rights.wrong.front();
    const QString more = rights.wrongCount > 1 ? u"; and %1 more"_s.arg(rights.wrongCount - 1) : QString();
    const QString text = sanitized(QString(first.path + u' ' + first.what + more), kTextMax);
    QStringList remedies;
    for (const WrongRight &wrong : rights.wrong) {
        if (!remedies.contains(wrong.remedy))
            remedies.append(wrong.remedy);
    }
    const QString remedy = remedies.mid(0, 3).join(u"; "_s);
    return first.isGrave ? fail(name, text, remedy) : warn(name, text, remedy);
}

Finding configurationRow(const Facts &facts)
{
    const QString name = u"configuration"_s;
    const ConfigurationFacts &configuration = facts.configuration;
    if (!configuration.error.isEmpty()) {
        const QString more =
            configuration.errors > 1 ? u"; %1 in all"_s.arg(counted(configuration.errors, u"error"_s)) : QString();
        return fail(name, sanitized(QString(configuration.error + more), kTextMax), configuration.remedy);
    }
    if (!configuration.isThere)
        return pass(name, u"there is no dormouse.toml: the defaults hold"_s);
    return pass(name, counted(qint64(configuration.configuration->steps.size()), u"step"_s) + u", "_s
                          + counted(qint64(configuration.configuration->services.size()), u"service"_s));
}

Finding commandsRow(const Facts &facts)
{
    const QString name = u"commands"_s;
    const ConfigurationFacts &configuration = facts.configuration;
    if (!configuration.configuration)
        return pass(name, u"not known, see the row configuration"_s);
    if (configuration.missing.empty())
        return pass(name, configuration.programs == 0 ? u"none are configured"_s
                                                      : QString(counted(configuration.programs, u"program"_s) + u" found"_s));
    const MissingProgram &first = configuration.missing.front();
    const std::size_t others = configuration.missing.size() - 1;
    const QString more = others > 0 ? u"; and %1 more"_s.arg(others) : QString();
    return fail(name,
                sanitized(u"%1: \"%2\" is not found on the agent's PATH, %3 (%4)%5"_s.arg(
                              first.where, first.program, configuration.path.path, configuration.path.origin, more),
                          kTextMax),
                sanitized(first.remedy, kTextMax));
}

Finding diskRow(const Facts &facts)
{
    const QString name = u"disk space"_s;
    const DiskFacts &disk = facts.disk;
    if (!disk.error.isEmpty())
        return fail(name, u"the root's file system cannot be asked: "_s + disk.error,
                    u"look at its mount: df %1"_s.arg(shellWord(facts.paths.root)));
    if (disk.isReadOnly)
        return fail(name, u"the root's file system is mounted read-only"_s, u"mount it for writing, or use another --root"_s);
    const QString free = formatBytes(disk.freeBytes) + u" free"_s;
    const QString remedy = u"make room on the file system of %1 (df -h; logs/ may be large)"_s.arg(facts.paths.root);
    if (disk.freeBytes < kDiskNeeded)
        return fail(name, u"full: "_s + free + u"; nothing the agent does can be kept"_s, remedy);
    if (disk.freeFiles && *disk.freeFiles < kFilesNeeded)
        return fail(name, u"no room for new files, although "_s + free, u"remove files there (df -i)"_s);
    if (disk.freeBytes < kDiskWanted)
        return warn(name, u"nearly full: "_s + free, remedy);
    return pass(name, free);
}

Finding autostartRow(const Facts &facts)
{
    const QString name = u"autostart"_s;
    const AutostartFacts &autostart = facts.autostart;
    if (autostart.isMasked)
        return fail(name, autostart.unit + u" is masked: nothing can start the agent"_s,
                    u"systemctl --user unmask dormouse-agent.service"_s);
    if (autostart.unit.isEmpty())
        return warn(name, u"not installed: nothing starts the agent at login, or when a client writes wake.signal"_s,
                    u"dormouse install"_s);
    if (autostart.command.isEmpty())
        return fail(name, autostart.unit + u" names no command"_s, u"dormouse install"_s);
    const QString program = sanitized(autostart.command.constFirst());
    if (!autostart.isProgramThere)
        return fail(name, u"%1 starts %2, which is not there"_s.arg(autostart.unit, program), u"dormouse install"_s);
    if (!autostart.servesThis)
        return warn(name, u"%1 serves another root than this one"_s.arg(autostart.unit),
                    u"dormouse --root ROOT doctor for that one, or: dormouse install --root "_s + shellWord(facts.paths.root));
    if (autostart.isEnabled && !*autostart.isEnabled)
        return fail(name, u"%1 is not enabled: it does not start at login"_s.arg(autostart.unit), autostart.enableCommand);
    if (!autostart.isExpected && !autostart.expectedProgram.isEmpty())
        return warn(name, u"it starts %1, not %2, which belongs to this command"_s.arg(program, autostart.expectedProgram),
                    u"dormouse install"_s);
    return triggerFinding(name, autostart, u"installed and enabled: "_s + autostart.unit);
}

Finding watchesRow(const Facts &facts)
{
    const QString name = u"watcher limits"_s;
    if (!facts.watches)
        return pass(name, u"this system has none"_s);
    const WatchFacts &watches = *facts.watches;
    const QString more = u"; until then it looks at each tick only. As root: sysctl "_s;
    const QString moreInstances =
        u"close programs that watch files, or raise the limit"_s + more
        + u"fs.inotify.max_user_instances=%1"_s.arg(std::max<qint64>(256, watches.maxInstances.value_or(0) * 2));
    const QString moreWatches =
        u"close programs that watch files, or raise the limit"_s + more
        + u"fs.inotify.max_user_watches=%1"_s.arg(std::max<qint64>(65536, watches.maxWatches.value_or(0) * 2));
    const bool outOfInstances = watches.maxInstances && watches.instances >= *watches.maxInstances;
    if (watches.agentInstances && *watches.agentInstances == 0)
        return warn(name, u"the agent has no inotify instance: it sees wrappers at its tick only"_s, moreInstances);
    if (watches.agentWatches && *watches.agentWatches < kWatchesOfAgent)
        return warn(name, u"the agent could not watch its folders: it sees wrappers at its tick only"_s, moreWatches);
    const bool hasAgent = watches.agentInstances.has_value();
    if (!hasAgent && outOfInstances)
        return warn(name, u"all %1 inotify instances are in use: an agent could not watch"_s.arg(*watches.maxInstances),
                    moreInstances);
    if (!hasAgent && watches.maxWatches && watches.watches + kWatchesOfAgent > *watches.maxWatches)
        return warn(name, u"all %1 inotify watches are in use: an agent could not watch"_s.arg(*watches.maxWatches), moreWatches);
    const auto bound = [](const std::optional<qint64> &limit) { return limit ? QString::number(*limit) : u"?"_s; };
    return pass(name, u"%1 of %2 instances, %3 of %4 watches in use"_s.arg(
                          QString::number(watches.instances), bound(watches.maxInstances), QString::number(watches.watches),
                          bound(watches.maxWatches)));
}

Finding clockRow(const Facts &facts)
{
    const QString name = u"clock"_s;
    const QString now = formatTimestamp(facts.now);
    const QString remedy = u"set the clock (timedatectl set-ntp true); if it is right now, dormouse wake writes fresh times"_s;
    if (facts.now < kEarliest)
        return fail(name, u"it says %1, which cannot be"_s.arg(now), u"set the clock: timedatectl set-ntp true"_s);
    if (const std::optional<Millis> ahead = recordAhead(facts))
        return fail(name,
                    u"the record is %1 in the future: the clock was set back, or had been wrong"_s.arg(formatDuration(*ahead)),
                    remedy);
    if (facts.history.newest && *facts.history.newest - facts.now > kAheadAllowed)
        return warn(name,
                    u"the event log reaches %1 into the future"_s.arg(
                        formatDuration(std::chrono::duration_cast<Millis>(*facts.history.newest - facts.now))),
                    remedy);
    if (facts.presence.inFuture > 0)
        return warn(name, u"%1 from the future, which do not count"_s.arg(counted(facts.presence.inFuture, u"heartbeat"_s)),
                    remedy);
    return pass(name, u"no time stamp is ahead of it"_s);
}

std::vector<Finding> diagnose(const Facts &facts)
{
    constexpr Finding (*rows[])(const Facts &) = {
        agentRow,      socketRow,        lockRow,     recordRow, legacyRow,    hibernationRow, signalRow, historyRow,   cycleRow,
        starvationRow, heartbeatsRow,    overflowRow, leakedRow, servicesRow,  pythonRow,      idleRow,   attentionRow, rootRow,
        rightsRow,     configurationRow, commandsRow, diskRow,   autostartRow, watchesRow,     clockRow,
    };
    std::vector<Finding> findings;
    for (const auto row : rows)
        findings.push_back(row(facts));
    return findings;
}

} // namespace dormouse::doctor
