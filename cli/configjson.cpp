// SPDX-License-Identifier: MIT
#include "cli/configjson.h"

#include "shared/base/text.h"
#include "shared/config/tomlvalue.h"

#include <QJsonArray>

namespace dormouse {
namespace {

using namespace Qt::Literals::StringLiterals;

bool isDuration(const QString &key)
{
    static const QStringList keys{u"stale_after"_s, u"drowsy_after"_s,   u"sleep_after"_s, u"hibernate_after"_s, u"tick"_s,
                                  u"lease_max"_s,   u"quarantine_ttl"_s, u"timeout"_s,     u"stop_timeout"_s};
    return keys.contains(key);
}

QJsonValue converted(const TomlValue &value, const QString &key)
{
    constexpr double kMillisPerSecond = 1000.0;
    switch (value.kind) {
    case TomlValue::Kind::Integer: return value.text.toLongLong();
    case TomlValue::Kind::Fraction: return value.text.toDouble();
    case TomlValue::Kind::Boolean: return value.text == "true"_L1;
    case TomlValue::Kind::String:
    case TomlValue::Kind::Time:
        if (const std::optional<Millis> duration = isDuration(key) ? parseDuration(value.text) : std::nullopt)
            return static_cast<double>(duration->count()) / kMillisPerSecond;
        return value.text;
    case TomlValue::Kind::Array: {
        QJsonArray array;
        for (const TomlValue &item : value.items)
            array.append(converted(item, {}));
        return array;
    }
    case TomlValue::Kind::Table: {
        QJsonObject object;
        const bool isFree = key == "env"_L1; // its names are the user's
        for (const TomlEntry &entry : value.entries)
            object.insert(entry.key, converted(entry.value, isFree ? QString() : entry.key));
        return object;
    }
    }
    return {};
}

} // namespace

QJsonObject configurationToJson(const Configuration &configuration)
{
    // By way of the TOML, which is complete: one list of keys less that could miss one.
    const std::variant<TomlValue, ConfigurationFault> parsed = parseToml(formatConfiguration(configuration));
    const TomlValue *root = std::get_if<TomlValue>(&parsed);
    return root ? converted(*root, {}).toObject() : QJsonObject();
}

} // namespace dormouse
