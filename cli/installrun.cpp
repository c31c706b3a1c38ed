// SPDX-License-Identifier: MIT
#include "cli/installrun.h"

#include "cli/agentlink.h"
#include "shared/base/defaults.h"
#include "shared/base/text.h"
#include "shared/control/agentclient.h"
#include "shared/control/messages.h"
#include "shared/control/servedroot.h"
#include "shared/control/snapshot.h"

#include <QDir>
#include <QFileInfo>
#include <QThread>

namespace dormouse {
namespace {

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

constexpr unsigned long kAskPeriodMs = 100;

QString shortened(const QString &text)
{
    return sanitized(text, 1000);
}

bool waitUntil(const Clock &clock, Millis limit, const std::function<bool()> &isSo)
{
    const AwakeTime end = clock.now().awake + limit;
    while (!isSo()) {
        if (clock.now().awake >= end)
            return false;
        QThread::msleep(kAskPeriodMs);
    }
    return true;
}

} // namespace

InstallRun::InstallRun(const Context &context, ServiceInstaller &service, InstallFacts facts, InstallWish wish)
    : m_context(context), m_service(service), m_facts(std::move(facts)), m_wish(wish),
      m_files(wish.isRehearsal, [this](const QString &line) { say(line); })
{
}

void InstallRun::say(const QString &line) const
{
    m_context.out.line(line);
}

/// Whether a file may be written, and what becomes of the one that is there.
Result<InstallRun::Planned> InstallRun::plan(const InstallFile &file) const
{
    const auto before = InstallFiles::read(file.path);
    if (!before)
        return before.error();
    if (before.value() == file.content)
        return Planned{file, false, false};
    switch (originOf(before.value())) {
    case FileOrigin::Absent:
    case FileOrigin::Ours: return Planned{file, true, false};
    case FileOrigin::Edited:
        if (m_wish.isForced)
            return Planned{file, true, true};
        return Error{ErrorCode::Refused, u"this file was edited; --force replaces it and keeps the old one beside it"_s,
                     file.path, 0};
    case FileOrigin::Foreign: break;
    }
    if (m_wish.isForced)
        return Planned{file, true, true};
    return Error{ErrorCode::Refused,
                 u"this file is not one of `dormouse install`; --force replaces it and keeps the old one beside it"_s, file.path,
                 0};
}

/// One user, one installed agent: another root's is not taken away unasked.
Result<void> InstallRun::checkServed() const
{
    const QString path = m_service.agentPaths().constFirst();
    const auto before = InstallFiles::read(path);
    if (!before || !before.value() || m_wish.isForced)
        return {}; // what is wrong with the file is told elsewhere
    const QStringList command = m_service.commandIn(*before.value());
    if (command.isEmpty() || commandServes(command, m_context.paths, {}, QDir::homePath()))
        return {};
    return Error{ErrorCode::Refused,
                 u"the installed agent serves another root: "_s + command.join(u' ') + u"; --force takes its place"_s, path, 0};
}

Result<std::vector<InstallRun::Planned>> InstallRun::planAll(bool isSocketActivated) const
{
    if (auto served = checkServed(); !served)
        return served.error();
    std::vector<InstallFile> files = m_service.agentFiles(m_facts, isSocketActivated);
    if (m_wish.isTray) {
        for (const InstallFile &file : m_service.trayFiles(m_facts))
            files.push_back(file);
    }
    std::vector<Planned> planned;
    for (const InstallFile &file : files) {
        const auto one = plan(file);
        if (!one)
            return one.error();
        planned.push_back(one.value());
    }
    return planned;
}

int InstallRun::install()
{
    if (const auto absence = m_service.absence())
        return reportAbsence(*absence);
    // What is installed stays: only `uninstall --socket-activation` takes that away.
    return change(m_wish.isSocketActivated || m_service.isSocketActivated());
}

int InstallRun::change(bool isSocketActivated)
{
    const auto planned = planAll(isSocketActivated);
    if (!planned)
        return m_context.fail(planned.error());
    InstallChange change;
    for (const Planned &one : planned.value()) {
        if (one.isChanged)
            change.changed.append(one.file.path);
    }
    for (const QString &path : m_service.agentPaths()) {
        const bool isWanted = std::ranges::any_of(planned.value(), [&](const Planned &one) { return one.file.path == path; });
        if (!isWanted && QFileInfo::exists(path)) {
            if (auto removable = checkRemovable(path); !removable)
                return m_context.fail(removable.error());
            change.removed.append(path);
        }
    }
    const Result<void> done = carryOut(planned.value(), change);
    if (!done && m_wish.isRehearsal)
        return m_context.fail(done.error());
    if (!done) {
        m_context.err.line(u"dormouse: that failed; everything is put back as it was"_s);
        for (const QString &failure : m_service.rollBack([this] { return m_files.undo(); }))
            m_context.err.line(u"dormouse: "_s + shortened(failure));
        return m_context.fail(done.error());
    }
    if (m_wish.isRehearsal)
        say(u"nothing was changed (--dry-run)"_s);
    else if (change.changed.isEmpty() && change.removed.isEmpty())
        say(u"installed already; nothing had to be changed"_s);
    return kExitOk;
}

Result<void> InstallRun::carryOut(const std::vector<Planned> &planned, const InstallChange &change)
{
    if (!m_wish.isRehearsal) {
        if (auto ready = prepareRoot(m_context.paths); !ready)
            return ready;
    }
    const ManagedAgent before = m_service.look();
    if (auto made = m_service.makeWay(change); !made)
        return made;
    if (auto taken = takeOver(before); !taken)
        return taken;
    for (const Planned &one : planned) {
        if (!one.isChanged)
            continue;
        if (auto written = m_files.write(one.file, one.keepsOld); !written)
            return written;
    }
    for (const QString &path : change.removed) {
        if (auto removed = m_files.remove(path); !removed)
            return removed;
    }
    if (auto loaded = m_service.load(change); !loaded)
        return loaded;
    if (auto loaded = m_wish.isTray ? m_service.loadTray() : Result<void>(); !loaded)
        return loaded;
    return m_wish.isRehearsal ? Result<void>() : verify();
}

/// An agent that was started by hand makes room: it holds the lock, and perhaps the name of the socket.
Result<void> InstallRun::takeOver(const ManagedAgent &managed) const
{
    const auto holder = liveAgent(m_context.paths);
    if (!holder || holder->pid == managed.pid)
        return {};
    const QString who = u"the agent that was started by hand (pid %1)"_s.arg(holder->pid);
    if (m_wish.isRehearsal) {
        say(u"would stop "_s + who + u", and its services with it until the installed one starts them again"_s);
        return {};
    }
    say(u"stopping "_s + who + u", and its services with it until the installed one starts them again"_s);
    const Result<QJsonObject> answer = askAgent(m_context, {{control::key::kType, QString(control::type::kStop)}});
    if (!answer)
        return Error{ErrorCode::Busy, who + u" cannot be asked to stop: "_s + answer.error().text(), {}, 0};
    const auto isGone = [this] { return !liveAgent(m_context.paths); };
    if (!waitUntil(m_context.clock, std::chrono::seconds(kStopWaitSeconds), isGone))
        return Error{ErrorCode::Busy, who + u" does not end"_s, {}, 0};
    return {};
}

/// Installed is what answers, or what has looked and gone on hibernating.
Result<void> InstallRun::verify() const
{
    ManagedAgent seen;
    QString trouble; // the last that was told: while it is tried once more there is none
    std::optional<Snapshot> snapshot;
    bool isHibernated = false;
    const auto isThere = [&] {
        seen = m_service.look();
        trouble = seen.trouble.isEmpty() ? trouble : seen.trouble;
        const auto holder = liveAgent(m_context.paths);
        if (seen.isUp && holder && holder->pid == seen.pid) {
            const auto answer = askAgent(m_context, {{control::key::kType, QString(control::type::kStatus)}}, 1s);
            snapshot = answer && isAccepted(answer.value()) ? snapshotFromJson(answer.value()) : std::nullopt;
            return snapshot.has_value();
        }
        const auto record = readRecord(m_context.paths);
        isHibernated = !seen.isUp && seen.isEndedWell && record && record->state == State::Hibernation;
        return isHibernated;
    };
    if (!waitUntil(m_context.clock, defaults::kWakeWait, isThere)) {
        const QString why = trouble.isEmpty() ? QString() : QString(u": "_s + trouble);
        return Error{ErrorCode::Unavailable,
                     u"the agent did not answer within %1%2; see "_s.arg(formatDuration(defaults::kWakeWait), why)
                         + m_service.whereToLook(),
                     {},
                     0};
    }
    if (isHibernated)
        say(u"installed with %1: everything is hibernating, and the agent starts when it is woken"_s.arg(m_service.name()));
    else
        say(u"installed with %1: the agent (pid %2) answers, state %3"_s.arg(m_service.name())
                .arg(snapshot->pid)
                .arg(toString(snapshot->state)));
    return {};
}

int InstallRun::reportAbsence(const QString &absence) const
{
    const int code = m_context.fail(kExitFailure, absence + u"; nothing was installed"_s);
    const InstallFacts &facts = m_facts;
    QString text = u"The agent can be started by hand:\n  "_s + facts.agent + u" --root "_s + facts.root + u'\n';
    if (m_service.name() == u"systemd"_s) {
        text += u"or with your desktop session, by a file ~/.config/autostart/dormouse-agent.desktop that says:\n"_s;
        for (const QString &line : QString::fromUtf8(agentAutostart(facts)).split(u'\n', Qt::SkipEmptyParts))
            text += u"  "_s + line + u'\n';
    } else {
        text += u"or log in at the screen, and install it from a terminal there.\n"_s;
    }
    m_context.err.write(text);
    return code;
}

} // namespace dormouse
