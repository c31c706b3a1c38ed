// SPDX-License-Identifier: MIT
#include "shared/control/servedroot.h"

#include <QDir>
#include <QXmlStreamReader>

#include <optional>

using namespace Qt::Literals::StringLiterals;

namespace dormouse {
namespace {

/// Splits as systemd does: white space separates, both quotes group, a backslash takes the next character as it is.
QStringList splitWords(const QString &text)
{
    QStringList words;
    QString word;
    bool inWord = false;
    QChar quote;
    for (qsizetype i = 0; i < text.size(); ++i) {
        const QChar character = text.at(i);
        if (character == u'\\' && i + 1 < text.size()) {
            word += text.at(++i);
            inWord = true;
        } else if (!quote.isNull()) {
            if (character == quote)
                quote = QChar();
            else
                word += character;
        } else if (character == u'"' || character == u'\'') {
            quote = character;
            inWord = true;
        } else if (character.isSpace()) {
            if (inWord)
                words.append(std::exchange(word, {}));
            inWord = false;
        } else {
            word += character;
            inWord = true;
        }
    }
    if (inWord)
        words.append(word);
    return words;
}

QString expanded(const QString &word, const QString &home)
{
    QString result;
    for (qsizetype i = 0; i < word.size(); ++i) {
        const bool specifier = word.at(i) == u'%' && i + 1 < word.size();
        if (specifier && word.at(i + 1) == u'h')
            result += home;
        else if (specifier && word.at(i + 1) == u'%')
            result += u'%';
        else if (word.at(i) == u'$' && i + 1 < word.size() && word.at(i + 1) == u'$')
            result += u'$';
        else {
            result += word.at(i);
            continue;
        }
        ++i;
    }
    return result;
}

/// The value of `--name VALUE` or `--name=VALUE`; the last one wins.
std::optional<QString> optionOf(const QStringList &command, const QString &name)
{
    std::optional<QString> value;
    for (qsizetype i = 1; i < command.size(); ++i) {
        if (command.at(i) == name && i + 1 < command.size())
            value = command.at(++i);
        else if (command.at(i).startsWith(name + u'='))
            value = command.at(i).mid(name.size() + 1);
    }
    return value;
}

QString absolutePath(const QString &path, const QString &home)
{
    return QDir::cleanPath(path.startsWith("~/"_L1) ? home + path.mid(1) : path);
}

} // namespace

QStringList commandOfUnit(const QByteArray &unit, const QString &home)
{
    QString text = QString::fromUtf8(unit);
    text.replace(u"\\\n"_s, u" "_s);
    QStringList command;
    bool inService = false;
    for (const QString &raw : text.split(u'\n')) {
        const QString line = raw.trimmed();
        if (line.startsWith(u'[')) {
            inService = line == "[Service]"_L1;
            continue;
        }
        const qsizetype equals = line.indexOf(u'=');
        if (!inService || equals < 0 || QStringView(line).first(equals).trimmed() != "ExecStart"_L1)
            continue;
        command = splitWords(line.mid(equals + 1));
        for (QString &word : command)
            word = expanded(word, home);
    }
    return command;
}

QStringList commandOfPropertyList(const QByteArray &plist)
{
    QXmlStreamReader reader(plist);
    QStringList command;
    QString key;
    while (!reader.atEnd()) {
        if (reader.readNext() != QXmlStreamReader::StartElement)
            continue;
        if (reader.name() == "key"_L1)
            key = reader.readElementText();
        else if (key == "ProgramArguments"_L1 && reader.name() == "string"_L1)
            command.append(reader.readElementText());
    }
    return reader.hasError() ? QStringList() : command;
}

bool commandServes(const QStringList &command, const RootPaths &paths, const QString &socketPath, const QString &home)
{
    if (command.isEmpty())
        return false;
    const RootPaths served{absolutePath(optionOf(command, u"--root"_s).value_or(home + u"/.iai-mcp"_s), home)};
    if (served.root != QDir::cleanPath(paths.root))
        return false;
    const QString socket = absolutePath(optionOf(command, u"--socket"_s).value_or(served.socket()), home);
    return socketPath.isEmpty() || socket == QDir::cleanPath(socketPath);
}

} // namespace dormouse
