// SPDX-License-Identifier: MIT
#pragma once

#include "shared/config/faults.h"

#include <QByteArray>
#include <QString>

#include <cstdint>
#include <variant>
#include <vector>

namespace dormouse {

struct TomlEntry;

/// A parsed TOML value as plain data, with its place in the file: what the rest of the program sees of the parser.
struct TomlValue {
    enum class Kind : std::uint8_t { String, Integer, Fraction, Boolean, Time, Array, Table };

    Kind kind = Kind::Table;
    QString text;                   ///< a string's content; a number in plain digits; "true" or "false"
    std::vector<TomlValue> items;   ///< of an array
    std::vector<TomlEntry> entries; ///< of a table, in the order of the file
    TextPlace place;                ///< of the value; of a section, its header

    [[nodiscard]] bool isString() const { return kind == Kind::String; }
    [[nodiscard]] bool isInteger() const { return kind == Kind::Integer; }
    [[nodiscard]] bool isBoolean() const { return kind == Kind::Boolean; }
    [[nodiscard]] bool isArray() const { return kind == Kind::Array; }
    [[nodiscard]] bool isTable() const { return kind == Kind::Table; }
};

struct TomlEntry {
    QString key;
    TextPlace keyPlace;
    TomlValue value;
};

/// For a person: "a string", "a whole number", …
[[nodiscard]] QString kindName(TomlValue::Kind kind);

inline constexpr qint64 kConfigurationBytesMax = 1024 * 1024; ///< a dormouse.toml is a few kB; more is a mistake or an attack

/// Parses a TOML 1.0 document: its root table, or the first thing that is wrong. Takes any bytes: size, encoding and nesting are bounded
/// before the parser sees them. Throws nothing. Thread: any.
[[nodiscard]] std::variant<TomlValue, ConfigurationFault> parseToml(const QByteArray &text);

} // namespace dormouse
