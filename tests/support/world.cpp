// SPDX-License-Identifier: MIT
// The agent in its world: time, evaluation, dispatch. What others do to it is in worldevents.cpp.
#include "tests/support/world.h"

#include "tests/support/memoryjson.h"

#include <algorithm>
#include <utility>

namespace dormouse {

using namespace std::chrono_literals;
using namespace Qt::Literals::StringLiterals;

namespace {

constexpr Millis kRefreshEvery = 30s;
constexpr Millis kMissingKept = 24h; // then a wrapper is forgotten, and new when its file comes back
constexpr int kDecisionsMax = 16;
constexpr int kRoundsMax = 4;

} // namespace

World::World(const Settings &initial, Witness *witness) : settings(initial), bootId(u"boot-1"_s), m_witness(witness)
{
    m_lastInput = now().awake;
}

AwakeTime World::nextMoment() const
{
    AwakeTime next = AwakeTime::max();
    if (ticks())
        next = std::min(next, m_nextTick + tickDelay);
    if (m_answerDue)
        next = std::min(next, *m_answerDue);
    if (m_cycleEnd)
        next = std::min(next, *m_cycleEnd);
    if (watches && m_driver) {
        for (const SimClient &client : m_clients) {
            if (client.refreshes && client.entry.alive)
                next = std::min(next, client.nextRefresh);
        }
    }
    return std::max(next, now().awake);
}

/// A lingering agent is silent, as long as a watcher tells it what happens.
bool World::ticks() const
{
    return m_driver && !(watches && m_state == State::Hibernation && m_driver->departure() == Departure::Linger);
}

void World::pass(Millis awake)
{
    const AwakeTime end = now().awake + awake;
    while (true) {
        const AwakeTime next = nextMoment();
        if (next > end)
            break;
        clock.advance(next - now().awake);
        happen();
    }
    clock.advance(end - now().awake);
    refreshFiles();
}

void World::happen()
{
    const bool isChanged = refreshFiles();
    const AwakeTime at = now().awake;
    if (m_cycleEnd && at >= *m_cycleEnd) {
        m_cycleEnd.reset();
        ++m_cyclesCompleted;
        m_driver->cycleCompleted();
        evaluate();
    } else if (m_answerDue && at >= *m_answerDue) {
        answerUser();
    } else if (ticks() && at >= m_nextTick + tickDelay) {
        m_nextTick = at + settings.tick;
        tick();
    } else if (isChanged && watches && m_driver) {
        scan();
    }
}

/// True when a file was written anew.
bool World::refreshFiles()
{
    bool isChanged = false;
    const Instants at = now();
    for (SimClient &client : m_clients) {
        if (!client.refreshes || !client.entry.alive || client.nextRefresh > at.awake)
            continue;
        const auto missed = (at.awake - client.nextRefresh) / kRefreshEvery;
        const AwakeTime last = client.nextRefresh + missed * kRefreshEvery;
        client.entry.heartbeat.lastRefresh = at.wall - (at.awake - last);
        client.nextRefresh = last + kRefreshEvery;
        client.hasFile = isChanged = true;
    }
    return isChanged;
}

void World::tick()
{
    if (m_isWritePending && !isDiskFull) {
        ++m_writes;
        recorded = m_state;
        m_isWritePending = false;
    }
    scan();
}

void World::scan()
{
    observeScan();
    evaluate();
}

void World::observeScan()
{
    const Instants at = now();
    m_scannedAt = at.awake;
    m_scan.at = at.wall;
    m_scan.error = folderError;
    std::size_t count = 0;
    for (SimClient &client : m_clients) {
        if (folderError)
            continue;
        if (!client.hasFile) {
            noteMissing(client, at.awake);
            continue;
        }
        client.missingSince.reset();
        const bool isFirstSight = !std::exchange(client.wasSeen, true);
        if (isFirstSight || client.seenActive != client.entry.heartbeat.lastActive)
            client.lastUse = at.awake; // as far as the agent can tell
        client.seenActive = client.entry.heartbeat.lastActive;
        if (m_scan.entries.size() <= count)
            m_scan.entries.emplace_back();
        HeartbeatEntry &entry = m_scan.entries[count++];
        entry = client.entry;
        entry.status = heartbeatStatus(entry.heartbeat.lastRefresh, entry.alive, at.wall, settings.staleAfter);
    }
    m_scan.entries.resize(count);
    m_driver->observeScan(m_scan, at);
}

void World::noteMissing(SimClient &client, AwakeTime at)
{
    client.missingSince = client.missingSince.value_or(at);
    if (at - *client.missingSince >= kMissingKept)
        client.wasSeen = client.isLeaked = false;
}

void World::start(const StartOptions &options)
{
    outside();
    m_startOptions = options;
    m_state = recorded;
    m_isWritePending = m_isMemoryDue = false;
    for (SimClient &client : m_clients) {
        const Heartbeat &heartbeat = client.entry.heartbeat;
        const auto isIt = [&heartbeat](const auto &id) { return id.pid == heartbeat.pid && id.uuid == heartbeat.uuid; };
        client.isIgnored = memory.wish && memory.bootId == bootId && std::ranges::any_of(memory.wish->ignored, isIt);
        const auto known = std::ranges::find_if(memory.wrappers, isIt, &WrapperMemory::id);
        const bool isFirstSight = memory.bootId != bootId || known == memory.wrappers.end();
        client.wasSeen = !isFirstSight;
        client.missingSince.reset();
        if (isFirstSight)
            client.isLeaked = false; // nobody knows its parent any more
        else
            client.seenActive = known->lastActiveField;
    }
    m_driver.emplace(settings);
    StartContext context;
    context.recorded = recorded;
    context.bootId = bootId;
    context.memory = memoryFromJson(memoryToJson(memory));
    context.supervised = options.supervised;
    context.shadowRun = options.shadowRun;
    context.wakeRequested = options.wakeRequested;
    m_driver->start(context, now());
    m_isHeld = m_driver->currentHold().has_value();
    m_holdUntil = m_isHeld ? m_driver->currentHold()->untilElapsed : std::nullopt;
    m_nextTick = now().awake + settings.tick;
    evaluate();
    if (m_driver)
        scan();
}

void World::evaluate()
{
    if (!m_driver)
        return;
    if (m_isHeld && m_holdUntil && now().elapsed >= *m_holdUntil) {
        m_isHeld = false;
        outside();
    }
    int round = 0;
    for (; round < kRoundsMax; ++round) {
        if (m_driver->observeSignal(m_signal, now()))
            outside();
        const bool isRunning = m_cycleEnd.has_value();
        m_driver->observeCycle({isRunning, false, canStartCycle && !isRunning, {}});
        if (!decide() && m_witness)
            m_witness->broken("does not settle");
        removeSignal();
        saveMemory(false);
        if (!m_driver->needsIdleness(now()) || m_answerDue)
            break;
        askUser();
        if (m_answerDue)
            break;
    }
    if (round == kRoundsMax && m_witness)
        m_witness->broken("asks for the user's idleness again and again");
    if (m_witness)
        m_witness->evaluated();
    if (m_driver->departure() == Departure::Exit) {
        saveMemory(true);
        m_driver.reset();
        m_leases.clear();
        m_answerDue.reset();
        ++m_exits;
    }
}

/// False when it went on for ever.
bool World::decide()
{
    for (int count = 0; count < kDecisionsMax; ++count) {
        const auto decision = m_driver->next(now());
        if (!decision)
            return true;
        const bool ok = carryOut(*decision);
        m_driver->settled(*decision, m_state, ok, now());
        if (!ok && !m_driver->isDemandPending())
            return true;
    }
    return false;
}

bool World::carryOut(const Decision &decision)
{
    if (decision.kind == Decision::Kind::Dispatch)
        return dispatch(decision.event, decision.payload);
    if (m_witness && (m_state != State::Sleep || m_cycleEnd || !canStartCycle))
        m_witness->broken("starts a cycle that cannot be");
    m_cycleEnd = now().awake + cycleLength;
    m_driver->observeCycle({true, false, false, {}});
    return true;
}

/// The specification's "Dispatch", with a disk that may be full.
bool World::dispatch(Event event, Payload payload)
{
    const auto target = transition(m_state, event, payload);
    if (!target && !isActivity(event)) {
        if (m_witness)
            m_witness->broken("dispatches what changes nothing");
        return true;
    }
    ++m_writes;
    if (isDiskFull && target != State::Wake)
        return false;
    if (!isDiskFull)
        recorded = target.value_or(m_state);
    m_isWritePending = isDiskFull;
    if (target)
        enter(*target, event);
    return true;
}

void World::enter(State to, Event trigger)
{
    const State from = std::exchange(m_state, to);
    if (from != to) {
        ++m_entries[static_cast<std::size_t>(to)];
        if (from == State::Sleep)
            m_cycleEnd.reset(); // interrupted
    }
    if (from != to && to == State::Wake) {
        for (SimClient &client : m_clients)
            client.isIgnored = false;
        for (SimLease &lease : m_leases)
            lease.isIgnored = false;
    }
    if (m_witness)
        m_witness->entered(from, to, trigger);
}

/// Last, once the wake is durable.
void World::removeSignal()
{
    if (!m_signal || !m_driver->isSignalKept() || m_isWritePending || !canRemoveSignal)
        return;
    m_signal.reset();
    if (m_driver->observeSignal(std::nullopt, now()) && m_witness)
        m_witness->broken("counts a wake.signal that is gone");
}

void World::saveMemory(bool always)
{
    const bool isChanged = m_driver->takeMemoryChanged();
    m_isMemoryDue = m_isMemoryDue || isChanged || always;
    if (!m_isMemoryDue || isDiskFull)
        return;
    memory = m_driver->memory(now());
    if (m_isWritePending)
        memory.countedSignal.reset(); // it counts again when the wake is lost
    m_isMemoryDue = false;
}

void World::askUser()
{
    switch (userSource) {
    case UserSource::Absent: m_driver->observeIdleness({}, now()); break;
    case UserSource::Present:
        m_answerDue = now().awake;
        answerUser();
        break;
    case UserSource::Slow: m_answerDue = now().awake + 1500ms; break;
    case UserSource::Silent: m_answerDue = now().awake + defaults::kIdleAnswerLimit; break;
    }
}

void World::answerUser()
{
    const bool isImmediate = m_answerDue && userSource == UserSource::Present;
    m_answerDue.reset();
    UserIdleness answer;
    if (userSource == UserSource::Present || userSource == UserSource::Slow) {
        answer.idle = userIdle();
        answer.displayAsleep = displayAsleep;
        answer.sleptRecently =
            m_resumedAt && now().awake - *m_resumedAt <= defaults::kSleptRecently && m_lastInput < *m_resumedAt;
        answer.sources = {u"test"_s};
    }
    m_driver->observeIdleness(answer, now());
    if (!isImmediate)
        evaluate();
}

} // namespace dormouse
