// SPDX-License-Identifier: MIT
#include "agent/decide/presencebook.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace dormouse {
namespace {

bool isIgnored(const JudgedWrapper &wrapper, const std::optional<Wish> &wish)
{
    if (!wish)
        return false;
    const Heartbeat &heartbeat = wrapper.entry.heartbeat;
    const auto samePid = std::ranges::equal_range(wish->ignored, heartbeat.pid, {}, &IgnoredWrapper::pid);
    return std::ranges::find(samePid, heartbeat.uuid, &IgnoredWrapper::uuid) != samePid.end();
}

/// A parent that is no reaper was a live process: orphans are re-parented at once.
bool hasLiveParent(const HeartbeatEntry &entry)
{
    return entry.parent == ParentKind::Other;
}

// A file that comes back is no first sight: it may have been cleaned away while its wrapper hung. A day covers that; the number bounds dormouse.json.
constexpr Millis kGoneKept = std::chrono::hours(24);
constexpr std::size_t kGoneMax = 256;
constexpr std::size_t kStoredMax = 2048; ///< wrappers that outlive the agent: writing more takes megabytes and milliseconds
constexpr std::size_t kSpareMax = 256;   ///< room for wrappers that is kept though there are few

} // namespace

void PresenceBook::restore(const AgentMemory &memory, AwakeTime now)
{
    m_remembered.clear();
    m_origins.clear();
    for (WrapperMemory wrapper : memory.wrappers) {
        if (wrapper.lastActivity)
            wrapper.lastActivity = std::min(*wrapper.lastActivity, now); // a damaged file's future would never be over
        if (wrapper.id.startTime)
            m_origins.insert_or_assign(wrapper.id.pid, Origin{*wrapper.id.startTime, wrapper.parentWasLive, wrapper.leaked});
        m_remembered.insert_or_assign(Key{wrapper.id.pid, wrapper.id.uuid}, Remembered{.startTime = wrapper.id.startTime,
                                                                                       .firstSeen = wrapper.firstSeen,
                                                                                       .lastActiveField = wrapper.lastActiveField,
                                                                                       .lastActivity = wrapper.lastActivity,
                                                                                       .parentWasLive = wrapper.parentWasLive,
                                                                                       .leaked = wrapper.leaked,
                                                                                       .seen = false,
                                                                                       .goneSince = {}});
    }
}

void PresenceBook::store(AgentMemory &memory) const
{
    memory.wrappers.clear();
    memory.wrappers.reserve(std::min(m_remembered.size(), kStoredMax));
    AwakeTime last = AwakeTime::max(); // of very many those that were there first: a flood pushes nobody out
    if (m_remembered.size() > kStoredMax) {
        std::vector<AwakeTime> times;
        times.reserve(m_remembered.size());
        for (const auto &item : m_remembered)
            times.push_back(item.second.firstSeen);
        const auto middle = times.begin() + static_cast<std::ptrdiff_t>(kStoredMax) - 1;
        std::ranges::nth_element(times, middle);
        last = *middle;
    }
    const auto store = [&memory](const Key &key, const Remembered &remembered) {
        memory.wrappers.push_back({.id = {key.pid, remembered.startTime, key.uuid},
                                   .firstSeen = remembered.firstSeen,
                                   .lastActiveField = remembered.lastActiveField,
                                   .lastActivity = remembered.lastActivity,
                                   .parentWasLive = remembered.parentWasLive,
                                   .leaked = remembered.leaked});
    };
    for (const auto &[key, remembered] : m_remembered) {
        if (remembered.firstSeen < last)
            store(key, remembered);
    }
    for (const auto &[key, remembered] : m_remembered) { // of those seen at the same moment as many as there is room for
        if (remembered.firstSeen == last && memory.wrappers.size() < kStoredMax)
            store(key, remembered);
    }
    std::ranges::sort(memory.wrappers, {}, &WrapperMemory::id);
}

bool PresenceBook::absorb(const HeartbeatScan &scan, AwakeTime now, Millis staleAfter)
{
    if (scan.error) {
        growOld(scan.at, staleAfter);
        return false;
    }
    bool learned = false;
    for (auto &[key, remembered] : m_remembered)
        remembered.seen = false;
    m_wrappers.clear();
    if (m_wrappers.capacity() < scan.entries.size() || m_wrappers.capacity() > 4 * scan.entries.size() + kSpareMax)
        m_wrappers.shrink_to_fit(); // of a flood not both, the old room and the new one; and no room once it is over
    m_wrappers.reserve(scan.entries.size());
    for (const HeartbeatEntry &entry : scan.entries) {
        JudgedWrapper &wrapper = m_wrappers.emplace_back();
        wrapper.entry = entry;
        learned |= absorbEntry(wrapper, now);
    }
    m_overflow = scan.overflow;
    learned |= forgetGone(now);
    return learned;
}

/// A folder that cannot be read says nothing new about anybody, but nobody stays FRESH by that.
void PresenceBook::growOld(WallTime now, Millis staleAfter)
{
    for (JudgedWrapper &wrapper : m_wrappers) {
        wrapper.keptFresh = false;
        wrapper.entry.status =
            heartbeatStatus(wrapper.entry.heartbeat.lastRefresh, wrapper.entry.alive && !wrapper.reused, now, staleAfter);
    }
}

bool PresenceBook::absorbEntry(JudgedWrapper &wrapper, AwakeTime now)
{
    HeartbeatEntry &entry = wrapper.entry;
    const auto [position, isNew] = m_remembered.try_emplace(Key{entry.heartbeat.pid, entry.heartbeat.uuid});
    Remembered &memory = position->second;
    const auto isOther = [&entry, &memory] {
        return entry.startTime && memory.startTime && *entry.startTime != *memory.startTime;
    };
    const bool isFirstSight = isNew || (memory.goneSince && isOther());
    bool learned = isFirstSight;
    if (isFirstSight) {
        memory = {};
        memory.firstSeen = now;
        memory.lastActivity = now;
        memory.lastActiveField = entry.heartbeat.lastActive;
    }
    memory.seen = true;
    memory.goneSince.reset();
    wrapper.reused = entry.reused || isOther();
    if (wrapper.reused && entry.status == HeartbeatStatus::Fresh)
        entry.status = HeartbeatStatus::Orphan;
    if (!wrapper.reused && entry.alive)
        learned |= noteOrigin(memory, entry);
    if (entry.heartbeat.lastActive && entry.heartbeat.lastActive != memory.lastActiveField) {
        memory.lastActiveField = entry.heartbeat.lastActive; // compared with itself, never with our clock
        memory.lastActivity = now;
    }
    entry.heartbeat.lastActive = memory.lastActiveField; // a torn file does not take it back
    wrapper.leaked = memory.leaked;
    wrapper.lastActivity = memory.lastActivity;
    wrapper.neverKnown = !memory.lastActiveField;
    return learned;
}

/// True when something new is known of the process behind an entry: when it was started, who its parent was, that it has leaked.
bool PresenceBook::noteOrigin(Remembered &memory, const HeartbeatEntry &entry)
{
    const auto facts = [&memory] { return std::tuple(memory.startTime, memory.parentWasLive, memory.leaked); };
    const auto before = facts();
    if (!memory.startTime && entry.startTime) {
        memory.startTime = entry.startTime;
        memory.parentWasLive |= hasLiveParent(entry);
    }
    if (!entry.startTime)
        memory.parentWasLive |= hasLiveParent(entry); // where start times are not told
    if (memory.startTime) {
        Origin &origin = m_origins[entry.heartbeat.pid];
        if (origin.startTime == *memory.startTime) {
            memory.parentWasLive |= origin.parentWasLive;
            memory.leaked |= origin.leaked;
        }
    }
    memory.leaked |= memory.parentWasLive && entry.parent == ParentKind::Reaper;
    if (memory.startTime)
        m_origins[entry.heartbeat.pid] = {*memory.startTime, memory.parentWasLive, memory.leaked};
    return facts() != before;
}

/// Forgets wrappers whose files have been missing for long, and the longest missing of very many. True when some were.
bool PresenceBook::forgetGone(AwakeTime now)
{
    std::vector<AwakeTime> gone;
    for (auto &[key, remembered] : m_remembered) {
        if (remembered.seen)
            continue;
        if (!remembered.goneSince)
            remembered.goneSince = now;
        gone.push_back(*remembered.goneSince);
    }
    AwakeTime limit = now - kGoneKept;
    if (gone.size() > kGoneMax) {
        const auto last = gone.end() - static_cast<std::ptrdiff_t>(kGoneMax) - 1;
        std::ranges::nth_element(gone, last);
        limit = std::max(limit, *last);
    }
    const auto isForgotten = [limit](const auto &item) { return item.second.goneSince && *item.second.goneSince <= limit; };
    if (std::erase_if(m_remembered, isForgotten) == 0)
        return false;
    std::unordered_map<qint64, Origin> kept;
    for (const auto &[key, remembered] : m_remembered) {
        if (const auto found = m_origins.find(key.pid); found != m_origins.end())
            kept.insert(*found);
    }
    m_origins = std::move(kept);
    return true;
}

bool isFrom(const Requester &requester, qint64 pid, const QString &uuid)
{
    return (!requester.uuid.isEmpty() && requester.uuid == uuid) || (requester.pid > 0 && requester.pid == pid);
}

void PresenceBook::noteUse(const Requester &requester, AwakeTime now)
{
    for (JudgedWrapper &wrapper : m_wrappers) {
        const Heartbeat &heartbeat = wrapper.entry.heartbeat;
        if (!isFrom(requester, heartbeat.pid, heartbeat.uuid))
            continue;
        wrapper.lastActivity = now;
        if (const auto found = m_remembered.find(Key{heartbeat.pid, heartbeat.uuid}); found != m_remembered.end())
            found->second.lastActivity = now;
    }
}

void PresenceBook::beginGrace()
{
    for (const JudgedWrapper &wrapper : m_wrappers) {
        if (wrapper.entry.status == HeartbeatStatus::Fresh)
            m_graced.insert({wrapper.entry.heartbeat.pid, wrapper.entry.heartbeat.uuid});
    }
}

void PresenceBook::endGrace()
{
    m_graced.clear();
    for (JudgedWrapper &wrapper : m_wrappers) {
        if (std::exchange(wrapper.keptFresh, false))
            wrapper.entry.status = HeartbeatStatus::Stale;
    }
}

void PresenceBook::judge(const JudgeContext &context)
{
    m_presentCount = 0;
    m_dependsOnUser = false;
    for (JudgedWrapper &wrapper : m_wrappers) {
        HeartbeatEntry &entry = wrapper.entry;
        if (entry.status == HeartbeatStatus::Stale && entry.alive && !wrapper.reused && !m_graced.empty()
            && m_graced.contains(Key{entry.heartbeat.pid, entry.heartbeat.uuid})) {
            entry.status = HeartbeatStatus::Fresh;
            wrapper.keptFresh = true;
        }
        wrapper.counting = countingOf(wrapper, context);
        m_presentCount += wrapper.counts() ? 1 : 0;
    }
}

Counting PresenceBook::countingOf(const JudgedWrapper &wrapper, const JudgeContext &context)
{
    switch (wrapper.entry.status) {
    case HeartbeatStatus::Stale: return Counting::Stale;
    case HeartbeatStatus::Orphan: return Counting::Orphan;
    case HeartbeatStatus::Fresh: break;
    }
    if (wrapper.leaked && context.settings.ignoreLeaked)
        return Counting::Leaked;
    if (isIgnored(wrapper, context.wish))
        return Counting::UnderWish;
    if (context.settings.presence == PresencePolicy::Attached)
        return Counting::Counts;
    const Millis window = context.settings.drowsyAfter;
    if (wrapper.lastActivity && context.now - *wrapper.lastActivity <= window)
        return Counting::Counts;
    m_dependsOnUser = true;
    if (context.userIdle)
        return *context.userIdle <= window ? Counting::Counts : Counting::Unused;
    return wrapper.neverKnown && context.isUserAnswered ? Counting::Counts : Counting::Unused;
}

std::vector<IgnoredWrapper> PresenceBook::attached() const
{
    std::vector<IgnoredWrapper> result;
    for (const JudgedWrapper &wrapper : m_wrappers) {
        const Heartbeat &heartbeat = wrapper.entry.heartbeat;
        if (wrapper.entry.status != HeartbeatStatus::Orphan && wrapper.entry.alive)
            result.push_back({heartbeat.pid, heartbeat.uuid, heartbeat.lastActive});
    }
    std::ranges::sort(result, {}, &IgnoredWrapper::pid);
    return result;
}

} // namespace dormouse
