// SPDX-License-Identifier: MIT
// The end of an installation, and what an installation is made of on this machine. The beginning is in installrun.cpp.
#include "cli/installrun.h"

#include "cli/agentlink.h"
#include "shared/control/servedroot.h"
#include "shared/startup/traystart.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>

#include <unistd.h>

namespace dormouse {
namespace {

using namespace Qt::Literals::StringLiterals;

QString siblingProgram(const QString &name)
{
    const QFileInfo program(QCoreApplication::applicationDirPath() + u'/' + name);
    return program.isFile() && program.isExecutable() ? lastingPath(program.absoluteFilePath()) : QString();
}

} // namespace

Result<void> checkOwnHome()
{
    const QString home = QDir::homePath();
    if (QFileInfo(home).ownerId() == ::geteuid())
        return {};
    return Error{ErrorCode::Permission,
                 u"this home folder belongs to somebody else; run it as the user it is for, without sudo"_s, home, 0};
}

Result<InstallFacts> gatherFacts(const Context &context, bool isTray)
{
    InstallFacts facts;
    facts.agent = siblingProgram(u"dormouse-agent"_s);
    if (facts.agent.isEmpty())
        return Error{ErrorCode::Configuration, u"dormouse-agent is not beside this program"_s,
                     QCoreApplication::applicationDirPath(), 0};
    facts.tray = siblingProgram(u"dormouse-tray"_s);
    if (isTray && facts.tray.isEmpty())
        return Error{ErrorCode::Configuration, u"dormouse-tray is not beside this program"_s,
                     QCoreApplication::applicationDirPath(), 0};
    facts.root = context.paths.root;
    facts.socket = context.socket;
    facts.searchPath = usableSearchPath(qEnvironmentVariable("PATH"));
    facts.logs = QDir::homePath() + u"/Library/Logs"_s;
    if (auto usable = checkFacts(facts); !usable)
        return usable.error();
    return facts;
}

Result<void> InstallRun::checkRemovable(const QString &path) const
{
    const auto content = InstallFiles::read(path);
    if (!content)
        return content.error();
    switch (originOf(content.value())) {
    case FileOrigin::Absent:
    case FileOrigin::Ours: return {};
    case FileOrigin::Edited:
        if (m_wish.isForced)
            return {};
        return Error{ErrorCode::Refused, u"this file was edited; --force removes it all the same"_s, path, 0};
    case FileOrigin::Foreign: break;
    }
    if (m_wish.isForced)
        return {};
    return Error{ErrorCode::Refused, u"this file is not one of `dormouse install`; --force removes it all the same"_s, path, 0};
}

int InstallRun::uninstall()
{
    const bool isAll = !m_wish.isTray && !m_wish.isSocketActivated;
    if (m_wish.isSocketActivated) {
        if (!m_service.isSocketActivated()) {
            say(u"socket activation is not installed"_s);
        } else {
            const bool isTray = std::exchange(m_wish.isTray, false);
            if (const int code = change(false); code != kExitOk)
                return code;
            m_wish.isTray = isTray;
        }
    }
    QStringList paths = isAll ? m_service.agentPaths() : QStringList();
    if (isAll || m_wish.isTray)
        paths += m_service.trayPaths();
    paths.removeIf([](const QString &path) { return !QFileInfo::exists(path) && !QFileInfo(path).isSymLink(); });
    if (isAll) {
        if (auto served = checkServed(); !served)
            return m_context.fail(served.error());
    }
    for (const QString &path : paths) {
        if (auto removable = checkRemovable(path); !removable)
            return m_context.fail(removable.error());
    }
    if (paths.isEmpty() && !m_wish.isSocketActivated) {
        say(u"nothing is installed"_s);
        return kExitOk;
    }
    Result<void> done = isAll ? removeAll() : Result<void>();
    if (done && (isAll || m_wish.isTray))
        done = removeTray();
    if (!done)
        return m_context.fail(done.error());
    if (m_wish.isRehearsal)
        say(u"nothing was changed (--dry-run)"_s);
    else if (isAll)
        say(u"uninstalled; your data stays in "_s + m_context.paths.root);
    return kExitOk;
}

Result<void> InstallRun::removeFiles(const QStringList &paths)
{
    for (const QString &path : paths) {
        if (auto removed = m_files.remove(path); !removed)
            return removed;
        m_files.removeEmpty(QFileInfo(path).absolutePath(), QDir::homePath());
        const QString dropIns = path + u".d"_s;
        if (QFileInfo(dropIns).isDir())
            say(u"left: your own settings in "_s + dropIns);
    }
    return {};
}

Result<void> InstallRun::removeAll()
{
    if (!m_service.absence()) { // without a manager nothing of its runs, and the files go all the same
        if (auto unloaded = m_service.unload(); !unloaded)
            return unloaded;
    }
    if (auto removed = removeFiles(m_service.agentPaths()); !removed)
        return removed;
    if (auto forgotten = m_service.forget(); !forgotten)
        return forgotten;
    for (const QString &path : m_service.agentPaths())
        m_files.removeEmpty(QFileInfo(path).absolutePath(), QDir::homePath());
    return {};
}

Result<void> InstallRun::removeTray()
{
    if (!m_service.absence()) {
        if (auto unloaded = m_service.unloadTray(); !unloaded)
            return unloaded;
    }
    return removeFiles(m_service.trayPaths());
}

} // namespace dormouse
