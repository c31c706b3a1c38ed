// SPDX-License-Identifier: MIT
#include "shared/records/jsonwriter.h"

#include "shared/records/json.h"

#include <QJsonArray>
#include <QJsonDocument>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace dormouse {
namespace {

bool isPlain(QChar c)
{
    return c >= u' ' && c <= u'~' && c != u'"' && c != u'\\';
}

template<typename Number>
void append(std::string &text, Number number)
{
    std::array<char, 32> digits{};
    const auto [end, failure] = std::to_chars(digits.data(), digits.data() + digits.size(), number);
    text.append(digits.data(), end);
}

} // namespace

void JsonWriter::begin(std::string_view key)
{
    m_text += m_text.empty() ? "\"" : ",\"";
    m_text += key;
    m_text += "\":";
}

JsonWriter &JsonWriter::text(std::string_view key, QStringView value)
{
    begin(key);
    if (!std::all_of(value.begin(), value.end(), isPlain)) {
        const QByteArray array = QJsonDocument(QJsonArray{value.toString()}).toJson(QJsonDocument::Compact);
        m_text.append(array.constData() + 1, static_cast<std::size_t>(array.size() - 2));
        return *this;
    }
    const std::size_t from = m_text.size();
    m_text.resize(from + static_cast<std::size_t>(value.size()) + 2);
    char *to = m_text.data() + from;
    *to++ = '"';
    for (const QChar c : value)
        *to++ = static_cast<char>(c.unicode());
    *to = '"';
    return *this;
}

JsonWriter &JsonWriter::integer(std::string_view key, qint64 value)
{
    begin(key);
    append(m_text, value);
    return *this;
}

JsonWriter &JsonWriter::number(std::string_view key, double value)
{
    if (!std::isfinite(value))
        return null(key);
    begin(key);
    append(m_text, value);
    return *this;
}

JsonWriter &JsonWriter::boolean(std::string_view key, bool value)
{
    begin(key);
    m_text += value ? "true" : "false";
    return *this;
}

JsonWriter &JsonWriter::null(std::string_view key)
{
    begin(key);
    m_text += "null";
    return *this;
}

JsonWriter &JsonWriter::json(std::string_view key, std::string_view value)
{
    begin(key);
    m_text += value;
    return *this;
}

JsonWriter &JsonWriter::objectOrNull(std::string_view key, const std::optional<QJsonObject> &value)
{
    return value ? json(key, formatJsonLine(*value).toStdString()) : null(key);
}

} // namespace dormouse
