// SPDX-License-Identifier: MIT
#include "cli/configcheck.h"

#include "cli/agentpath.h"
#include "cli/configprograms.h"
#include "cli/serviceenvironment.h"
#include "cli/table.h"
#include "shared/base/text.h"
#include "shared/config/checkedconfiguration.h"
#include "shared/config/tomltext.h"

#include <QFile>

#include <algorithm>
#include <string>

namespace dormouse {
namespace {

using namespace Qt::Literals::StringLiterals;

constexpr int kLineMax = 1000; ///< characters of one line of output: a path may be long

void warn(const Context &context, const QString &text)
{
    context.err.line(context.err.palette().paint(Style::Warning, u"warning: "_s) + sanitized(text, kLineMax));
}

QString remedyFor(const QString &program)
{
    if (program.startsWith(u'~'))
        return u"there is no shell that would expand ~: write the whole path"_s;
    if (program.contains(u'/'))
        return u"there is no such program, or it may not be executed"_s;
    const std::optional<QString> here = findProgram(program, qEnvironmentVariable("PATH"));
    QString text = u"write its whole path, or set PATH in [env]"_s;
    if (here)
        text += u" (this terminal finds "_s + *here + u')';
    return text;
}

void warnOfMissingPrograms(const Context &context, const Configuration &configuration)
{
    const std::vector<NamedProgram> programs = programsOf(configuration);
    if (programs.empty())
        return;
    const AgentPath path = agentPath(context, configuration.settings);
    const QString searched = u"The agent looks for programs on "_s + path.path + u" ("_s + path.origin + u')';
    context.out.line(sanitized(searched, kLineMax));
    for (const NamedProgram &named : programs) {
        if (!findProgram(named.program, path.path))
            warn(context, named.where + u": \""_s + named.program + u"\" is not found; "_s + remedyFor(named.program));
    }
}

void warnOfForeignServices(const Context &context, const Configuration &configuration)
{
    for (const ServiceConfig &service : configuration.services) {
        const bool isForeign = serviceManagerName() == "systemd"_L1 ? !service.launchd.isEmpty() : !service.systemd.isEmpty();
        if (isForeign)
            warn(context,
                 u"service \""_s + service.name + u"\": there is no "_s + absentServiceManagerName() + u" on this system"_s);
    }
}

QString counted(std::size_t count, const QString &noun)
{
    return QString::number(count) + u' ' + noun + (count == 1 ? QString() : u"s"_s);
}

int reportFaults(const Context &context, const QByteArray &text, const std::vector<ConfigurationFault> &faults)
{
    for (const ConfigurationFault &fault : faults) {
        context.err.line(sanitized(locatedText(context.paths.configuration(), fault), kLineMax));
        const QString excerpt = excerptOf(text, fault.place);
        if (!excerpt.isEmpty())
            context.err.write(excerpt);
    }
    return context.fail(kExitConfiguration, counted(faults.size(), u"error"_s) + u"; the agent would not use this file"_s);
}

} // namespace

QString excerptOf(const QByteArray &text, TextPlace place)
{
    constexpr qsizetype kWindow = 100; // characters shown, about half of them before the mark
    if (place.line == 0)
        return {};
    const QString whole = lineOf(text, place.line);
    const std::u32string line = sanitized(whole, static_cast<int>(whole.size())).toStdU32String();
    const auto size = static_cast<qsizetype>(line.size());
    const qsizetype column = std::min<qsizetype>(place.column - 1, size);
    const qsizetype start = size <= kWindow ? 0 : std::max<qsizetype>(0, column - kWindow / 2);
    const auto part = [&line](qsizetype from, qsizetype count) {
        return QString::fromStdU32String(line.substr(static_cast<std::size_t>(from), static_cast<std::size_t>(count)));
    };
    const QString shown = part(start, kWindow);
    const int before = displayWidth(part(start, column - start));
    const qsizetype marked =
        std::clamp<qsizetype>(place.length, 1, std::max<qsizetype>(1, std::min(size, start + kWindow) - column));
    const int width = std::max(1, displayWidth(part(column, marked)));
    return u"    "_s + shown + u"\n    "_s + QString(before, u' ') + u'^' + QString(width - 1, u'~') + u'\n';
}

int checkConfigurationFile(const Context &context)
{
    const QString path = context.paths.configuration();
    const Result<QByteArray> text = readConfigurationFile(path);
    if (!text)
        return context.fail(kExitConfiguration, text.error().text());
    CheckedConfiguration checked = checkConfiguration(text.value());
    if (checked.faults.empty()) {
        if (const auto fault = crossFault(checked.configuration.settings, checked.places))
            checked.faults.push_back(*fault);
    }
    if (!checked.faults.empty())
        return reportFaults(context, text.value(), checked.faults);
    const Configuration &configuration = checked.configuration;
    QString verdict = u"OK: "_s + counted(configuration.steps.size(), u"step"_s) + u", "_s
                      + counted(configuration.services.size(), u"service"_s);
    if (!QFile::exists(path))
        verdict += u" (there is no "_s + path + u": the defaults hold)"_s;
    context.out.line(sanitized(verdict, kLineMax));
    warnOfMissingPrograms(context, configuration);
    warnOfForeignServices(context, configuration);
    return kExitOk;
}

} // namespace dormouse
