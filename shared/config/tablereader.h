// SPDX-License-Identifier: MIT
#pragma once

#include "shared/base/clock.h"
#include "shared/config/faults.h"
#include "shared/config/tomlvalue.h"

#include <QString>
#include <QStringList>

#include <optional>

namespace dormouse {

/// The keys of one TOML table, taken one by one with their types; what nobody took is told as unknown. Answers of a missing or wrong
/// value are the fallback, and a wrong one is a fault. Lives while one section is read.
class TableReader
{
public:
    /// `name` is what comes before the table's keys in messages ("sleep.step"); empty for the root.
    TableReader(const TomlValue &table, QString name, Faults &faults);

    /// The value under `key`, whatever its type; null when there is none. Makes the key a known one.
    [[nodiscard]] const TomlValue *take(const QString &key);
    [[nodiscard]] bool has(const QString &key) const;

    [[nodiscard]] std::optional<QString> takeString(const QString &key, const QString &expected = QStringLiteral("a string"));
    [[nodiscard]] bool takeBoolean(const QString &key, bool fallback);
    /// A number of seconds or a text with a unit, between both bounds; `expected` tells them.
    [[nodiscard]] Millis takeDuration(const QString &key, Millis fallback, Millis minimum, Millis maximum,
                                      const QString &expected);
    /// A program and its arguments: an array of strings that is not empty.
    [[nodiscard]] QStringList takeCommand(const QString &key);
    /// The same for a value that is one of several.
    [[nodiscard]] QStringList commandFrom(const TomlValue &value, const QString &key);

    /// Tells each key that nobody took, with the nearest known one.
    void finish();

    void fault(TextPlace place, const QString &text) { m_faults.add(place, text); }
    void faultMissing(const QString &key, const QString &expected);
    void faultType(const TomlValue &value, const QString &key, const QString &expected);
    void faultValue(const TomlValue &value, const QString &key, const QString &expected);
    [[nodiscard]] TextPlace place() const { return m_table.place; }
    /// With the table's name before it: "sleep.step.name".
    [[nodiscard]] QString fullKey(const QString &key) const;

private:
    const TomlValue &m_table;
    QString m_name;
    Faults &m_faults;
    QStringList m_known;
};

/// Every key of dormouse.toml, with its sections: "timers.tick", "sleep.step.name", "service.ready.tcp", "hooks.on_wake", "env.NAME".
[[nodiscard]] QStringList configurationKeys();

} // namespace dormouse
