// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QJsonObject>
#include <QString>

#include <optional>
#include <string>
#include <string_view>

namespace dormouse {

/// Writes the members of one JSON object straight into text: for answers that are asked for so often that a QJsonObject on the way costs too much. Keys are
/// ASCII and need no escapes. The text holds what QJsonDocument would write, in the order added, without the braces.
class JsonWriter
{
public:
    explicit JsonWriter(std::size_t expectedBytes) { m_text.reserve(expectedBytes); }

    JsonWriter &text(std::string_view key, QStringView value);
    JsonWriter &integer(std::string_view key, qint64 value);
    JsonWriter &number(std::string_view key, double value); ///< null when it is not finite
    JsonWriter &boolean(std::string_view key, bool value);
    JsonWriter &null(std::string_view key);
    /// `value` is JSON.
    JsonWriter &json(std::string_view key, std::string_view value);

    JsonWriter &textOrNull(std::string_view key, const std::optional<QString> &value)
    {
        return value ? text(key, *value) : null(key);
    }
    JsonWriter &numberOrNull(std::string_view key, const std::optional<double> &value)
    {
        return value ? number(key, *value) : null(key);
    }
    JsonWriter &objectOrNull(std::string_view key, const std::optional<QJsonObject> &value);

    [[nodiscard]] QByteArray members() const { return QByteArray::fromStdString(m_text); }
    [[nodiscard]] std::string object() const { return '{' + m_text + '}'; }

private:
    void begin(std::string_view key);

    std::string m_text;
};

} // namespace dormouse
