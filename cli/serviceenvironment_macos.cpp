// SPDX-License-Identifier: MIT
#include "cli/serviceenvironment.h"

#include <QFile>

namespace dormouse {

using namespace Qt::Literals::StringLiterals;

std::optional<QString> pathOfProcess(qint64)
{
    return std::nullopt; // only root may look at another process' environment here
}

std::optional<QString> pathOfServiceManager()
{
    const auto output = outputOf(u"/bin/launchctl"_s, {u"getenv"_s, u"PATH"_s});
    const QString path = output ? QFile::decodeName(output->trimmed()) : QString();
    return path.isEmpty() ? std::nullopt : std::optional(path);
}

QString defaultServicePath()
{
    return u"/usr/bin:/bin:/usr/sbin:/sbin"_s;
}

QLatin1StringView serviceManagerName()
{
    return "launchd"_L1;
}

QLatin1StringView absentServiceManagerName()
{
    return "systemd"_L1;
}

} // namespace dormouse
