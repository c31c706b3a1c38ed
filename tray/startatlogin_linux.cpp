// SPDX-License-Identifier: MIT
// XDG autostart: a desktop entry in the user's autostart folder, which stands before one of the same name that a package brings.
#include "tray/startatlogin.h"

#include "shared/startup/traystart.h"
#include "shared/storage/file.h"
#include "shared/storage/rootpaths.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QFileInfo>

#include <cerrno>

namespace dormouse {
namespace {

using namespace Qt::Literals::StringLiterals;

constexpr qint64 kEntryBytesMax = 64 * 1024;

QString userEntry()
{
    return trayAutostartPath(userFolder("XDG_CONFIG_HOME", QDir::homePath() + u"/.config"_s));
}

/// What a package or the administrator brought; the first folder that has it counts.
QString systemEntry()
{
    const QStringList folders = qEnvironmentVariable("XDG_CONFIG_DIRS", u"/etc/xdg"_s).split(u':', Qt::SkipEmptyParts);
    for (const QString &folder : folders) {
        const QString path = trayAutostartPath(folder);
        if (folder.startsWith(u'/') && QFileInfo(path).isFile())
            return path;
    }
    return {};
}

/// A key of the main group; empty when it is not there.
QByteArray valueOf(const QByteArray &entry, const QByteArray &key)
{
    bool isMain = false;
    for (const QByteArray &raw : entry.split('\n')) {
        const QByteArray line = raw.trimmed();
        if (line.startsWith('['))
            isMain = line == "[Desktop Entry]";
        const qsizetype equals = line.indexOf('=');
        if (isMain && !line.startsWith('#') && equals > 0 && line.first(equals).trimmed() == key)
            return line.sliced(equals + 1).trimmed();
    }
    return {};
}

bool startsProgram(const QByteArray &entry)
{
    return valueOf(entry, "Hidden") != "true" && valueOf(entry, "X-GNOME-Autostart-enabled") != "false"
           && !valueOf(entry, "Exec").isEmpty();
}

class XdgAutostart : public StartAtLogin
{
public:
    explicit XdgAutostart(InstallFacts facts) : m_facts(std::move(facts)) {}

    [[nodiscard]] std::optional<bool> isEnabled() const override
    {
        const QString user = userEntry();
        const QString path = QFileInfo::exists(user) ? user : systemEntry();
        if (path.isEmpty())
            return false;
        const auto entry = read(path);
        return entry ? std::optional(startsProgram(entry.value())) : std::nullopt;
    }

    [[nodiscard]] Result<void> setEnabled(bool enabled) override
    {
        const QString path = target();
        if (enabled) {
            const Result<void> usable = checkFacts(m_facts);
            return usable ? write(path, trayAutostartFile(m_facts)) : usable;
        }
        // An entry of a package starts us where ours is only taken away: ours must say no.
        if (!systemEntry().isEmpty())
            return write(path, trayAutostartOffFile());
        if (!QFile::exists(userEntry()) || QFile::remove(userEntry()))
            return {};
        return Error{ErrorCode::Permission, u"the autostart entry cannot be taken away"_s, userEntry(), errno};
    }

private:
    /// The file itself, where people keep such files behind links.
    static QString target()
    {
        const QString real = QFileInfo(userEntry()).canonicalFilePath();
        return real.isEmpty() ? userEntry() : real;
    }
    static Result<QByteArray> read(const QString &path)
    {
        return readBounded(QFileInfo(path).canonicalFilePath(), kEntryBytesMax);
    }
    static Result<void> write(const QString &path, const QByteArray &entry)
    {
        const QString folder = QFileInfo(path).absolutePath();
        if (const Result<void> made = makePrivateFolder(u"the autostart folder"_s, folder); !made)
            return Error{ErrorCode::Permission, u"the autostart folder cannot be made"_s, folder, made.error().systemError};
        return writeAtomically(path, entry);
    }

    InstallFacts m_facts;
};

} // namespace

std::unique_ptr<StartAtLogin> makeStartAtLogin(const RootPaths &paths, const QString &socketPath)
{
    InstallFacts facts;
    facts.tray = lastingPath(QCoreApplication::applicationFilePath());
    facts.root = paths.root;
    facts.socket = socketPath;
    return std::make_unique<XdgAutostart>(facts);
}

} // namespace dormouse
