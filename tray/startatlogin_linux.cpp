// SPDX-License-Identifier: MIT
// XDG autostart: a desktop entry in the user's autostart folder, which stands before one of the same name that a package brings.
#include "tray/startatlogin.h"

#include "shared/storage/file.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QStandardPaths>

#include <cerrno>

namespace dormouse {
namespace {

using namespace Qt::Literals::StringLiterals;

constexpr qint64 kEntryBytesMax = 64 * 1024;
constexpr QLatin1StringView kName{"dormouse-tray.desktop"};

/// Absolute paths only, as the base directory specification has it.
QString folderFrom(const char *variable, const QString &fallback)
{
    const QString value = qEnvironmentVariable(variable);
    return value.startsWith(u'/') ? value : fallback;
}

QString userEntry()
{
    return folderFrom("XDG_CONFIG_HOME", QDir::homePath() + u"/.config"_s) + u"/autostart/"_s + kName;
}

/// What a package or the administrator brought; the first folder that has it counts.
QString systemEntry()
{
    const QStringList folders = qEnvironmentVariable("XDG_CONFIG_DIRS", u"/etc/xdg"_s).split(u':', Qt::SkipEmptyParts);
    for (const QString &folder : folders) {
        const QString path = folder + u"/autostart/"_s + kName;
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

/// An argument of Exec (desktop entry specification, "The Exec key"): in quotes, where a backslash stands before what a shell would read, a "%" is doubled, and the whole is escaped
/// once more as any string of the file.
QString quotedArgument(const QString &argument)
{
    QString inner;
    for (const QChar c : argument) {
        if (c == u'"' || c == u'`' || c == u'$' || c == u'\\')
            inner += u'\\';
        inner += c;
        if (c == u'%')
            inner += c;
    }
    inner.replace(u'\\', u"\\\\"_s).replace(u'\n', u"\\n"_s).replace(u'\t', u"\\t"_s).replace(u'\r', u"\\r"_s);
    return u'"' + inner + u'"';
}

QByteArray newEntry()
{
    const QString program = QCoreApplication::applicationFilePath();
    QStringList lines{u"[Desktop Entry]"_s,
                      u"Type=Application"_s,
                      u"Version=1.1"_s,
                      u"Name=Dormouse"_s,
                      u"Comment=Shows whether the local AI services are awake"_s,
                      u"Exec="_s + quotedArgument(program),
                      u"Icon=dormouse"_s,
                      u"Terminal=false"_s,
                      u"StartupNotify=false"_s,
                      u"X-GNOME-Autostart-enabled=true"_s};
    return (lines.join(u'\n') + u'\n').toUtf8();
}

class XdgAutostart : public StartAtLogin
{
public:
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
        if (enabled)
            return write(path, newEntry());
        // An entry of a package starts us where ours is only taken away: ours must say no.
        if (!systemEntry().isEmpty())
            return write(path, "[Desktop Entry]\nType=Application\nName=Dormouse\nExec=dormouse-tray\nHidden=true\n");
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
        errno = 0;
        if (!QDir().mkpath(folder))
            return Error{ErrorCode::Permission, u"the autostart folder cannot be made"_s, folder, errno};
        return writeAtomically(path, entry);
    }
};

} // namespace

std::unique_ptr<StartAtLogin> makeStartAtLogin()
{
    return std::make_unique<XdgAutostart>();
}

} // namespace dormouse
