// SPDX-License-Identifier: MIT
#include "shared/startup/traystart.h"

#include "shared/startup/installmark.h"

#include <QDir>
#include <QFileInfo>

namespace dormouse {

using namespace Qt::Literals::StringLiterals;

QString trayAutostartPath(const QString &configuration)
{
    return configuration + u"/autostart/dormouse-tray.desktop"_s;
}

QByteArray trayAutostartFile(const InstallFacts &facts)
{
    return withMark(trayAutostart(facts), CommentStyle::Hash);
}

QByteArray trayAutostartOffFile()
{
    return withMark("[Desktop Entry]\nType=Application\nName=Dormouse\nExec=dormouse-tray\nHidden=true\n", CommentStyle::Hash);
}

QString launchAgentPath(const QString &home, QLatin1StringView label)
{
    return home + u"/Library/LaunchAgents/"_s + label + u".plist"_s;
}

QByteArray trayPropertyListFile(const InstallFacts &facts)
{
    return withMark(trayPropertyList(facts), CommentStyle::Xml);
}

QString userFolder(const char *variable, const QString &fallback)
{
    const QString value = qEnvironmentVariable(variable);
    return QDir::cleanPath(value.startsWith(u'/') ? value : fallback);
}

QString lastingPath(const QString &program)
{
    // Homebrew: PREFIX/Cellar/NAME/VERSION/bin/PROGRAM is gone after an update, PREFIX/opt/NAME/bin/PROGRAM is not.
    const QStringList parts = program.split(u'/');
    const qsizetype cellar = parts.lastIndexOf(u"Cellar"_s);
    if (cellar < 1 || parts.size() < cellar + 4)
        return program;
    const QString prefix = parts.first(cellar).join(u'/');
    const QString lasting = prefix + u"/opt/"_s + parts.at(cellar + 1) + u'/' + parts.sliced(cellar + 3).join(u'/');
    const bool isSame = QFileInfo(lasting).canonicalFilePath() == QFileInfo(program).canonicalFilePath();
    return isSame && QFileInfo::exists(lasting) ? lasting : program;
}

} // namespace dormouse
