// SPDX-License-Identifier: MIT
#include "cli/installlaunchd.h"

#include "shared/control/servedroot.h"

#include <QFile>

namespace dormouse {
namespace {

using namespace Qt::Literals::StringLiterals;

constexpr QLatin1StringView kAgent{"io.dormouse.agent"}; // what a waker kickstarts: shared/control/installedlauncher_macos.cpp
constexpr int kBootstrapTries = 20;                      // launchd refuses a label for a moment after it has let go of it

} // namespace

LaunchdInstaller::LaunchdInstaller(InstallTool tool, QString home, qint64 uid)
    : m_tool(std::move(tool)), m_home(std::move(home)), m_domain(u"gui/%1"_s.arg(uid))
{
}

QString LaunchdInstaller::target(QLatin1StringView label) const
{
    return m_domain + u'/' + label;
}

QString LaunchdInstaller::propertyList(QLatin1StringView label) const
{
    return launchAgentPath(m_home, label);
}

std::optional<QString> LaunchdInstaller::absence() const
{
    const ToolOutcome answer = m_tool.look({u"print"_s, m_domain});
    if (answer.isDone())
        return std::nullopt;
    return u"launchd has no graphical session of this user ("_s + answer.complaint() + u')';
}

std::vector<InstallFile> LaunchdInstaller::agentFiles(const InstallFacts &facts, bool isSocketActivated) const
{
    return {{propertyList(kAgent), withMark(agentPropertyList(facts, isSocketActivated), CommentStyle::Xml)}};
}

std::vector<InstallFile> LaunchdInstaller::trayFiles(const InstallFacts &facts) const
{
    return {{propertyList(kTrayLabel), trayPropertyListFile(facts)}};
}

QStringList LaunchdInstaller::agentPaths() const
{
    return {propertyList(kAgent)};
}

QStringList LaunchdInstaller::trayPaths() const
{
    return {propertyList(kTrayLabel)};
}

QStringList LaunchdInstaller::commandIn(const QByteArray &content) const
{
    return commandOfPropertyList(content);
}

bool LaunchdInstaller::isSocketActivated() const
{
    const auto content = InstallFiles::read(propertyList(kAgent));
    return content && content.value() && content.value()->contains("<key>Sockets</key>");
}

bool LaunchdInstaller::isLoaded(QLatin1StringView label) const
{
    return m_tool.look({u"print"_s, target(label)}).isDone();
}

/// What `print` says is made for people: "\tpid = 812", "\tlast exit code = 0". Deeper ones speak of parts.
ManagedAgent LaunchdInstaller::look() const
{
    const ToolOutcome answer = m_tool.look({u"print"_s, target(kAgent)});
    ManagedAgent agent;
    agent.isLoaded = answer.isDone();
    if (!agent.isLoaded)
        return agent;
    for (const QByteArray &line : answer.output.split('\n')) {
        if (!line.startsWith('\t') || line.startsWith("\t\t"))
            continue;
        const qsizetype end = line.indexOf(" = ");
        const QByteArray key = line.mid(1, end - 1);
        const QByteArray value = line.mid(end + 3).trimmed();
        if (end > 0 && key == "pid")
            agent.pid = value.toLongLong();
        else if (end > 0 && key == "last exit code" && value == "0")
            agent.isEndedWell = true;
        else if (end > 0 && key == "last exit code" && !value.startsWith('('))
            agent.trouble = u"it ended with exit code "_s + QString::fromUtf8(value);
    }
    agent.isUp = agent.pid > 0;
    agent.isEndedWell = agent.isEndedWell && !agent.isUp;
    return agent;
}

/// Returns once launchd has let go of it: the agent may need as long as its services' stop_timeout.
Result<void> LaunchdInstaller::bootOut(QLatin1StringView label) const
{
    if (!isLoaded(label))
        return {};
    const Result<void> asked = m_tool.act({u"bootout"_s, target(label)});
    // launchctl itself may give up earlier than the agent ends, and says so with a failure.
    if (!asked && isLoaded(label) && !m_tool.waitUntil([this, label] { return !isLoaded(label); }, kStopWaitSeconds))
        return asked;
    if (!m_tool.waitUntil([this, label] { return !isLoaded(label); }, kStopWaitSeconds))
        return Error{ErrorCode::Busy, u"launchd does not let go of "_s + label, {}, 0};
    return {};
}

Result<void> LaunchdInstaller::bootstrap(QLatin1StringView label) const
{
    const ToolOutcome disabled = m_tool.look({u"print-disabled"_s, m_domain});
    for (const QByteArray &line : disabled.output.split('\n')) {
        const bool isOff = line.trimmed().endsWith("=> disabled") || line.trimmed().endsWith("=> true");
        if (!isOff || !line.contains(QByteArray('"' + QByteArray(label.data(), label.size()) + '"')))
            continue;
        if (auto enabled = m_tool.act({u"enable"_s, target(label)}); !enabled)
            return enabled;
    }
    Result<void> loaded;
    int tries = 0;
    static_cast<void>(m_tool.waitUntil(
        [&] {
            loaded = m_tool.act({u"bootstrap"_s, m_domain, propertyList(label)});
            return loaded.ok() || ++tries >= kBootstrapTries;
        },
        kBootstrapTries));
    if (m_tool.isRehearsal())
        return m_tool.act({u"bootstrap"_s, m_domain, propertyList(label)});
    return loaded;
}

Result<void> LaunchdInstaller::makeWay(const InstallChange &change)
{
    m_wasLoaded = isLoaded(kAgent);
    return change.changed.contains(propertyList(kAgent)) ? bootOut(kAgent) : Result<void>();
}

Result<void> LaunchdInstaller::load(const InstallChange &change)
{
    const bool isGone = m_tool.isRehearsal() && change.changed.contains(propertyList(kAgent));
    if (!isGone && isLoaded(kAgent))
        return {};
    if (auto loaded = bootstrap(kAgent); !loaded)
        return loaded;
    if (!m_tool.isRehearsal() && !isLoaded(kAgent))
        return Error{ErrorCode::Io, u"launchd took the property list and does not know the label "_s + kAgent, {}, 0};
    return {};
}

QStringList LaunchdInstaller::rollBack(const std::function<QStringList()> &undoFiles)
{
    QStringList failures;
    if (auto out = bootOut(kAgent); !out)
        failures.append(out.error().text());
    failures += undoFiles();
    if (m_wasLoaded) {
        if (auto loaded = bootstrap(kAgent); !loaded)
            failures.append(loaded.error().text());
    }
    return failures;
}

Result<void> LaunchdInstaller::unload()
{
    return bootOut(kAgent);
}

Result<void> LaunchdInstaller::forget()
{
    if (!m_tool.isRehearsal())
        QFile::remove(m_home + u"/Library/Logs/dormouse-agent.log"_s);
    return {};
}

/// A running one is left alone: it may be the one that asks. The new property list counts from the next login on.
Result<void> LaunchdInstaller::loadTray()
{
    return isLoaded(kTrayLabel) ? Result<void>() : bootstrap(kTrayLabel);
}

Result<void> LaunchdInstaller::unloadTray()
{
    return bootOut(kTrayLabel);
}

QString LaunchdInstaller::whereToLook() const
{
    return m_home + u"/Library/Logs/dormouse-agent.log"_s;
}

} // namespace dormouse
