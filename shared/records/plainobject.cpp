// SPDX-License-Identifier: MIT
#include "shared/records/plainobject.h"

namespace dormouse {
namespace {

constexpr int kDigitsMax = 15; // fit into 64 bits and, exactly, into a double

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

bool isBlank(char c)
{
    return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

bool isWord(std::string_view text)
{
    return text == "true" || text == "false" || text == "null";
}

} // namespace

bool PlainWalker::next(std::string_view &key, PlainValue &member)
{
    if (m_isWhole)
        return false;
    if (!take(m_hasBegun ? ',' : '{')) {
        const bool isClosed = m_hasBegun && take('}');
        skipBlanks();
        m_isWhole = isClosed && m_at == m_end;
        return false;
    }
    m_hasBegun = true;
    return string(key) && take(':') && value(member);
}

void PlainWalker::skipBlanks()
{
    while (m_at != m_end && isBlank(*m_at))
        ++m_at;
}

bool PlainWalker::take(char expected)
{
    skipBlanks();
    if (m_at == m_end || *m_at != expected)
        return false;
    ++m_at;
    return true;
}

bool PlainWalker::string(std::string_view &text)
{
    if (!take('"'))
        return false;
    const char *at = m_at; // a local one stays in a register
    while (at != m_end && *at >= 0x20 && *at <= 0x7e && *at != '"' && *at != '\\')
        ++at;
    if (at == m_end || *at != '"')
        return false;
    text = {m_at, static_cast<std::size_t>(at - m_at)};
    m_at = at + 1;
    return true;
}

bool PlainWalker::value(PlainValue &member)
{
    skipBlanks();
    if (m_at != m_end && *m_at == '"') {
        member.kind = PlainKind::String;
        return string(member.text);
    }
    const char *begin = m_at;
    while (m_at != m_end && *m_at != ',' && *m_at != '}' && !isBlank(*m_at))
        ++m_at;
    member.text = {begin, static_cast<std::size_t>(m_at - begin)};
    return number(member) || isWord(member.text);
}

/// -?int(.digits)?, as JSON writes it, but without an exponent, and so short that no digit is lost. Sets the kind.
bool PlainWalker::number(PlainValue &member)
{
    const char *at = member.text.data();
    const char *end = at + member.text.size();
    const bool isNegative = at != end && *at == '-';
    const char *whole = at += isNegative ? 1 : 0;
    while (at != end && isDigit(*at))
        ++at;
    const bool isWhole = at != whole && (*whole != '0' || at - whole == 1);
    member.kind = PlainKind::Word;
    if (!isWhole || end - whole > kDigitsMax)
        return false;
    member.kind = isNegative || at != end ? PlainKind::Number : PlainKind::Integer;
    if (at == end)
        return true;
    const char *fraction = ++at;
    while (at != end && isDigit(*at))
        ++at;
    return fraction[-1] == '.' && at == end && at != fraction;
}

} // namespace dormouse
