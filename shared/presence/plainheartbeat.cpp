// SPDX-License-Identifier: MIT
#include "shared/presence/plainheartbeat.h"

#include "shared/records/timestamp.h"

#include <array>
#include <charconv>

namespace dormouse {
namespace {

enum class ValueKind { String, Integer, Word };

struct Value {
    ValueKind kind = ValueKind::Word;
    std::string_view text; // of a string: without its quotes
};

/// Walks over one flat object. Each member answers false where the text is not plain.
class Walker
{
public:
    explicit Walker(std::string_view bytes) : m_rest(bytes) {}

    bool take(char expected)
    {
        skipBlanks();
        if (m_rest.empty() || m_rest.front() != expected)
            return false;
        m_rest.remove_prefix(1);
        return true;
    }

    bool string(std::string_view &text)
    {
        if (!take('"'))
            return false;
        std::size_t length = 0;
        while (length < m_rest.size() && m_rest[length] != '"') {
            const char c = m_rest[length];
            if (c < 0x20 || c > 0x7e || c == '\\')
                return false;
            ++length;
        }
        if (length == m_rest.size())
            return false;
        text = m_rest.substr(0, length);
        m_rest.remove_prefix(length + 1);
        return true;
    }

    bool value(Value &value)
    {
        skipBlanks();
        if (m_rest.empty())
            return false;
        if (m_rest.front() == '"') {
            value.kind = ValueKind::String;
            return string(value.text);
        }
        value.text = m_rest.substr(0, m_rest.find_first_of(",} \t\r\n"));
        m_rest.remove_prefix(value.text.size());
        value.kind = isInteger(value.text) ? ValueKind::Integer : ValueKind::Word;
        return value.kind == ValueKind::Integer || value.text == "true" || value.text == "false" || value.text == "null";
    }

    bool atEnd()
    {
        skipBlanks();
        return m_rest.empty();
    }

private:
    void skipBlanks()
    {
        while (!m_rest.empty()
               && (m_rest.front() == ' ' || m_rest.front() == '\n' || m_rest.front() == '\t' || m_rest.front() == '\r'))
            m_rest.remove_prefix(1);
    }

    /// As JSON writes it, and short enough to fit into 64 bits and, exactly, into a double.
    static bool isInteger(std::string_view text)
    {
        if (text.empty() || text.size() > 15 || (text.front() == '0' && text.size() > 1))
            return false;
        return text.find_first_not_of("0123456789") == std::string_view::npos;
    }

    std::string_view m_rest;
};

std::optional<WallTime> plainTime(std::string_view text)
{
    std::array<char16_t, 48> wide{};
    if (text.size() > wide.size())
        return std::nullopt;
    for (std::size_t at = 0; at < text.size(); ++at)
        wide[at] = static_cast<char16_t>(text[at]);
    return parseTimestamp(QStringView(wide.data(), static_cast<qsizetype>(text.size())));
}

QString plainText(std::string_view text)
{
    return QString::fromLatin1(text.data(), static_cast<qsizetype>(text.size()));
}

/// The members of a heartbeat that matter; a text not set has no data.
struct Members {
    std::string_view pid, uuid, lastRefresh, lastActive, name;

    bool set(std::string_view key, const Value &value)
    {
        if (key == "pid")
            return assign(pid, value, ValueKind::Integer);
        if (key == "uuid")
            return assign(uuid, value, ValueKind::String);
        if (key == "last_refresh")
            return assign(lastRefresh, value, ValueKind::String);
        if (key == "last_active")
            return assign(lastActive, value, ValueKind::String);
        if (key == "name")
            return assign(name, value, ValueKind::String);
        return true;
    }

private:
    static bool assign(std::string_view &member, const Value &value, ValueKind wanted)
    {
        if (member.data() != nullptr || value.kind != wanted)
            return false;
        member = value.text;
        return true;
    }
};

bool readMembers(std::string_view bytes, Members &members)
{
    Walker walker(bytes);
    if (!walker.take('{'))
        return false;
    do {
        std::string_view key;
        Value value;
        if (!walker.string(key) || !walker.take(':') || !walker.value(value) || !members.set(key, value))
            return false;
    } while (walker.take(','));
    return walker.take('}') && walker.atEnd();
}

} // namespace

std::optional<Heartbeat> parsePlainHeartbeat(std::string_view bytes)
{
    Members members;
    if (!readMembers(bytes, members) || members.pid.empty() || members.lastRefresh.empty())
        return std::nullopt;
    const std::optional<WallTime> refreshed = plainTime(members.lastRefresh);
    if (!refreshed)
        return std::nullopt;
    Heartbeat heartbeat;
    std::from_chars(members.pid.data(), members.pid.data() + members.pid.size(), heartbeat.pid);
    heartbeat.uuid = plainText(members.uuid);
    heartbeat.lastRefresh = *refreshed;
    heartbeat.name = plainText(members.name);
    if (members.lastActive.data() != nullptr) {
        heartbeat.lastActive = plainTime(members.lastActive);
        if (!heartbeat.lastActive)
            return std::nullopt;
    }
    return heartbeat;
}

} // namespace dormouse
