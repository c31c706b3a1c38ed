// SPDX-License-Identifier: MIT
#include "shared/config/configuration.h"

#include "shared/base/text.h"
#include "shared/config/checkedconfiguration.h"
#include "shared/config/sectionreaders.h"

#include <variant>

namespace dormouse {
namespace {

using namespace Qt::Literals::StringLiterals;

Error configurationError(const QString &message)
{
    return Error{ErrorCode::Configuration, message, {}, 0};
}

/// The first of them, and how many more there are.
Error firstOf(const std::vector<ConfigurationFault> &faults, const QString &path)
{
    QString message = locatedText(path, faults.front());
    if (faults.size() > 1)
        message += u" (and %1 more: dormouse config check)"_s.arg(faults.size() - 1);
    return configurationError(message);
}

/// Environment, then --set; not validated.
Result<void> applySources(Settings &settings, const ConfigurationSources &sources)
{
    if (Result<void> applied = applyEnvironment(settings, sources.environment); !applied)
        return applied;
    for (const QString &set : sources.sets) {
        const qsizetype equals = set.indexOf(u'=');
        const QString shown = u"--set "_s + sanitized(set, 80);
        if (equals <= 0)
            return configurationError(shown + u": expected KEY=VALUE, for example timers.tick=30"_s);
        const auto applied = applySetting(settings, set.left(equals).trimmed(), set.mid(equals + 1).trimmed());
        if (!applied)
            return configurationError(u"--set "_s + applied.error().message);
    }
    return {};
}

} // namespace

CheckedConfiguration checkConfiguration(const QByteArray &text, const UnitFolders &units)
{
    CheckedConfiguration result;
    const std::variant<TomlValue, ConfigurationFault> parsed = parseToml(text);
    if (const auto *fault = std::get_if<ConfigurationFault>(&parsed)) {
        result.faults.push_back(*fault);
        return result;
    }
    Faults faults;
    TableReader root(std::get<TomlValue>(parsed), {}, faults);
    Configuration &configuration = result.configuration;
    readSettings(root, configuration.settings, result.places, faults);
    configuration.steps = readSleep(root, configuration.settings, result.places, faults);
    configuration.services = readServices(root, units, faults);
    configuration.hooks = readHooks(root, faults);
    root.finish();
    result.faults = faults.sorted();
    return result;
}

std::optional<ConfigurationFault> crossFault(const Settings &settings, const QMap<QString, TextPlace> &places)
{
    const Result<void> valid = validate(settings);
    if (valid)
        return std::nullopt;
    ConfigurationFault fault{{}, valid.error().message};
    for (auto it = places.begin(); it != places.end(); ++it) {
        // The message names the keys concerned; the last one in the file is what was added to a file that was right.
        if (fault.text.contains(it.key()) && it->line > fault.place.line)
            fault.place = *it;
    }
    return fault;
}

Result<Configuration> parseConfiguration(const QByteArray &text, const QString &path)
{
    CheckedConfiguration checked = checkConfiguration(text);
    if (!checked.faults.empty())
        return firstOf(checked.faults, path);
    return std::move(checked.configuration);
}

Result<Configuration> loadConfiguration(const ConfigurationSources &sources)
{
    const Result<QByteArray> text = readConfigurationFile(sources.path);
    if (!text)
        return text.error();
    CheckedConfiguration checked = checkConfiguration(text.value());
    if (!checked.faults.empty())
        return firstOf(checked.faults, sources.path);
    if (const Result<void> applied = applySources(checked.configuration.settings, sources); !applied)
        return applied.error();
    if (const auto fault = crossFault(checked.configuration.settings, checked.places)) {
        const bool isFromFile = fault->place.line != 0;
        return configurationError(isFromFile ? locatedText(sources.path, *fault) : fault->text);
    }
    return std::move(checked.configuration);
}

Result<Configuration> applyOverrides(Configuration base, const ConfigurationSources &sources)
{
    if (const Result<void> applied = applySources(base.settings, sources); !applied)
        return applied.error();
    if (const Result<void> valid = validate(base.settings); !valid)
        return valid.error();
    return base;
}

} // namespace dormouse
