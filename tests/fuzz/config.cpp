// SPDX-License-Identifier: MIT
#include "shared/config/checkedconfiguration.h"

#include "shared/config/tomlvalue.h"
#include "tests/fuzz/property.h"
#include "tests/fuzz/targets.h"

#include <QSet>

#include <algorithm>

namespace dormouse::fuzz {
namespace {

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

constexpr std::size_t kFaultsMax = 50;
constexpr qsizetype kFaultTextMax = 3000;

void checkPlace(const TextPlace &place, qsizetype lines)
{
    require(place.line >= 0 && place.line <= lines, "what is wrong is told on a line that the file has");
    require(place.line == 0 || (place.column >= 1 && place.length >= 1), "what is wrong is told at a column");
}

/// A message goes to a terminal: whatever is in the file must not take it over.
void checkFault(const ConfigurationFault &fault, qsizetype lines)
{
    checkPlace(fault.place, lines);
    require(!fault.text.isEmpty() && fault.text.size() <= kFaultTextMax, "what is wrong is told, in a few words");
    const bool isSafe = std::ranges::none_of(fault.text, [](QChar c) { return c.unicode() < 0x20 || c.unicode() == 0x7f; });
    require(isSafe, "a message holds no control characters");
}

bool isDuration(Millis duration)
{
    return duration > 0ms && duration <= 365 * 24h;
}

void checkSettings(const Settings &settings)
{
    require(isDuration(settings.staleAfter) && isDuration(settings.drowsyAfter) && isDuration(settings.sleepAfter)
                && isDuration(settings.hibernateAfter) && isDuration(settings.tick) && isDuration(settings.leaseMax)
                && isDuration(settings.quarantineTtl),
            "durations are above 0, and at most a year");
    require(settings.strikes >= 1 && settings.strikes <= 100, "strikes are 1 to 100");
    require(settings.connectionsMax >= 1 && settings.connectionsMax <= 4096, "connections are 1 to 4096");
    require(settings.requestsPerSecond >= 1 && settings.requestsPerSecond <= 100'000, "requests are 1 to 100000 a second");
    for (auto it = settings.environment.begin(); it != settings.environment.end(); ++it)
        require(!it.key().isEmpty() && !it.key().contains(u'=') && !it.key().contains(QChar(0)) && !it->contains(QChar(0)),
                "every variable fits into an environment");
}

void checkServices(const std::vector<ServiceConfig> &services)
{
    QSet<QString> names;
    for (const ServiceConfig &service : services) {
        const int kinds = int(!service.command.isEmpty()) + int(!service.launchd.isEmpty()) + int(!service.systemd.isEmpty());
        require(kinds == 1, "a service is of one kind");
        require(!service.name.isEmpty() && !service.name.contains(u'/') && !names.contains(service.name),
                "a service's name is its own");
        require(service.stopIn != State::Wake && service.stopTimeout >= 0ms && service.stopTimeout <= 10min,
                "a service ends some time after the state that stops it");
        require(!service.ready.tcpPort || (*service.ready.tcpPort >= 1 && *service.ready.tcpPort <= 65'535), "a port is a port");
        names.insert(service.name);
    }
    for (const ServiceConfig &service : services) {
        for (const QString &other : service.after.value_or(QStringList()))
            require(names.contains(other) && other != service.name, "a service waits for others that there are");
    }
}

void checkSteps(const std::vector<StepConfig> &steps)
{
    for (const StepConfig &step : steps) {
        require(!step.name.isEmpty() && !step.command.isEmpty() && !step.command.front().isEmpty(),
                "a step has a name and a command");
        require(step.timeout > 0ms && step.timeout <= 24h, "a step's time is limited, by a day at most");
    }
}

} // namespace

void config(const QByteArray &input)
{
    const qsizetype lines = input.count('\n') + 1;
    const UnitFolders nowhere;
    const CheckedConfiguration checked = checkConfiguration(input, nowhere);
    require(checked.faults.size() <= kFaultsMax, "a file full of mistakes is told in bounds");
    for (const ConfigurationFault &fault : checked.faults)
        checkFault(fault, lines);
    for (const TextPlace &place : checked.places)
        checkPlace(place, lines);
    checkSettings(checked.configuration.settings);
    if (const auto fault = crossFault(checked.configuration.settings, checked.places))
        checkFault(*fault, lines);
    if (!checked.faults.empty())
        return;
    checkServices(checked.configuration.services);
    checkSteps(checked.configuration.steps);
    const QByteArray shown = formatConfiguration(checked.configuration);
    if (shown.size() > kConfigurationBytesMax)
        return; // with all defaults told it may be longer than what may be read
    const CheckedConfiguration again = checkConfiguration(shown, nowhere);
    require(again.faults.empty(), "what `config show` writes is a configuration");
    require(again.configuration == checked.configuration, "what `config show` writes is this configuration");
}

} // namespace dormouse::fuzz
