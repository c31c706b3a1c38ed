// SPDX-License-Identifier: MIT
#include "tray/welcome/machinefacts.h"

#include "shared/control/servedroot.h"

#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QFileInfo>
#include <QSet>

namespace dormouse {
namespace {

using namespace Qt::Literals::StringLiterals;

constexpr int kFilesMax = 4096;
constexpr qint64 kFileBytesMax = 64 * 1024;

QByteArray contentOf(const QString &path)
{
    // A FIFO in the folder must not make anybody wait.
    if (!QFileInfo(path).isFile())
        return {};
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.read(kFileBytesMax) : QByteArray();
}

/// Calls `take(name, path)` for each file of a suffix; where folders hold the same name, for the first one only, which is the one that counts.
template<typename Take>
void eachFile(const QStringList &folders, const QString &suffix, Take take)
{
    QSet<QString> seen;
    for (const QString &folder : folders) {
        QDirIterator entries(folder, {u'*' + suffix}, QDir::Files | QDir::System | QDir::Hidden);
        for (int count = 0; count < kFilesMax && entries.hasNext(); ++count) {
            const QString path = entries.next();
            const QString name = entries.fileName();
            if (!seen.contains(name))
                take(name, path);
            seen.insert(name);
        }
    }
}

bool isUnderCare(const InstalledUnit &unit)
{
    static const QStringList usual{u"ollama.service"_s, u"homebrew.mxcl.ollama"_s, u"com.iai-mcp.daemon"_s};
    return unit.command.isEmpty() ? usual.contains(unit.name) : knownProgram(unit.command).has_value();
}

void addUnits(std::vector<InstalledUnit> &found, InstalledUnit::Kind kind, const QStringList &folders, const QString &home)
{
    eachFile(folders, u".service"_s, [&](const QString &name, const QString &path) {
        const QByteArray text = contentOf(path);
        InstalledUnit unit{kind, name, commandOfUnit(text, home)};
        // An empty one masks the unit; of a template, nobody knows which instance is meant.
        if (!text.isEmpty() && !name.contains(u'@') && isUnderCare(unit))
            found.push_back(std::move(unit));
    });
}

} // namespace

MachinePlaces standardMachinePlaces()
{
    const QString home = QDir::homePath();
    return {u"/proc"_s, standardUnitFolders(), {home + u"/Library/LaunchAgents"_s}, home, qEnvironmentVariable("PATH")};
}

std::vector<InstalledUnit> installedUnits(const MachinePlaces &places)
{
    std::vector<InstalledUnit> found;
    addUnits(found, InstalledUnit::Kind::User, places.units.user, places.home);
    addUnits(found, InstalledUnit::Kind::System, places.units.system, places.home);
    eachFile(places.launchAgents, u".plist"_s, [&](const QString &name, const QString &path) {
        InstalledUnit unit{InstalledUnit::Kind::LaunchAgent, name.chopped(6), commandOfPropertyList(contentOf(path))};
        if (isUnderCare(unit))
            found.push_back(std::move(unit));
    });
    return found;
}

MachineFacts machineFacts(const MachinePlaces &places)
{
    return {runningCommands(places.processes), installedUnits(places), findProgram(u"ollama"_s, places.path).value_or(QString()),
            findProgram(u"curl"_s, places.path).has_value()};
}

} // namespace dormouse
