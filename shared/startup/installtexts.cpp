// SPDX-License-Identifier: MIT
#include "shared/startup/installtexts.h"

#include "shared/base/text.h"
#include "shared/startup/installtemplates.h"
#include "shared/storage/rootpaths.h"

#include <QMap>
#include <QStringList>

#include <algorithm>

namespace dormouse {
namespace {

using namespace Qt::Literals::StringLiterals;
using Values = QMap<QString, QString>;

/// Each @NAME@ gets its value, which is not looked into again. A line of a name alone whose value is empty goes.
QByteArray filled(const char *text, const Values &values)
{
    QString result;
    for (const QString &line : QString::fromUtf8(text).split(u'\n')) {
        QString out;
        qsizetype from = 0;
        bool isGone = false;
        for (qsizetype at = line.indexOf(u'@'); at >= 0; at = line.indexOf(u'@', at)) {
            const qsizetype end = line.indexOf(u'@', at + 1);
            const auto value = end < 0 ? values.end() : values.find(line.mid(at + 1, end - at - 1));
            if (value == values.end()) {
                ++at;
                continue;
            }
            isGone = value->isEmpty() && line.size() == end + 1 && at == 0;
            out += QStringView(line).mid(from, at - from) + *value;
            from = at = end + 1;
        }
        if (!isGone)
            result += out + QStringView(line).mid(from) + u'\n';
    }
    result.chop(1);
    return result.toUtf8();
}

QStringList agentArguments(const InstallFacts &facts)
{
    QStringList arguments{u"--supervised"_s, u"--root"_s, facts.root};
    if (facts.socket != RootPaths{facts.root}.socket())
        arguments << u"--socket"_s << facts.socket;
    return arguments;
}

QStringList trayArguments(const InstallFacts &facts)
{
    QStringList arguments{u"--root"_s, facts.root};
    if (facts.socket != RootPaths{facts.root}.socket())
        arguments << u"--socket"_s << facts.socket;
    return arguments;
}

/// A value of a unit file: specifiers begin with a '%'.
QString unitValue(QString value)
{
    return value.replace(u'%', u"%%"_s);
}

QString unitWord(QString word)
{
    word.replace(u'\\', u"\\\\"_s).replace(u'"', u"\\\""_s);
    return u'"' + unitValue(word) + u'"';
}

/// ExecStart= (systemd.service(5)): variables are replaced in all words but the first.
QString unitCommand(const QString &program, const QStringList &arguments)
{
    QString command = unitWord(program);
    for (QString argument : arguments)
        command += u' ' + unitWord(argument.replace(u'$', u"$$"_s));
    return command;
}

/// A word of Exec (desktop entry specification): a backslash before what a shell would read, "%" doubled, and the whole escaped once more as any string of
/// the file.
QString entryWord(const QString &word)
{
    QString inner;
    for (const QChar character : word) {
        if (QStringView(u"\"`$\\").contains(character))
            inner += u'\\';
        inner += character;
        if (character == u'%')
            inner += character;
    }
    return u'"' + inner.replace(u'\\', u"\\\\"_s) + u'"';
}

QString entryCommand(const QString &program, const QStringList &arguments)
{
    QString command = entryWord(program);
    for (const QString &argument : arguments)
        command += u' ' + entryWord(argument);
    return command;
}

QString propertyListWords(const QString &program, const QStringList &arguments)
{
    QStringList lines;
    for (const QString &word : QStringList{program} + arguments)
        lines << u"    <string>"_s + word.toHtmlEscaped() + u"</string>"_s;
    return lines.join(u'\n');
}

bool isPlain(const QString &text)
{
    return std::ranges::none_of(text, [](QChar character) {
        return character.category() == QChar::Other_Control || character == QChar::LineSeparator
               || character == QChar::ParagraphSeparator;
    });
}

} // namespace

Result<void> checkFacts(const InstallFacts &facts)
{
    for (const QString &path : {facts.agent, facts.tray, facts.root, facts.socket}) {
        if (!path.isEmpty() && (!isPlain(path) || !path.startsWith(u'/')))
            return Error{ErrorCode::Configuration, u"this path cannot be written into a start-up file"_s, sanitized(path), 0};
    }
    return {};
}

QString usableSearchPath(const QString &path)
{
    QStringList folders;
    for (const QString &folder : path.split(u':')) {
        if (folder.startsWith(u'/') && isPlain(folder) && !folders.contains(folder))
            folders.append(folder);
    }
    return folders.join(u':');
}

QByteArray agentService(const InstallFacts &facts)
{
    const QString path = facts.searchPath;
    return filled(installtemplate::kAgentService,
                  {{u"COMMAND"_s, unitCommand(facts.agent, agentArguments(facts))},
                   {u"ENVIRONMENT"_s, path.isEmpty() ? QString() : QString(u"Environment="_s + unitWord(u"PATH="_s + path))}});
}

QByteArray wakePath(const InstallFacts &facts)
{
    return filled(installtemplate::kWakePath, {{u"WAKE_SIGNAL"_s, unitValue(RootPaths{facts.root}.wakeSignal())}});
}

QByteArray agentSocket(const InstallFacts &facts)
{
    return filled(installtemplate::kAgentSocket, {{u"SOCKET"_s, unitValue(facts.socket)}});
}

QByteArray trayEntry(const InstallFacts &facts)
{
    return filled(installtemplate::kTrayEntry, {{u"COMMAND"_s, entryCommand(facts.tray, trayArguments(facts))}});
}

QByteArray trayAutostart(const InstallFacts &facts)
{
    return filled(installtemplate::kTrayAutostart, {{u"COMMAND"_s, entryCommand(facts.tray, trayArguments(facts))}});
}

QByteArray trayIcon()
{
    return QByteArray(installtemplate::kIcon);
}

QByteArray agentAutostart(const InstallFacts &facts)
{
    QStringList arguments = agentArguments(facts);
    arguments.removeFirst(); // nobody supervises it
    return (u"[Desktop Entry]\nType=Application\nName=Dormouse agent\nExec="_s + entryCommand(facts.agent, arguments) + u'\n')
        .toUtf8();
}

QByteArray agentPropertyList(const InstallFacts &facts, bool isSocketActivated)
{
    QString sockets;
    if (isSocketActivated) {
        sockets = QString::fromUtf8(
            filled(installtemplate::kSocketsOfPropertyList, {{u"SOCKET"_s, facts.socket.toHtmlEscaped()}}).trimmed());
        sockets.prepend(u"  "_s);
    }
    return filled(installtemplate::kAgentPropertyList, {{u"COMMAND"_s, propertyListWords(facts.agent, agentArguments(facts))},
                                                        {u"PATH"_s, facts.searchPath.toHtmlEscaped()},
                                                        {u"WAKE_SIGNAL"_s, RootPaths{facts.root}.wakeSignal().toHtmlEscaped()},
                                                        {u"SOCKETS"_s, sockets},
                                                        {u"LOGS"_s, facts.logs.toHtmlEscaped()}});
}

QByteArray trayPropertyList(const InstallFacts &facts)
{
    return filled(installtemplate::kTrayPropertyList, {{u"COMMAND"_s, propertyListWords(facts.tray, trayArguments(facts))}});
}

} // namespace dormouse
