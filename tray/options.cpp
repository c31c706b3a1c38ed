// SPDX-License-Identifier: MIT
#include "tray/options.h"

#include "shared/base/exitcodes.h"
#include "shared/base/logging.h"
#include "shared/base/text.h"
#include "shared/base/version.h"
#include "shared/control/agentclient.h"

#include <QCommandLineParser>
#include <QFileInfo>

namespace dormouse {

using namespace Qt::Literals::StringLiterals;

namespace {

void addOptions(QCommandLineParser &parser)
{
    parser.setApplicationDescription(
        u"Dormouse in the menubar: shows whether your local AI daemons are awake, drowsy, asleep or\n"
        "hibernating, and why; wakes them, keeps them awake, puts them to sleep. It needs no agent\n"
        "to start: Wake Now starts one. A second start opens a window of the first."_s);
    parser.addOptions({
        {{u"h"_s, u"help"_s}, u"Show this help."_s},
        {u"version"_s, u"Show the version."_s},
        {u"root"_s, u"Folder of all state; default $DORMOUSE_ROOT, $IAI_MCP_STORE, ~/.iai-mcp."_s, u"PATH"_s},
        {u"socket"_s, u"The agent's control socket; default ROOT/agent.sock."_s, u"PATH"_s},
        {u"show"_s, u"Open a window at once: "_s + trayPages().join(u", "_s) + u'.', u"WINDOW"_s},
        {u"scheme"_s, u"Colours of the windows: auto (as the desktop), light or dark."_s, u"SCHEME"_s},
        {u"log-level"_s, u"debug, info, warning or critical; default warning."_s, u"LEVEL"_s},
    });
}

TrayExit usage(const QString &text)
{
    return {QString(u"dormouse-tray: "_s + text + u" (see dormouse-tray --help)"_s), kExitUsage};
}

QString didYouMean(const QString &word, const QStringList &known, const QString &prefix)
{
    const std::optional<QString> nearest = nearestWord(word, known);
    return nearest ? QString(u"; did you mean "_s + prefix + *nearest + u"?"_s) : QString();
}

std::optional<ColourScheme> schemeOf(const QString &word)
{
    if (word.isEmpty() || word == u"auto"_s)
        return ColourScheme::Auto;
    if (word == u"light"_s)
        return ColourScheme::Light;
    if (word == u"dark"_s)
        return ColourScheme::Dark;
    return {};
}

/// What --help and --version print; nothing when neither was asked for.
std::optional<TrayExit> information(const QCommandLineParser &parser)
{
    if (parser.isSet(u"help"_s))
        return TrayExit{QString(parser.helpText()
                                + u"\nThe icon's colour follows the desktop; DORMOUSE_TRAY_INK=light or =dark forces it.\n"_s),
                        kExitOk};
    if (parser.isSet(u"version"_s))
        return TrayExit{QString(u"dormouse-tray "_s + QString::fromLatin1(kVersion)), kExitOk};
    return {};
}

} // namespace

QStringList trayPages()
{
    return {u"status"_s, u"menu"_s, u"history"_s, u"settings"_s, u"digest"_s, u"welcome"_s, u"about"_s};
}

std::variant<TrayOptions, TrayExit> parseTrayOptions(const QStringList &arguments)
{
    QCommandLineParser parser;
    addOptions(parser);
    const bool isParsed = parser.parse(QStringList{u"dormouse-tray"_s} + arguments);
    if (!parser.unknownOptionNames().isEmpty()) {
        const QString name = parser.unknownOptionNames().constFirst();
        const QStringList known{u"help"_s, u"version"_s, u"root"_s, u"socket"_s, u"show"_s, u"scheme"_s, u"log-level"_s};
        return usage(u"unknown option --"_s + name + didYouMean(name, known, u"--"_s));
    }
    if (!isParsed)
        return usage(parser.errorText());
    if (const std::optional<TrayExit> told = information(parser))
        return *told;
    if (!parser.positionalArguments().isEmpty())
        return usage(u"unexpected argument \""_s + parser.positionalArguments().constFirst() + u'"');

    TrayOptions options;
    options.paths = resolveRoot(parser.value(u"root"_s));
    options.socketPath =
        parser.isSet(u"socket"_s) ? QFileInfo(parser.value(u"socket"_s)).absoluteFilePath() : options.paths.socket();
    options.logLevel = parser.isSet(u"log-level"_s) ? parser.value(u"log-level"_s) : u"warning"_s;
    if (!logLevels().contains(options.logLevel))
        return usage(u"--log-level "_s + options.logLevel + u": expected one of "_s + logLevels().join(u", "_s)
                     + didYouMean(options.logLevel, logLevels(), {}));
    options.page = parser.value(u"show"_s);
    if (!options.page.isEmpty() && !trayPages().contains(options.page))
        return usage(u"--show "_s + options.page + u": expected one of "_s + trayPages().join(u", "_s)
                     + didYouMean(options.page, trayPages(), {}));
    const std::optional<ColourScheme> scheme = schemeOf(parser.value(u"scheme"_s));
    if (!scheme)
        return usage(u"--scheme "_s + parser.value(u"scheme"_s) + u": expected auto, light or dark"_s);
    options.scheme = *scheme;
    if (const Result<void> fits = checkSocketPath(options.socketPath); !fits)
        return TrayExit{QString(u"dormouse-tray: "_s + fits.error().text()), kExitConfiguration};
    return options;
}

} // namespace dormouse
