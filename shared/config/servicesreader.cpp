// SPDX-License-Identifier: MIT
#include "shared/config/sectionreaders.h"

#include <QRegularExpression>

#include <algorithm>
#include <array>

namespace dormouse {
namespace {

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

constexpr Millis kStopTimeoutMax = 10min;
constexpr QLatin1StringView kNameExpected{
    "a name of letters, digits, \".\", \"_\" and \"-\", at most 64 (its log file is named after it)"};

void readName(TableReader &reader, PlacedService &service)
{
    static const QRegularExpression allowed(u"^[A-Za-z0-9._-]{1,64}\\z"_s);
    const TomlValue *value = reader.take(u"name"_s);
    if (!value)
        return reader.faultMissing(u"name"_s, kNameExpected);
    service.namePlace = value->place;
    if (!value->isString())
        return reader.faultType(*value, u"name"_s, kNameExpected);
    if (!allowed.match(value->text).hasMatch())
        return reader.faultValue(*value, u"name"_s, kNameExpected);
    service.config.name = value->text;
}

void readLabel(TableReader &reader, ServiceConfig &config)
{
    static const QRegularExpression allowed(u"^[A-Za-z0-9._-]{1,255}\\z"_s);
    const QString expected = u"the label of a LaunchAgent, like \"com.example.server\""_s;
    const TomlValue *value = reader.take(u"launchd"_s);
    if (!value)
        return;
    if (!value->isString())
        reader.faultType(*value, u"launchd"_s, expected);
    else if (!allowed.match(value->text).hasMatch() || value->text.endsWith(".plist"_L1))
        reader.faultValue(*value, u"launchd"_s, expected + u" (not a path or a domain)"_s);
    config.launchd = value->isString() ? value->text : QString();
}

void readUnit(TableReader &reader, const UnitFolders &folders, ServiceConfig &config)
{
    const TomlValue *value = reader.take(u"systemd"_s);
    if (!value)
        return;
    if (!value->isString())
        return reader.faultType(*value, u"systemd"_s, u"the name of a user unit, like \"my.service\""_s);
    const UserUnit unit = userUnit(value->text, folders);
    if (!unit.fault.isEmpty())
        reader.fault(value->place, u"service.systemd = "_s + unit.fault);
    config.systemd = unit.name;
}

void checkKind(TableReader &reader)
{
    static const std::array kinds{u"command"_s, u"launchd"_s, u"systemd"_s};
    const auto given = std::count_if(kinds.begin(), kinds.end(), [&reader](const QString &key) { return reader.has(key); });
    if (given != 1)
        reader.fault(reader.place(), (given == 0 ? u"the service says none of command, launchd and systemd"_s
                                                 : u"the service says more than one of command, launchd and systemd"_s)
                                         + u": expected exactly one"_s);
}

ReadyCheck readReady(TableReader &reader, Faults &faults)
{
    constexpr int kPortMax = 65535;
    const QString expected = u"{ tcp = PORT } or { command = [\"program\", …] }"_s;
    ReadyCheck ready;
    const TomlValue *value = reader.take(u"ready"_s);
    if (!value)
        return ready;
    if (!value->isTable()) {
        reader.faultType(*value, u"ready"_s, expected);
        return ready;
    }
    TableReader inner(*value, u"service.ready"_s, faults);
    if (const TomlValue *port = inner.take(u"tcp"_s)) {
        bool isNumber = false;
        const int number = port->text.toInt(&isNumber);
        if (!port->isInteger())
            inner.faultType(*port, u"tcp"_s, u"a port from 1 to 65535"_s);
        else if (!isNumber || number < 1 || number > kPortMax)
            inner.faultValue(*port, u"tcp"_s, u"a port from 1 to 65535"_s);
        else
            ready.tcpPort = number;
    }
    ready.command = inner.takeCommand(u"command"_s);
    inner.finish();
    if (inner.has(u"tcp"_s) && inner.has(u"command"_s))
        reader.fault(value->place, u"service.ready says both tcp and command: expected "_s + expected);
    else if (value->entries.empty())
        reader.fault(value->place, u"service.ready is empty: expected "_s + expected);
    return ready;
}

State readStopIn(TableReader &reader, State fallback)
{
    const QString expected = u"\"HIBERNATION\", \"SLEEP\" or \"DROWSY\""_s;
    const TomlValue *value = reader.take(u"stop_in"_s);
    if (!value)
        return fallback;
    if (!value->isString()) {
        reader.faultType(*value, u"stop_in"_s, expected);
        return fallback;
    }
    const std::optional<State> state = stateFromString(value->text);
    if (state && *state != State::Wake)
        return *state;
    reader.faultValue(*value, u"stop_in"_s, expected);
    return fallback;
}

void readAfter(TableReader &reader, PlacedService &service)
{
    const QString expected = u"an array of names of other services; [] waits for none"_s;
    const TomlValue *value = reader.take(u"after"_s);
    if (!value)
        return;
    service.afterPlace = value->place;
    if (!value->isArray())
        return reader.faultType(*value, u"after"_s, expected);
    QStringList names;
    for (const TomlValue &item : value->items) {
        if (!item.isString())
            return reader.faultType(item, u"after"_s, expected);
        names.append(item.text);
        service.afterItemPlaces.append(item.place);
    }
    service.config.after = names;
}

PlacedService readService(const TomlValue &table, const UnitFolders &units, Faults &faults)
{
    TableReader reader(table, u"service"_s, faults);
    PlacedService service;
    ServiceConfig &config = service.config;
    service.place = table.place;
    readName(reader, service);
    config.command = reader.takeCommand(u"command"_s);
    readLabel(reader, config);
    readUnit(reader, units, config);
    checkKind(reader);
    config.ready = readReady(reader, faults);
    config.stopIn = readStopIn(reader, config.stopIn);
    config.stopTimeout = reader.takeDuration(u"stop_timeout"_s, config.stopTimeout, 0ms, kStopTimeoutMax,
                                             u"seconds or a duration like \"10s\", at most 10 min"_s);
    readAfter(reader, service);
    reader.finish();
    return service;
}

} // namespace

std::vector<ServiceConfig> readServices(TableReader &root, const UnitFolders &units, Faults &faults)
{
    std::vector<PlacedService> read;
    for (const TomlValue *table : takeTables(root, u"service"_s))
        read.push_back(readService(*table, units, faults));
    checkServiceRelations(read, faults);
    std::vector<ServiceConfig> services;
    for (PlacedService &service : read)
        services.push_back(std::move(service.config));
    return services;
}

} // namespace dormouse
