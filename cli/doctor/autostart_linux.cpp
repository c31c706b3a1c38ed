// SPDX-License-Identifier: MIT
#include "cli/doctor/autostart.h"

#include "shared/config/userunit.h"
#include "shared/control/servedroot.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QStandardPaths>

namespace dormouse::doctor {
namespace {

using namespace Qt::Literals::StringLiterals;

constexpr qint64 kUnitBytesMax = 64 * 1024;

/// The path of the unit that counts; empty when there is none.
QString unitPath(const QString &name)
{
    for (const QString &folder : standardUnitFolders().user) {
        const QFileInfo info(folder + u'/' + name);
        if (info.exists() || info.isSymLink())
            return info.filePath();
    }
    return {};
}

QByteArray unitText(const QString &path)
{
    QFile file(path);
    return QFileInfo(path).isFile() && file.open(QIODevice::ReadOnly) ? file.read(kUnitBytesMax) : QByteArray();
}

/// The last value of a key that holds a path: the rest of its line, %h and %% expanded.
QString pathIn(const QByteArray &unit, const QString &key)
{
    QString value;
    for (const QString &line : QString::fromUtf8(unit).split(u'\n')) {
        const qsizetype equals = line.indexOf(u'=');
        if (equals > 0 && line.first(equals).trimmed() == key)
            value = line.mid(equals + 1).trimmed();
    }
    QString path;
    for (qsizetype i = 0; i < value.size(); ++i) {
        const QChar next = value.at(i) == u'%' && i + 1 < value.size() ? value.at(i + 1) : QChar();
        if (next == u'h')
            path += QDir::homePath();
        else if (next == u'%')
            path += u'%';
        else
            path += value.at(i);
        i += next == u'h' || next == u'%' ? 1 : 0;
    }
    return path;
}

/// Enabling a unit makes links to it; for where systemctl cannot be asked.
bool hasLinks(const QString &name)
{
    for (const QString &folder : standardUnitFolders().user) {
        const QStringList wants = QDir(folder).entryList({u"*.wants"_s, u"*.requires"_s}, QDir::Dirs | QDir::NoDotAndDotDot);
        for (const QString &target : wants) {
            const QFileInfo link(folder + u'/' + target + u'/' + name);
            if (link.exists() || link.isSymLink())
                return true;
        }
    }
    return false;
}

QString systemctl()
{
    return QStandardPaths::findExecutable(u"systemctl"_s,
                                          {u"/usr/bin"_s, u"/bin"_s, u"/usr/local/bin"_s, u"/run/current-system/sw/bin"_s});
}

bool isEnabled(const QString &program, const QString &unit)
{
    const auto answer = program.isEmpty() ? std::nullopt : printedBy(program, {u"--user"_s, u"is-enabled"_s, unit});
    const QString word = answer.value_or(QString()).trimmed();
    if (word.isEmpty() || word == "not-found"_L1) // no manager, or one that has not read this folder yet
        return hasLinks(unit);
    return word.startsWith("enabled"_L1) || word == "alias"_L1 || word == "generated"_L1 || word == "transient"_L1;
}

/// "" when no manager can be asked.
QString activeState(const QString &program, const QString &unit)
{
    const auto answer = program.isEmpty()
                            ? std::nullopt
                            : printedBy(program, {u"--user"_s, u"show"_s, u"--property=ActiveState"_s, u"--value"_s, unit});
    return answer.value_or(QString()).trimmed();
}

void lookAtTrigger(AutostartFacts &facts, const RootPaths &paths, const QString &program)
{
    const QString unit = u"dormouse-agent-wake.path"_s;
    facts.trigger = unitPath(unit);
    if (facts.trigger.isEmpty())
        return;
    facts.isTriggerRight =
        QDir::cleanPath(pathIn(unitText(facts.trigger), u"PathExists"_s)) == QDir::cleanPath(paths.wakeSignal());
    facts.triggerState = activeState(program, unit);
    if (facts.triggerState.isEmpty() && !isEnabled(program, unit))
        facts.triggerState = u"inactive"_s;
    facts.triggerCommand = u"systemctl --user reset-failed %1; systemctl --user enable --now %1"_s.arg(unit);
}

} // namespace

AutostartFacts autostartFacts(const RootPaths &paths, const QString &socketPath)
{
    const QString service = u"dormouse-agent.service"_s;
    AutostartFacts facts;
    facts.manager = u"systemd"_s;
    facts.unit = unitPath(service);
    const QString listening = unitPath(u"dormouse-agent.socket"_s);
    facts.isSocketInstalled =
        !listening.isEmpty() && QDir::cleanPath(pathIn(unitText(listening), u"ListenStream"_s)) == QDir::cleanPath(socketPath);
    if (facts.unit.isEmpty())
        return facts;
    const QByteArray text = unitText(facts.unit);
    facts.isMasked = text.isEmpty(); // a link to /dev/null, or an empty file
    if (facts.isMasked)
        return facts;
    facts.command = commandOfUnit(text, QDir::homePath());
    judgeCommand(facts, paths, socketPath);
    const QString program = systemctl();
    facts.isEnabled = isEnabled(program, service);
    facts.enableCommand = u"systemctl --user enable --now %1"_s.arg(service);
    lookAtTrigger(facts, paths, program);
    return facts;
}

} // namespace dormouse::doctor
