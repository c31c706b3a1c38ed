// SPDX-License-Identifier: MIT
#include "cli/serviceenvironment.h"

#include <QFile>
#include <QStandardPaths>

namespace dormouse {
namespace {

using namespace Qt::Literals::StringLiterals;

constexpr QByteArrayView kPathVariable{"PATH="};
constexpr qint64 kEnvironmentBytesMax = 2 * 1024 * 1024; // as much as the kernel hands to a process

/// `show-environment` quotes what a shell would not take as it is: $'a b'.
QString unquoted(QByteArray value)
{
    if (value.startsWith("$'") && value.endsWith('\'')) {
        value = value.mid(2, value.size() - 3);
        value.replace("\\'", "'").replace("\\\\", "\\");
    }
    return QFile::decodeName(value);
}

} // namespace

std::optional<QString> pathOfProcess(qint64 pid)
{
    QFile file(u"/proc/%1/environ"_s.arg(pid));
    if (!file.open(QIODevice::ReadOnly))
        return std::nullopt;
    for (const QByteArray &variable : file.read(kEnvironmentBytesMax).split('\0')) {
        if (variable.startsWith(kPathVariable))
            return QFile::decodeName(variable.mid(kPathVariable.size()));
    }
    return std::nullopt;
}

std::optional<QString> pathOfServiceManager()
{
    const QString program = QStandardPaths::findExecutable(
        u"systemctl"_s, {u"/usr/bin"_s, u"/bin"_s, u"/usr/local/bin"_s, u"/run/current-system/sw/bin"_s});
    const auto output = program.isEmpty() ? std::nullopt : outputOf(program, {u"--user"_s, u"show-environment"_s});
    if (!output)
        return std::nullopt;
    for (const QByteArray &line : output->split('\n')) {
        if (line.startsWith(kPathVariable))
            return unquoted(line.mid(kPathVariable.size()));
    }
    return std::nullopt;
}

QString defaultServicePath()
{
    return u"/usr/local/bin:/usr/bin:/bin"_s;
}

QLatin1StringView serviceManagerName()
{
    return "systemd"_L1;
}

QLatin1StringView absentServiceManagerName()
{
    return "launchd"_L1;
}

} // namespace dormouse
