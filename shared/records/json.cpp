// SPDX-License-Identifier: MIT
#include "shared/records/json.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QLatin1StringView>

#include <algorithm>
#include <charconv>
#include <string_view>

namespace dormouse {
namespace {

using namespace Qt::Literals::StringLiterals;

Error malformed(const QString &message)
{
    return Error{ErrorCode::Malformed, message, {}, 0};
}

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

bool isNumberPart(char c)
{
    return isDigit(c) || c == '-' || c == '+' || c == '.' || c == 'e' || c == 'E';
}

/// The name of a top-level member, or a number, as it stands in the text.
struct Token {
    enum class Kind { Member, Number };

    Kind kind = Kind::Number;
    std::string_view text; ///< of a member: without its quotes, escapes not resolved
    int depth = 0;         ///< 1: directly in the outermost object
};

/// Walks over the tokens of JSON that Qt has accepted, and finds what Qt lets pass though it is no JSON.
class Scan
{
public:
    explicit Scan(const QByteArray &json) : m_json(json.constData(), static_cast<std::size_t>(json.size())) {}

    /// The next token. False at the end, and at the first violation (see violated()).
    bool next(Token &token)
    {
        while (m_at < m_json.size() && !m_violated) {
            const char c = m_json[m_at];
            if (c == '"') {
                takeString();
            } else if (c == '-' || isDigit(c)) {
                token = {Token::Kind::Number, takeNumber(), m_depth};
                return !m_violated;
            } else if (takeStructure(c)) {
                token = {Token::Kind::Member, m_string, m_depth};
                return true;
            }
        }
        return false;
    }

    [[nodiscard]] bool violated() const { return m_violated; }
    [[nodiscard]] std::size_t offset() const { return m_at; }

private:
    /// True after the name of a top-level member.
    bool takeStructure(char c)
    {
        if (c == '{' || c == '[')
            ++m_depth;
        else if (c == '}' || c == ']')
            --m_depth;
        ++m_at;
        return c == ':' && m_depth == 1;
    }

    void takeString()
    {
        const std::size_t begin = ++m_at;
        while (m_at < m_json.size() && m_json[m_at] != '"') {
            const char c = m_json[m_at];
            if (static_cast<unsigned char>(c) < 0x20 || (c == '\\' && !isEscape())) {
                m_violated = true;
                return;
            }
            m_at += c == '\\' ? 2 : 1;
        }
        m_string = m_json.substr(begin, m_at - begin);
        ++m_at;
    }

    [[nodiscard]] bool isEscape() const
    {
        constexpr std::string_view kEscapes = "\"\\/bfnrtu";
        return m_at + 1 < m_json.size() && kEscapes.find(m_json[m_at + 1]) != std::string_view::npos;
    }

    std::string_view takeNumber()
    {
        const std::size_t begin = m_at;
        while (m_at < m_json.size() && isNumberPart(m_json[m_at])) {
            const bool needsDigit = m_json[m_at] == '.';
            ++m_at;
            if (needsDigit && (m_at == m_json.size() || !isDigit(m_json[m_at])))
                m_violated = true;
        }
        return m_json.substr(begin, m_at - begin);
    }

    std::string_view m_json;
    std::string_view m_string;
    std::size_t m_at = 0;
    int m_depth = 0;
    bool m_violated = false;
};

bool isInteger(std::string_view token)
{
    return token.find_first_of(".eE") == std::string_view::npos;
}

std::optional<qint64> toInteger(std::string_view token)
{
    qint64 value = 0;
    const auto [end, error] = std::from_chars(token.data(), token.data() + token.size(), value);
    if (error != std::errc() || end != token.data() + token.size())
        return std::nullopt;
    return value;
}

/// Qt takes a byte order mark at the beginning of any text for one, and drops it: a key or a text of others that begins with U+FEFF would come back without it.
/// As an escape it stays. Behind a quote that ends a text there can be none.
QByteArray withMarksEscaped(QByteArray json)
{
    constexpr QByteArrayView kQuoteAndMark("\"\xef\xbb\xbf");
    if (json.contains(kQuoteAndMark))
        json.replace(kQuoteAndMark, "\"\\ufeff");
    return json;
}

bool isMember(std::string_view raw, QLatin1StringView key)
{
    if (raw.find('\\') == std::string_view::npos)
        return raw == std::string_view(key.data(), static_cast<std::size_t>(key.size()));
    const QByteArray array = "[\"" + QByteArray(raw.data(), static_cast<qsizetype>(raw.size())) + "\"]";
    return QJsonDocument::fromJson(withMarksEscaped(array)).array().at(0).toString() == key;
}

} // namespace

Result<QJsonObject> parseJsonObject(const QByteArray &bytes)
{
    if (bytes.startsWith("\xef\xbb\xbf"))
        return malformed(u"a byte order mark where JSON should begin"_s);
    QJsonParseError error;
    const QJsonDocument document = QJsonDocument::fromJson(withMarksEscaped(bytes), &error);
    if (error.error != QJsonParseError::NoError)
        return malformed(error.errorString() + u" at byte "_s + QString::number(error.offset));
    if (!document.isObject())
        return malformed(u"JSON, but no object"_s);
    Scan scan(bytes);
    for (Token token; scan.next(token);) {
    }
    if (scan.violated())
        return malformed(u"a control character, escape or number that JSON does not have, at byte "_s
                         + QString::number(scan.offset()));
    return document.object();
}

QByteArray formatJsonFile(const QJsonObject &object)
{
    // Qt indents by 4, and breaks the line inside empty containers. Newlines inside strings are escaped, so a line's leading blanks are its indentation.
    const QByteArray wide = withMarksEscaped(QJsonDocument(object).toJson(QJsonDocument::Indented));
    QByteArray result;
    result.reserve(wide.size());
    for (qsizetype from = 0, end = 0; from < wide.size(); from = end + 1) {
        end = wide.indexOf('\n', from);
        if (end < 0)
            end = wide.size();
        const QByteArrayView line = QByteArrayView(wide).sliced(from, end - from);
        const auto text = std::find_if(line.cbegin(), line.cend(), [](char c) { return c != ' '; });
        const bool closesEmpty = (line.endsWith('}') || line.endsWith("},") || line.endsWith(']') || line.endsWith("],"))
                                 && (result.endsWith("{\n") || result.endsWith("[\n")) && text != line.cend()
                                 && (*text == '}' || *text == ']');
        if (closesEmpty)
            result.chop(1);
        else
            result.append((text - line.cbegin()) / 2, ' ');
        result.append(QByteArrayView(text, line.cend()));
        result.append('\n');
    }
    while (result.endsWith("\n\n"))
        result.chop(1);
    return result;
}

QByteArray formatJsonLine(const QJsonObject &object)
{
    return withMarksEscaped(QJsonDocument(object).toJson(QJsonDocument::Compact));
}

std::optional<qint64> jsonInteger(const QJsonValue &value)
{
    // toInteger() answers its default for anything that is no integer; two defaults tell that from a real one.
    const qint64 integer = value.toInteger(0);
    if (!value.isDouble() || (integer == 0 && value.toInteger(1) != 0))
        return std::nullopt;
    return integer;
}

std::optional<qint64> jsonIntegerMember(const QByteArray &bytes, QLatin1StringView key)
{
    std::optional<qint64> result;
    bool isWanted = false;
    Scan scan(bytes);
    for (Token token; scan.next(token);) {
        if (token.kind == Token::Kind::Member) {
            isWanted = isMember(token.text, key);
            if (isWanted)
                result.reset(); // repeated: the last one counts, whatever its type
        } else if (isWanted && token.depth == 1) {
            result = isInteger(token.text) ? toInteger(token.text) : std::nullopt;
        }
    }
    return result;
}

bool hasIntegerBeyond64Bits(const QByteArray &bytes)
{
    Scan scan(bytes);
    for (Token token; scan.next(token);) {
        if (token.kind == Token::Kind::Number && isInteger(token.text) && !toInteger(token.text))
            return true;
    }
    return false;
}

} // namespace dormouse
