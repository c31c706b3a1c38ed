// SPDX-License-Identifier: MIT
#include "agent/options.h"

#include "shared/base/exitcodes.h"
#include "shared/base/text.h"
#include "shared/base/version.h"
#include "shared/control/agentclient.h"

#include <QCommandLineParser>
#include <QFileInfo>
#include <QProcessEnvironment>

namespace dormouse {

using namespace Qt::Literals::StringLiterals;

namespace {

QString aboutText()
{
    return u"The Dormouse background agent: lets heavy local AI daemons be awake only\n"
           "while somebody uses them. It watches the heartbeat files in ROOT/wrappers,\n"
           "walks WAKE, DROWSY, SLEEP, HIBERNATION, and serves ROOT/agent.sock.\n"
           "You rarely start it by hand: `dormouse wake` does. `dormouse status` shows\n"
           "what it is doing and why."_s;
}

void addOptions(QCommandLineParser &parser)
{
    parser.setApplicationDescription(aboutText());
    parser.addOptions({
        {{u"h"_s, u"help"_s}, u"Show this help."_s},
        {u"version"_s, u"Show the version."_s},
        {u"root"_s, u"Folder of all state; default $DORMOUSE_ROOT, $IAI_MCP_STORE, ~/.iai-mcp."_s, u"PATH"_s},
        {u"socket"_s, u"Control socket; default ROOT/agent.sock."_s, u"PATH"_s},
        {u"supervised"_s,
         u"Started by launchd or systemd, whose trigger starts it again: wait for the lock, leave a hibernation alone, "
         "and exit in HIBERNATION."_s},
        {u"wake"_s, u"Wake at once, whatever the record says."_s},
        {u"shadow-run"_s, u"Watch and log, but never stop anything or exit in HIBERNATION."_s},
        {u"set"_s, u"Set a configuration key for this run, for example --set timers.drowsy_after=10m. May be repeated."_s,
         u"KEY=VALUE"_s},
        {u"log-level"_s, u"debug, info, warning or critical; default info."_s, u"LEVEL"_s},
    });
}

QString helpText(const QCommandLineParser &parser)
{
    return parser.helpText() + u"\nKeys for --set:\n  "_s + settingKeys().join(u"\n  "_s)
           + u"\nDurations are seconds or have a unit: 30, 0.5, \"90s\", \"5m\", \"2h\".\n"
             "\nExit codes:\n"
             "  0   ended or hibernated\n"
             "  2   wrong usage\n"
             "  75  another agent (or the Python daemon) holds the lock\n"
             "  78  configuration, owner or rights are wrong\n"_s;
}

ProgramExit usage(const QString &text)
{
    return {QString(u"dormouse-agent: "_s + text + u" (see dormouse-agent --help)"_s), kExitUsage};
}

ProgramExit unknownOption(const QString &name)
{
    const QStringList known{u"help"_s, u"version"_s,    u"root"_s, u"socket"_s,   u"supervised"_s,
                            u"wake"_s, u"shadow-run"_s, u"set"_s,  u"log-level"_s};
    const auto nearest = nearestWord(name, known);
    return usage(u"unknown option --"_s + name + (nearest ? QString(u"; did you mean --"_s + *nearest + u"?"_s) : QString()));
}

QMap<QString, QString> environment()
{
    QMap<QString, QString> result;
    const QProcessEnvironment system = QProcessEnvironment::systemEnvironment();
    for (const QString &key : system.keys())
        result.insert(key, system.value(key));
    return result;
}

/// Checks --set by itself, so that a wrong key or value is told as wrong usage.
Result<void> checkSets(const QStringList &sets)
{
    Settings settings;
    for (const QString &set : sets) {
        const qsizetype equals = set.indexOf(u'=');
        if (equals <= 0)
            return Error{ErrorCode::Configuration,
                         QString(u"--set "_s + set + u": expected KEY=VALUE, for example timers.tick=30"_s),
                         {},
                         0};
        if (auto applied = applySetting(settings, set.left(equals).trimmed(), set.mid(equals + 1).trimmed()); !applied)
            return applied;
    }
    return {};
}

} // namespace

std::variant<AgentOptions, ProgramExit> parseAgentOptions(const QStringList &arguments)
{
    QCommandLineParser parser;
    parser.setOptionsAfterPositionalArgumentsMode(QCommandLineParser::ParseAsOptions);
    addOptions(parser);
    const bool isParsed = parser.parse(QStringList{u"dormouse-agent"_s} + arguments);
    if (!parser.unknownOptionNames().isEmpty())
        return unknownOption(parser.unknownOptionNames().constFirst());
    if (!isParsed)
        return usage(parser.errorText());
    if (parser.isSet(u"help"_s))
        return ProgramExit{helpText(parser), kExitOk};
    if (parser.isSet(u"version"_s))
        return ProgramExit{QString(u"dormouse-agent "_s + QString::fromLatin1(kVersion)), kExitOk};
    if (!parser.positionalArguments().isEmpty())
        return usage(u"unexpected argument \""_s + parser.positionalArguments().constFirst() + u'"');

    AgentOptions options;
    options.paths = resolveRoot(parser.value(u"root"_s));
    options.socketPath =
        parser.isSet(u"socket"_s) ? QFileInfo(parser.value(u"socket"_s)).absoluteFilePath() : options.paths.socket();
    options.supervised = parser.isSet(u"supervised"_s);
    options.shadowRun = parser.isSet(u"shadow-run"_s);
    options.wake = parser.isSet(u"wake"_s);
    options.logLevel = parser.isSet(u"log-level"_s) ? parser.value(u"log-level"_s) : u"info"_s;
    options.configuration = {options.paths.configuration(), environment(), parser.values(u"set"_s)};
    if (const auto checked = checkSets(options.configuration.sets); !checked)
        return usage(checked.error().text());
    if (const auto usable = applyOverrides({}, options.configuration); !usable)
        return ProgramExit{QString(u"dormouse-agent: "_s + usable.error().text()), kExitConfiguration};
    if (const auto fits = checkSocketPath(options.socketPath); !fits)
        return ProgramExit{QString(u"dormouse-agent: "_s + fits.error().text()), kExitConfiguration};
    return options;
}

} // namespace dormouse
