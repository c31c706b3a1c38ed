// SPDX-License-Identifier: MIT
#include "cli/installsystemd.h"

#include "shared/control/servedroot.h"

#include <QDir>
#include <QFileInfo>

#include <array>

namespace dormouse {
namespace {

using namespace Qt::Literals::StringLiterals;

constexpr int kStartWaitSeconds = 10;

constexpr QLatin1StringView kService{"dormouse-agent.service"}; // what a waker starts: shared/control/installedlauncher_linux.cpp
constexpr QLatin1StringView kPath{"dormouse-agent-wake.path"};
constexpr QLatin1StringView kSocket{"dormouse-agent.socket"};

/// In the order in which they are started: nobody is to connect, or to write the signal, while it is heard by none.
constexpr std::array kUnits{kSocket, kPath, kService};

} // namespace

SystemdInstaller::SystemdInstaller(InstallTool tool, QString configuration, QString data)
    : m_tool(std::move(tool)), m_configuration(std::move(configuration)), m_data(std::move(data))
{
}

QString SystemdInstaller::unitPath(QLatin1StringView unit) const
{
    return m_configuration + u"/systemd/user/"_s + unit;
}

std::optional<QString> SystemdInstaller::absence() const
{
    if (m_tool.program().isEmpty())
        return u"there is no systemctl on this machine"_s;
    const ToolOutcome answer = m_tool.look({u"show"_s, u"--property=Version"_s});
    if (answer.isDone())
        return std::nullopt;
    return u"no systemd user manager answers ("_s + answer.complaint() + u')';
}

std::vector<InstallFile> SystemdInstaller::agentFiles(const InstallFacts &facts, bool isSocketActivated) const
{
    std::vector<InstallFile> files{{unitPath(kService), withMark(agentService(facts), CommentStyle::Hash)},
                                   {unitPath(kPath), withMark(wakePath(facts), CommentStyle::Hash)}};
    if (isSocketActivated)
        files.push_back({unitPath(kSocket), withMark(agentSocket(facts), CommentStyle::Hash)});
    return files;
}

std::vector<InstallFile> SystemdInstaller::trayFiles(const InstallFacts &facts) const
{
    const QStringList paths = trayPaths();
    return {{paths.at(0), trayAutostartFile(facts)},
            {paths.at(1), withMark(trayEntry(facts), CommentStyle::Hash)},
            {paths.at(2), withMark(trayIcon(), CommentStyle::Xml)}};
}

QStringList SystemdInstaller::agentPaths() const
{
    return {unitPath(kService), unitPath(kPath), unitPath(kSocket)};
}

QStringList SystemdInstaller::trayPaths() const
{
    return {trayAutostartPath(m_configuration), m_data + u"/applications/dormouse-tray.desktop"_s,
            m_data + u"/icons/hicolor/scalable/apps/dormouse.svg"_s};
}

QStringList SystemdInstaller::commandIn(const QByteArray &content) const
{
    return commandOfUnit(content, QDir::homePath());
}

bool SystemdInstaller::isSocketActivated() const
{
    return QFileInfo::exists(unitPath(kSocket));
}

SystemdInstaller::Properties SystemdInstaller::show(QLatin1StringView unit) const
{
    Properties properties;
    const ToolOutcome answer = m_tool.look(
        {u"show"_s,
         u"--property=LoadState,ActiveState,UnitFileState,FragmentPath,MainPID,Result,ExecMainCode,ExecMainStatus,NeedDaemonReload"_s,
         u"--"_s, unit});
    for (const QByteArray &line : answer.output.split('\n')) {
        if (const qsizetype equals = line.indexOf('='); equals > 0)
            properties.insert(line.left(equals), line.mid(equals + 1).trimmed());
    }
    return properties;
}

bool SystemdInstaller::isActive(QLatin1StringView unit) const
{
    const QByteArray state = show(unit).value("ActiveState");
    return !state.isEmpty() && state != "inactive" && state != "failed";
}

ManagedAgent SystemdInstaller::look() const
{
    const Properties unit = show(kService);
    const QByteArray active = unit.value("ActiveState");
    ManagedAgent agent;
    agent.isLoaded = unit.value("LoadState") == "loaded";
    agent.pid = unit.value("MainPID").toLongLong();
    agent.isUp = active == "active" && agent.pid > 0;
    agent.isEndedWell = active == "inactive" && unit.value("Result") == "success";
    if (!agent.isUp && unit.value("ExecMainCode") == "1" && unit.value("ExecMainStatus") != "0")
        agent.trouble = u"it ended with exit code "_s + QString::fromLatin1(unit.value("ExecMainStatus"));
    else if (!agent.isUp && unit.value("Result") != "success")
        agent.trouble = u"systemd says: "_s + QString::fromLatin1(unit.value("Result"));
    return agent;
}

/// Stopping may last as long as the services need; systemd kills the agent before this gives up.
Result<void> SystemdInstaller::stopAgent() const
{
    if (!isActive(kService))
        return {};
    if (auto asked = m_tool.act({u"--no-block"_s, u"stop"_s, kService}); !asked)
        return asked;
    if (!m_tool.waitUntil([this] { return !isActive(kService); }, kStopWaitSeconds))
        return Error{ErrorCode::Busy, u"the agent does not end"_s, {}, 0};
    return {};
}

Result<void> SystemdInstaller::disable(QLatin1StringView unit) const
{
    const Properties seen = show(unit);
    if (seen.value("LoadState") != "loaded")
        return {};
    if (unit != kService)
        return m_tool.act({u"disable"_s, u"--now"_s, unit});
    if (auto stopped = stopAgent(); !stopped)
        return stopped;
    return m_tool.act({u"disable"_s, unit});
}

Result<void> SystemdInstaller::makeWay(const InstallChange &change)
{
    for (const QLatin1StringView unit : kUnits) {
        const Properties seen = show(unit);
        if (seen.value("UnitFileState") == "enabled")
            m_enabledBefore.append(unit);
        const QByteArray state = seen.value("ActiveState");
        if (!state.isEmpty() && state != "inactive" && state != "failed")
            m_activeBefore.append(unit);
    }
    if (change.removed.contains(unitPath(kSocket))) {
        if (auto disabled = disable(kSocket); !disabled)
            return disabled;
    }
    for (const QLatin1StringView unit : {kSocket, kPath}) {
        if (!m_activeBefore.contains(unit) || !change.changed.contains(unitPath(unit)))
            continue;
        if (auto stopped = m_tool.act({u"stop"_s, unit}); !stopped)
            return stopped;
    }
    // A socket unit does not start while its service runs without it, and one that goes leaves the service without a name to be reached by.
    const bool isStopDue = change.changed.contains(unitPath(kService)) || change.changed.contains(unitPath(kSocket))
                           || change.removed.contains(unitPath(kSocket))
                           || (isSocketActivated() && !m_activeBefore.contains(kSocket));
    return isStopDue ? stopAgent() : Result<void>();
}

Result<void> SystemdInstaller::load(const InstallChange &change)
{
    if (auto reloaded = m_tool.act({u"daemon-reload"_s}); !reloaded)
        return reloaded;
    for (const QLatin1StringView unit : kUnits) {
        const bool isWanted = unit != kSocket || change.changed.contains(unitPath(unit)) || QFileInfo::exists(unitPath(unit));
        if (!isWanted || change.removed.contains(unitPath(unit)))
            continue;
        if (!m_tool.isRehearsal()) {
            const QString read = QString::fromUtf8(show(unit).value("FragmentPath"));
            if (QFileInfo(read).canonicalFilePath() != QFileInfo(unitPath(unit)).canonicalFilePath())
                return Error{ErrorCode::Configuration,
                             u"the user manager reads "_s + (read.isEmpty() ? u"no such unit"_s : read)
                                 + u" instead of what was written"_s,
                             unitPath(unit), 0};
        }
        if (auto enabled = m_tool.act({u"enable"_s, u"--now"_s, unit}); !enabled)
            return enabled;
        if (unit != kService && !m_tool.waitUntil([this, unit] { return isActive(unit); }, kStartWaitSeconds))
            return Error{
                ErrorCode::Io, unit + u" does not become active: "_s + QString::fromLatin1(show(unit).value("Result")), {}, 0};
    }
    return {};
}

QStringList SystemdInstaller::rollBack(const std::function<QStringList()> &undoFiles)
{
    QStringList failures;
    const auto note = [&failures](const Result<void> &result) {
        if (!result)
            failures.append(result.error().text());
    };
    for (const QLatin1StringView unit : kUnits) {
        if (!m_enabledBefore.contains(unit))
            note(disable(unit));
    }
    failures += undoFiles();
    note(m_tool.act({u"daemon-reload"_s}));
    for (const QLatin1StringView unit : kUnits) {
        if (m_enabledBefore.contains(unit) && show(unit).value("UnitFileState") != "enabled")
            note(m_tool.act({u"enable"_s, unit}));
        if (m_activeBefore.contains(unit))
            note(m_tool.act({u"--no-block"_s, u"start"_s, unit}));
    }
    return failures;
}

Result<void> SystemdInstaller::unload()
{
    for (const QLatin1StringView unit : kUnits) {
        if (auto disabled = disable(unit); !disabled)
            return disabled;
    }
    return {};
}

Result<void> SystemdInstaller::forget()
{
    // Where no manager could be asked to disable them.
    const QDir folder(QFileInfo(unitPath(kService)).absolutePath());
    for (const QString &wants : folder.entryList({u"*.wants"_s}, QDir::Dirs)) {
        for (const QLatin1StringView unit : kUnits) {
            const QString link = folder.filePath(wants + u'/' + unit);
            if (!m_tool.isRehearsal() && QFileInfo(link).isSymLink())
                QFile::remove(link);
        }
        if (!m_tool.isRehearsal())
            folder.rmdir(wants);
    }
    if (absence())
        return {};
    if (auto reloaded = m_tool.act({u"daemon-reload"_s}); !reloaded)
        return reloaded;
    for (const QLatin1StringView unit : kUnits) {
        if (show(unit).value("ActiveState") == "failed")
            static_cast<void>(m_tool.act({u"reset-failed"_s, unit})); // refused for one that it has forgotten by then
    }
    return {};
}

QString SystemdInstaller::whereToLook() const
{
    return u"journalctl --user -u dormouse-agent"_s;
}

} // namespace dormouse
