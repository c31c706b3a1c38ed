// SPDX-License-Identifier: MIT
#include "shared/base/settings.h"

#include "shared/base/text.h"

#include <array>
#include <vector>

namespace dormouse {
namespace {

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

constexpr Millis kDurationMax = 365 * 24h; ///< beyond a year it is a slip of the finger
constexpr Millis kTickMin = 10ms;          ///< a shorter one would only burn a processor
constexpr QLatin1StringView kEnvironmentPrefix{"env."};

using Setter = bool (*)(Settings &settings, const QString &text);

/// One configurable key; the table of these drives applying and listing.
struct Key {
    QLatin1StringView name;
    QLatin1StringView expected; ///< completes "expected …"
    Setter set;                 ///< false: `text` is no value of this key
};

constexpr QLatin1StringView kDurationExpected{
    "seconds or a duration like \"90s\", \"5m\" or \"2h\", above 0 and at most 365 days"};
constexpr QLatin1StringView kBooleanExpected{"true or false"};

template<Millis Settings::*member>
bool setDuration(Settings &settings, const QString &text)
{
    const std::optional<Millis> value = parseDuration(text);
    if (!value || *value <= 0ms || *value > kDurationMax)
        return false;
    settings.*member = *value;
    return true;
}

template<bool Settings::*member>
bool setBoolean(Settings &settings, const QString &text)
{
    if (text != "true"_L1 && text != "false"_L1)
        return false;
    settings.*member = text == "true"_L1;
    return true;
}

template<int Settings::*member, int maximum>
bool setCount(Settings &settings, const QString &text)
{
    constexpr qsizetype kDigitsMax = 9;
    bool ok = false;
    const int value = text.size() <= kDigitsMax ? text.toInt(&ok) : 0;
    if (!ok || value < 1 || value > maximum)
        return false;
    settings.*member = value;
    return true;
}

bool setPresence(Settings &settings, const QString &text)
{
    if (text != "attached"_L1 && text != "active"_L1)
        return false;
    settings.presence = text == "active"_L1 ? PresencePolicy::Active : PresencePolicy::Attached;
    return true;
}

bool setHibernation(Settings &settings, const QString &text)
{
    if (text == "auto"_L1)
        settings.hibernation = HibernationMode::Auto;
    else if (text == "exit"_L1)
        settings.hibernation = HibernationMode::Exit;
    else if (text == "linger"_L1)
        settings.hibernation = HibernationMode::Linger;
    else
        return false;
    return true;
}

const std::array kKeys{
    Key{"timers.stale_after"_L1, kDurationExpected, setDuration<&Settings::staleAfter>},
    Key{"timers.drowsy_after"_L1, kDurationExpected, setDuration<&Settings::drowsyAfter>},
    Key{"timers.sleep_after"_L1, kDurationExpected, setDuration<&Settings::sleepAfter>},
    Key{"timers.hibernate_after"_L1, kDurationExpected, setDuration<&Settings::hibernateAfter>},
    Key{"timers.tick"_L1, kDurationExpected, setDuration<&Settings::tick>},
    Key{"lifecycle.presence"_L1, "\"attached\" or \"active\""_L1, setPresence},
    Key{"lifecycle.ignore_leaked"_L1, kBooleanExpected, setBoolean<&Settings::ignoreLeaked>},
    Key{"lifecycle.hibernation"_L1, "\"auto\", \"exit\" or \"linger\""_L1, setHibernation},
    Key{"lifecycle.lease_max"_L1, kDurationExpected, setDuration<&Settings::leaseMax>},
    Key{"sleep.require_user_idle"_L1, kBooleanExpected, setBoolean<&Settings::requireUserIdle>},
    Key{"sleep.require_ac"_L1, kBooleanExpected, setBoolean<&Settings::requireAc>},
    Key{"sleep.quarantine_ttl"_L1, kDurationExpected, setDuration<&Settings::quarantineTtl>},
    Key{"sleep.strikes"_L1, "a whole number from 1 to 100"_L1, setCount<&Settings::strikes, 100>},
    Key{"control.connections_max"_L1, "a whole number from 1 to 4096"_L1, setCount<&Settings::connectionsMax, 4096>},
    Key{"control.requests_per_second"_L1, "a whole number from 1 to 100000"_L1, setCount<&Settings::requestsPerSecond, 100'000>},
};

/// An environment variable of the reference that overrides a key.
struct Override {
    QLatin1StringView variable;
    QLatin1StringView key;
    QChar unit;
    QLatin1StringView expected;
};

constexpr std::array kOverrides{
    Override{QLatin1StringView("LIFECYCLE_DROWSY_AFTER_SEC"), QLatin1StringView("timers.drowsy_after"), u's',
             QLatin1StringView("seconds")},
    Override{QLatin1StringView("LIFECYCLE_SLEEP_HEARTBEAT_IDLE_SEC"), QLatin1StringView("timers.sleep_after"), u's',
             QLatin1StringView("seconds")},
    Override{QLatin1StringView("LIFECYCLE_HIBERNATE_AFTER_SEC"), QLatin1StringView("timers.hibernate_after"), u's',
             QLatin1StringView("seconds")},
    Override{QLatin1StringView("IAI_MCP_SLEEP_QUARANTINE_TTL_HOURS"), QLatin1StringView("sleep.quarantine_ttl"), u'h',
             QLatin1StringView("hours")},
};

Error configurationError(const QString &message)
{
    return Error{ErrorCode::Configuration, message, {}, 0};
}

Error wrongValue(QStringView key, const QString &text, QStringView expected)
{
    return configurationError(key + u" = \""_s + sanitized(text, 80) + u"\": expected "_s + expected);
}

Error unknownKey(const QString &key)
{
    QString message = u"unknown key \""_s + sanitized(key, 80) + u'"';
    if (const std::optional<QString> nearest = nearestWord(key, settingKeys()))
        message += u"; did you mean \""_s + *nearest + u"\"?"_s;
    return configurationError(message);
}

/// What no process environment can hold (a name with '=' or a NUL) would be dropped in silence by the operating system.
Result<void> setEnvironmentVariable(Settings &settings, const QString &key, const QString &text)
{
    const QString name = key.sliced(kEnvironmentPrefix.size());
    if (name.isEmpty() || name.contains(u'=') || name.contains(QChar(u'\0')))
        return configurationError(u"\""_s + sanitized(key, 80)
                                  + u"\": expected the name of an environment variable after \"env.\""_s);
    if (text.contains(QChar(u'\0')))
        return wrongValue(sanitized(key, 80), text, u"a text without NUL characters");
    settings.environment.insert(name, text);
    return {};
}

/// Exact, unlike formatDuration(): 90 s is over a minute.
QString inSeconds(Millis duration)
{
    return QString::number(double(duration.count()) / 1000.0) + u" s"_s;
}

} // namespace

Result<void> applySetting(Settings &settings, const QString &key, const QString &text)
{
    if (key.startsWith(kEnvironmentPrefix))
        return setEnvironmentVariable(settings, key, text);
    for (const Key &known : kKeys) {
        if (key != known.name)
            continue;
        if (known.set(settings, text))
            return {};
        return wrongValue(key, text, QString(known.expected));
    }
    return unknownKey(key);
}

Result<void> applyEnvironment(Settings &settings, const QMap<QString, QString> &environment)
{
    for (const Override &known : kOverrides) {
        const QString text = environment.value(known.variable).trimmed();
        if (text.isEmpty())
            continue; // an empty variable is the shell's way to unset it
        const bool isNumber = text.back().isDigit() || text.back() == u'.';
        if (!isNumber || !applySetting(settings, known.key, text + known.unit).ok())
            return wrongValue(QString(known.variable), text, QString(known.expected + u" above 0, a number like 300 or 0.5"_s));
    }
    return {};
}

Result<void> validate(const Settings &settings)
{
    const auto rising = [](QLatin1StringView shorterKey, Millis shorter, QLatin1StringView longerKey,
                           Millis longer) -> Result<void> {
        if (shorter <= longer)
            return {};
        return configurationError(shorterKey + u" ("_s + formatDuration(shorter) + u") must not be longer than "_s + longerKey
                                  + u" ("_s + formatDuration(longer) + u')');
    };
    if (Result<void> result =
            rising("timers.drowsy_after"_L1, settings.drowsyAfter, "timers.sleep_after"_L1, settings.sleepAfter);
        !result)
        return result;
    if (Result<void> result =
            rising("timers.sleep_after"_L1, settings.sleepAfter, "timers.hibernate_after"_L1, settings.hibernateAfter);
        !result)
        return result;
    if (settings.tick < kTickMin || settings.tick > defaults::kTickMax) {
        return configurationError(u"timers.tick ("_s + inSeconds(settings.tick) + u") must be from "_s + inSeconds(kTickMin)
                                  + u" to "_s + inSeconds(defaults::kTickMax));
    }
    return {};
}

QStringList settingKeys()
{
    QStringList keys;
    for (const Key &known : kKeys)
        keys.append(known.name);
    keys.append(u"env.NAME"_s);
    return keys;
}

} // namespace dormouse
