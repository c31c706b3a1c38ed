// SPDX-License-Identifier: MIT
#include "shared/config/userunit.h"

#include "shared/base/text.h"

#include <QDir>
#include <QFileInfo>
#include <QRegularExpression>

#include <algorithm>

namespace dormouse {
namespace {

using namespace Qt::Literals::StringLiterals;

QString folderFrom(const char *variable, const QString &fallback)
{
    const QString value = qEnvironmentVariable(variable);
    return value.startsWith(u'/') ? value : fallback;
}

/// "a@b.service" is made from "a@.service".
QStringList fileNames(const QString &unit)
{
    QStringList names{unit};
    const qsizetype at = unit.indexOf(u'@');
    if (at >= 0)
        names.append(unit.left(at + 1) + u".service"_s);
    return names;
}

bool isIn(const QStringList &folders, const QStringList &names)
{
    return std::any_of(folders.begin(), folders.end(), [&names](const QString &folder) {
        return std::any_of(names.begin(), names.end(), [&folder](const QString &name) {
            const QFileInfo info(folder + u'/' + name);
            return info.exists() || info.isSymLink();
        });
    });
}

QString wayOut(const QString &unit)
{
    return u"an agent of one user can neither start nor stop it; make it a user unit (~/.config/systemd/user/%1, then: systemctl "
           "--user daemon-reload; sudo systemctl disable --now %1) and write systemd = \"%1\""_s.arg(unit);
}

} // namespace

UnitFolders standardUnitFolders()
{
    const QString home = QDir::homePath();
    UnitFolders folders;
    folders.user = {folderFrom("XDG_CONFIG_HOME", home + u"/.config"_s) + u"/systemd/user"_s,
                    folderFrom("XDG_DATA_HOME", home + u"/.local/share"_s) + u"/systemd/user"_s,
                    u"/etc/systemd/user"_s,
                    u"/run/systemd/user"_s,
                    u"/usr/local/share/systemd/user"_s,
                    u"/usr/share/systemd/user"_s,
                    u"/usr/local/lib/systemd/user"_s,
                    u"/usr/lib/systemd/user"_s,
                    u"/lib/systemd/user"_s};
    const QString runtime = folderFrom("XDG_RUNTIME_DIR", {});
    if (!runtime.isEmpty())
        folders.user += {runtime + u"/systemd/user"_s, runtime + u"/systemd/transient"_s, runtime + u"/systemd/generator"_s};
    folders.system = {u"/etc/systemd/system"_s, u"/run/systemd/system"_s, u"/usr/local/lib/systemd/system"_s,
                      u"/usr/lib/systemd/system"_s, u"/lib/systemd/system"_s};
    return folders;
}

UserUnit userUnit(const QString &text, const UnitFolders &folders)
{
    constexpr int kUnitNameMax = 255; // systemd's own bound
    static const QRegularExpression allowed(uR"(^[A-Za-z0-9:_.@\\-]+\z)"_s);
    static const QRegularExpression otherType(u"\\.(socket|timer|target|path|mount|automount|swap|slice|scope|device)\\z"_s);
    const QString shown = sanitized(text, 80);
    if (text.contains(u'/')) {
        QString name = text.mid(text.lastIndexOf(u'/') + 1);
        if (!allowed.match(name).hasMatch())
            name = u"my.service"_s;
        if (text.contains("systemd/system/"_L1))
            return {{}, u"\"%1\" is a system unit: "_s.arg(shown) + wayOut(name)};
        return {{}, u"\"%1\" is a path: expected the name of a user unit, like \"%2\""_s.arg(shown, name)};
    }
    if (text.isEmpty() || text.size() > kUnitNameMax || !allowed.match(text).hasMatch())
        return {{}, u"\"%1\": expected the name of a user unit, like \"my.service\""_s.arg(shown)};
    if (otherType.match(text).hasMatch())
        return {{}, u"\"%1\" is no service: expected the name of a user unit that ends with \".service\""_s.arg(shown)};
    const QString name = text.endsWith(".service"_L1) ? text : QString(text + u".service"_s);
    const QStringList names = fileNames(name);
    if (!isIn(folders.user, names) && isIn(folders.system, names))
        return {{}, u"\"%1\" is a system unit: "_s.arg(shown) + wayOut(name)};
    return {name, {}};
}

} // namespace dormouse
