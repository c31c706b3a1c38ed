// SPDX-License-Identifier: MIT
#include "tray/welcome/machinefacts.h"

#include <QDirIterator>
#include <QFile>
#include <QFileInfo>

#include <sys/stat.h>
#include <unistd.h>

namespace dormouse {
namespace {

using namespace Qt::Literals::StringLiterals;

constexpr int kProcessesMax = 32768;
constexpr qint64 kBytesMax = 64 * 1024;

QByteArray contentOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.read(kBytesMax) : QByteArray();
}

/// The arguments as the kernel keeps them, each ended by a zero. A cut one is worse than none.
QStringList argumentsOf(const QByteArray &bytes)
{
    if (bytes.size() >= kBytesMax || !bytes.endsWith('\0'))
        return {};
    QStringList arguments;
    for (const QByteArray &argument : bytes.chopped(1).split('\0'))
        arguments.append(QFile::decodeName(argument));
    return arguments;
}

/// The innermost service in a line of cgroups(7): "0::/user.slice/…/app.slice/ollama.service" is "ollama.service".
QString unitOf(const QByteArray &groups)
{
    const QString path = QFile::decodeName(groups.left(groups.indexOf('\n'))).section(u':', 2);
    const QString unit = path.section(u'/', -1);
    return unit.endsWith(".service"_L1) ? unit : QString();
}

QString linkTarget(const QString &path)
{
    const QString target = QFileInfo(path).symLinkTarget();
    return target.endsWith(" (deleted)"_L1) ? QString() : target; // the program was updated meanwhile
}

} // namespace

std::vector<RunningCommand> runningCommands(const QString &processes)
{
    std::vector<RunningCommand> found;
    QDirIterator folders(processes, QDir::Dirs | QDir::NoDotAndDotDot);
    for (int count = 0; count < kProcessesMax && folders.hasNext(); ++count) {
        const QString folder = folders.next();
        bool isPid = false;
        RunningCommand running;
        running.pid = folders.fileName().toLongLong(&isPid);
        running.arguments = isPid ? argumentsOf(contentOf(folder + u"/cmdline"_s)) : QStringList();
        struct stat owner {
        };
        if (!knownProgram(running.arguments) || ::stat(QFile::encodeName(folder).constData(), &owner) != 0)
            continue;
        running.isOurs = owner.st_uid == ::geteuid();
        running.program = linkTarget(folder + u"/exe"_s);
        running.folder = linkTarget(folder + u"/cwd"_s);
        running.unit = unitOf(contentOf(folder + u"/cgroup"_s));
        found.push_back(running);
    }
    return found;
}

} // namespace dormouse
