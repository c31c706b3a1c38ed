// SPDX-License-Identifier: MIT
#include "cli/doctor/gathering.h"

#include "cli/doctor/finding.h"

#include <QDirIterator>
#include <QFile>
#include <QFileInfo>

#include <algorithm>

#include <sys/stat.h>
#include <unistd.h>

namespace dormouse::doctor {
namespace {

using namespace Qt::Literals::StringLiterals;

constexpr int kLookedMax = 50'000; ///< the Python side may keep a database there
constexpr std::size_t kToldMax = 16;
constexpr mode_t kOthers = S_IRWXG | S_IRWXO;
constexpr mode_t kOthersWrite = S_IWGRP | S_IWOTH;

/// Collects what is wrong, one path after the other.
class Inspection
{
public:
    Inspection(const RootPaths &paths, const QString &socket)
        : m_paths(paths),
          m_files{paths.record(), paths.lifecycleLock(), paths.agentLock(), paths.daemonState(), paths.memory(), paths.services(),
                  socket},
          m_folders{paths.wrappers(), paths.logs()}
    {
    }

    RightsFacts run()
    {
        look(m_paths.root, true);
        if (const Result<QString> open = folderOpenAbove(m_paths.root); open && !open.value().isEmpty())
            add(open.value(), u"can be written by everybody, who could put another root in the place of yours"_s,
                u"chmod o-w %1"_s, true);
        QDirIterator files(m_paths.root, QDir::AllEntries | QDir::Hidden | QDir::System | QDir::NoDotAndDotDot,
                           QDirIterator::Subdirectories);
        while (files.hasNext()) {
            const QString path = files.next();
            if (m_facts.looked >= kLookedMax) {
                m_facts.isCut = true;
                break;
            }
            look(path, false);
        }
        std::ranges::stable_partition(m_facts.wrong, &WrongRight::isGrave);
        if (m_facts.wrong.size() > kToldMax)
            m_facts.wrong.resize(kToldMax);
        return m_facts;
    }

private:
    void look(const QString &path, bool isRoot)
    {
        struct stat info {
        };
        const QByteArray name = QFile::encodeName(path);
        if ((isRoot ? ::stat(name.constData(), &info) : ::lstat(name.constData(), &info)) != 0)
            return; // it went meanwhile; a missing root is told by other rows
        ++m_facts.looked;
        if (isRoot || m_folders.contains(path))
            lookAtFolder(path, info);
        else if (m_files.contains(path) || path.startsWith(m_paths.logs() + u'/'))
            lookAtFile(path, info);
        else
            lookAtForeign(path, info);
    }

    void lookAtFolder(const QString &path, const struct stat &info)
    {
        if (!S_ISDIR(info.st_mode))
            return add(path, u"is no real folder: the agent does not use it"_s, u"mv %1 %1.aside; dormouse wake"_s, true);
        if (isForeign(path, info, true))
            return;
        const QString remedy = u"chmod 700 %1"_s;
        if ((info.st_mode & S_IRWXU) != S_IRWXU)
            add(path, u"cannot be used by yourself (mode %1)"_s.arg(octal(info)), remedy, true);
        else if ((info.st_mode & kOthersWrite) != 0)
            add(path, u"can be written by others (mode %1)"_s.arg(octal(info)), remedy, true);
        else if ((info.st_mode & kOthers) != 0)
            add(path, u"is open to others (mode %1)"_s.arg(octal(info)), remedy, false);
    }

    void lookAtFile(const QString &path, const struct stat &info)
    {
        if (S_ISLNK(info.st_mode) || isForeign(path, info, true))
            return; // links are told by the row of what stands there
        const QString remedy = u"chmod 600 %1"_s;
        constexpr mode_t own = S_IRUSR | S_IWUSR;
        if (!S_ISDIR(info.st_mode) && (info.st_mode & own) != own)
            add(path, u"cannot be read and written by yourself (mode %1)"_s.arg(octal(info)), remedy, true);
        else if ((info.st_mode & kOthersWrite) != 0)
            add(path, u"can be written by others (mode %1)"_s.arg(octal(info)), remedy, true);
        else if (!S_ISDIR(info.st_mode) && (info.st_mode & kOthers) != 0)
            add(path, u"is open to others (mode %1)"_s.arg(octal(info)), remedy, false);
    }

    /// Wrappers' files, the Python side's, the user's own: no more than that nobody else may change them.
    void lookAtForeign(const QString &path, const struct stat &info)
    {
        if (path == m_paths.configuration() || isForeign(path, info, false))
            return; // the configuration has a row of its own
        const bool isFileOrFolder = S_ISREG(info.st_mode) || S_ISDIR(info.st_mode);
        if (isFileOrFolder && (info.st_mode & kOthersWrite) != 0)
            add(path, u"can be written by others (mode %1)"_s.arg(octal(info)), u"chmod go-w %1"_s, false);
    }

    bool isForeign(const QString &path, const struct stat &info, bool isGrave)
    {
        if (info.st_uid == ::geteuid())
            return false;
        add(path, u"belongs to another user (uid %1)"_s.arg(info.st_uid),
            u"sudo chown -R %1 %2"_s.arg(QString::number(::geteuid()), u"%1"_s), isGrave);
        return true;
    }

    static QString octal(const struct stat &info) { return u"%1"_s.arg(info.st_mode & 07777U, 4, 8, QLatin1Char('0')); }

    /// `remedy` holds %1 where the path belongs.
    void add(const QString &path, const QString &what, const QString &remedy, bool isGrave)
    {
        ++m_facts.wrongCount;
        m_facts.wrong.push_back({path, what, remedy.arg(shellWord(path)), isGrave});
    }

    const RootPaths &m_paths;
    const QStringList m_files;
    const QStringList m_folders;
    RightsFacts m_facts;
};

} // namespace

RightsFacts rightsFacts(const RootPaths &paths, const QString &socket)
{
    return Inspection(paths, socket).run();
}

} // namespace dormouse::doctor
