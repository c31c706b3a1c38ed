// SPDX-License-Identifier: MIT
#include "shared/config/tablereader.h"

#include "shared/base/settings.h"
#include "shared/base/text.h"

#include <algorithm>

namespace dormouse {
namespace {

using namespace Qt::Literals::StringLiterals;

constexpr int kShownMax = 80; ///< characters of a user's own text in a message

QStringList sectionNames()
{
    return {u"timers"_s, u"lifecycle"_s, u"sleep"_s, u"sleep.step"_s, u"service"_s, u"env"_s, u"hooks"_s, u"control"_s};
}

bool isSection(const TomlValue &value)
{
    return value.isTable() || (value.isArray() && !value.items.empty() && value.items.front().isTable());
}

QString quoted(const QString &text)
{
    return u'"' + sanitized(text, kShownMax) + u'"';
}

} // namespace

TableReader::TableReader(const TomlValue &table, QString name, Faults &faults)
    : m_table(table), m_name(std::move(name)), m_faults(faults)
{
}

QString TableReader::fullKey(const QString &key) const
{
    return m_name.isEmpty() ? key : QString(m_name + u'.' + key);
}

bool TableReader::has(const QString &key) const
{
    return std::any_of(m_table.entries.begin(), m_table.entries.end(), [&key](const TomlEntry &e) { return e.key == key; });
}

const TomlValue *TableReader::take(const QString &key)
{
    m_known.append(key);
    for (const TomlEntry &entry : m_table.entries) {
        if (entry.key == key)
            return &entry.value;
    }
    return nullptr;
}

std::optional<QString> TableReader::takeString(const QString &key, const QString &expected)
{
    const TomlValue *value = take(key);
    if (!value)
        return std::nullopt;
    if (!value->isString()) {
        faultType(*value, key, expected);
        return std::nullopt;
    }
    return value->text;
}

bool TableReader::takeBoolean(const QString &key, bool fallback)
{
    const TomlValue *value = take(key);
    if (!value)
        return fallback;
    if (!value->isBoolean()) {
        faultType(*value, key, u"true or false, without quotes"_s);
        return fallback;
    }
    return value->text == "true"_L1;
}

Millis TableReader::takeDuration(const QString &key, Millis fallback, Millis minimum, Millis maximum, const QString &expected)
{
    const TomlValue *value = take(key);
    if (!value)
        return fallback;
    if (!value->isString() && !value->isInteger() && value->kind != TomlValue::Kind::Fraction) {
        faultType(*value, key, expected);
        return fallback;
    }
    const std::optional<Millis> duration = parseDuration(value->text);
    if (duration && *duration >= minimum && *duration <= maximum)
        return *duration;
    faultValue(*value, key, expected);
    return fallback;
}

QStringList TableReader::takeCommand(const QString &key)
{
    const TomlValue *value = take(key);
    return value ? commandFrom(*value, key) : QStringList();
}

QStringList TableReader::commandFrom(const TomlValue &value, const QString &key)
{
    const QString expected =
        u"an array of strings, the program and its arguments, like [\"rsync\", \"-a\"] (there is no shell)"_s;
    if (!value.isArray()) {
        faultType(value, key, expected);
        return {};
    }
    QStringList command;
    for (const TomlValue &item : value.items) {
        if (!item.isString()) {
            faultType(item, key, expected);
            return {};
        }
        if (item.text.contains(QChar(u'\0'))) {
            fault(item.place, fullKey(key) + u": expected a text without NUL characters"_s);
            return {};
        }
        command.append(item.text);
    }
    if (command.isEmpty())
        fault(value.place, fullKey(key) + u" is empty: expected "_s + expected);
    else if (command.constFirst().isEmpty())
        fault(value.items.front().place, fullKey(key) + u" names no program: expected "_s + expected);
    return command;
}

void TableReader::finish()
{
    for (const TomlEntry &entry : m_table.entries) {
        if (m_faults.isFull())
            return;
        if (m_known.contains(entry.key))
            continue;
        const QString full = fullKey(entry.key);
        const bool section = m_name.isEmpty() && isSection(entry.value);
        std::optional<QString> nearest;
        // Its own section first: the last word alone decides there.
        if (const auto word = section ? nearestWord(full, sectionNames()) : nearestWord(entry.key, m_known))
            nearest = section ? *word : fullKey(*word);
        else
            nearest = nearestWord(full, configurationKeys());
        QString text = section ? u"unknown section \""_s : u"unknown key \""_s;
        text += sanitized(full, kShownMax) + u'"';
        m_faults.add(entry.keyPlace, nearest ? QString(text + u"; did you mean \""_s + *nearest + u"\"?"_s) : text);
    }
}

void TableReader::faultMissing(const QString &key, const QString &expected)
{
    m_faults.add(m_table.place, fullKey(key) + u" is missing: expected "_s + expected);
}

void TableReader::faultType(const TomlValue &value, const QString &key, const QString &expected)
{
    // A key of [env] is the user's own text.
    m_faults.add(value.place,
                 sanitized(fullKey(key), kShownMax) + u": expected "_s + expected + u", not "_s + kindName(value.kind));
}

void TableReader::faultValue(const TomlValue &value, const QString &key, const QString &expected)
{
    const QString shown = value.isString() ? quoted(value.text) : sanitized(value.text, kShownMax);
    m_faults.add(value.place, fullKey(key) + u" = "_s + shown + u": expected "_s + expected);
}

QStringList configurationKeys()
{
    QStringList keys = settingKeys();
    for (const auto *key : {"name", "command", "uses_record", "timeout", "log_output"})
        keys.append(u"sleep.step."_s + QLatin1StringView(key));
    for (const auto *key :
         {"name", "command", "launchd", "systemd", "ready.tcp", "ready.command", "stop_in", "stop_timeout", "after"})
        keys.append(u"service."_s + QLatin1StringView(key));
    for (const auto *key : {"on_wake", "on_drowsy", "on_sleep", "on_hibernation"})
        keys.append(u"hooks."_s + QLatin1StringView(key));
    return keys;
}

} // namespace dormouse
