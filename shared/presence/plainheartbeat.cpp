// SPDX-License-Identifier: MIT
#include "shared/presence/plainheartbeat.h"

#include "shared/records/plainobject.h"
#include "shared/records/timestamp.h"

#include <array>
#include <charconv>

namespace dormouse {
namespace {

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

    bool set(std::string_view key, const PlainValue &value)
    {
        if (key == "pid")
            return assign(pid, value, PlainKind::Integer);
        if (key == "uuid")
            return assign(uuid, value, PlainKind::String);
        if (key == "last_refresh")
            return assign(lastRefresh, value, PlainKind::String);
        if (key == "last_active")
            return assign(lastActive, value, PlainKind::String);
        if (key == "name")
            return assign(name, value, PlainKind::String);
        return true;
    }

private:
    static bool assign(std::string_view &member, const PlainValue &value, PlainKind wanted)
    {
        if (member.data() != nullptr || value.kind != wanted)
            return false;
        member = value.text;
        return true;
    }
};

bool readMembers(std::string_view bytes, Members &members)
{
    PlainWalker walker(bytes);
    std::string_view key;
    PlainValue value;
    while (walker.next(key, value)) {
        if (!members.set(key, value))
            return false;
    }
    return walker.isWhole();
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
