// SPDX-License-Identifier: MIT
// The only source that sees the parser's library: it is slow to compile, and its exceptions end here.
#include "shared/config/tomlvalue.h"

#include "shared/base/text.h"
#include "shared/config/tomltext.h"

#include <QLocale>

#include <algorithm>
#include <exception>
#include <string_view>
#include <tuple>

#include <toml++/toml.h>

namespace dormouse {
namespace {

using namespace Qt::Literals::StringLiterals;

TextPlace placeOf(const toml::source_region &region)
{
    TextPlace place{static_cast<int>(region.begin.line), static_cast<int>(region.begin.column), 1};
    if (region.end.line == region.begin.line && region.end.column > region.begin.column)
        place.length = static_cast<int>(region.end.column - region.begin.column);
    return place;
}

TomlValue scalar(TomlValue::Kind kind, const QString &text)
{
    TomlValue value;
    value.kind = kind;
    value.text = text;
    return value;
}

TomlValue converted(const toml::node &node);

TomlValue convertedArray(const toml::array &array)
{
    TomlValue value = scalar(TomlValue::Kind::Array, {});
    for (const toml::node &item : array)
        value.items.push_back(converted(item));
    return value;
}

TomlValue convertedTable(const toml::table &table)
{
    TomlValue value;
    for (const auto &[key, node] : table)
        value.entries.push_back({QString::fromStdString(std::string(key.str())), placeOf(key.source()), converted(node)});
    // The library sorts by key; a person reads from the top.
    std::stable_sort(value.entries.begin(), value.entries.end(), [](const TomlEntry &a, const TomlEntry &b) {
        return std::tie(a.keyPlace.line, a.keyPlace.column) < std::tie(b.keyPlace.line, b.keyPlace.column);
    });
    return value;
}

/// Recursion is bounded: findParserTrap() came before.
TomlValue converted(const toml::node &node)
{
    using Kind = TomlValue::Kind;
    TomlValue value;
    if (const auto *table = node.as_table())
        value = convertedTable(*table);
    else if (const auto *array = node.as_array())
        value = convertedArray(*array);
    else if (const auto *text = node.as_string())
        value = scalar(Kind::String, QString::fromStdString(text->get()));
    else if (const auto *integer = node.as_integer())
        value = scalar(Kind::Integer, QString::number(integer->get()));
    else if (const auto *fraction = node.as_floating_point())
        value = scalar(Kind::Fraction, QString::number(fraction->get(), 'f', QLocale::FloatingPointShortest));
    else if (const auto *boolean = node.as_boolean())
        value = scalar(Kind::Boolean, boolean->get() ? u"true"_s : u"false"_s);
    else
        value = scalar(Kind::Time, {});
    value.place = placeOf(node.source());
    return value;
}

/// The parser's own words, without what only its authors understand.
QString cleaned(std::string_view description)
{
    constexpr int kDescriptionMax = 300;
    QString text = QString::fromUtf8(description.data(), static_cast<qsizetype>(description.size()));
    const QString prefix = u"Error while parsing "_s;
    if (text.startsWith(prefix))
        text = u"in a "_s + text.mid(prefix.size());
    text.replace(u"in a array"_s, u"in an array"_s).replace(u"in a inline table"_s, u"in an inline table"_s);
    return sanitized(text, kDescriptionMax);
}

} // namespace

QString kindName(TomlValue::Kind kind)
{
    switch (kind) {
    case TomlValue::Kind::String: return u"a string"_s;
    case TomlValue::Kind::Integer: return u"a whole number"_s;
    case TomlValue::Kind::Fraction: return u"a fraction"_s;
    case TomlValue::Kind::Boolean: return u"a boolean"_s;
    case TomlValue::Kind::Time: return u"a date or time"_s;
    case TomlValue::Kind::Array: return u"an array"_s;
    case TomlValue::Kind::Table: return u"a table"_s;
    }
    return {};
}

std::variant<TomlValue, ConfigurationFault> parseToml(const QByteArray &text)
{
    if (text.size() > kConfigurationBytesMax)
        return ConfigurationFault{{}, u"the file is larger than 1 MiB"_s};
    if (const auto fault = findWrongEncoding(text))
        return *fault;
    if (const auto fault = findParserTrap(text))
        return *fault;
    try {
        const toml::table table = toml::parse(std::string_view(text.constData(), static_cast<std::size_t>(text.size())));
        return converted(table);
    } catch (const toml::parse_error &error) {
        const TextPlace place = placeOf(error.source());
        const QString description = cleaned(error.description());
        return ConfigurationFault{place, u"not valid TOML: "_s + description + syntaxHint(text, place, description)};
    } catch (const std::exception &error) {
        return ConfigurationFault{{}, u"it could not be parsed: "_s + cleaned(error.what())};
    }
}

} // namespace dormouse
