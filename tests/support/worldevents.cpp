// SPDX-License-Identifier: MIT
// What others do to the agent: clients, the person, the machine.
#include "tests/support/world.h"

#include <algorithm>

namespace dormouse {

using namespace std::chrono_literals;
using namespace Qt::Literals::StringLiterals;

namespace {

} // namespace

/// Everything up to now has happened before what comes.
void World::outside()
{
    refreshFiles();
    if (m_witness)
        m_witness->outside();
}

void World::changed()
{
    if (watches && m_driver)
        scan();
}

void World::suspend(Millis length, bool isTold)
{
    outside();
    clock.suspend(length);
    m_resumedAt = now().awake;
    if (isTold && m_driver) {
        m_driver->observeResume(now());
        evaluate();
    }
}

void World::stepWall(Millis by)
{
    outside();
    clock.stepWall(by);
}

void World::reboot(Millis off)
{
    crash();
    m_clients.clear();
    m_resumedAt.reset();
    clock.reboot(off);
    bootId += u'x';
    m_lastInput = now().awake;
}

void World::crash()
{
    outside();
    m_driver.reset();
    m_answerDue.reset();
    m_cycleEnd.reset();
    m_leases.clear();
}

void World::stop()
{
    if (m_driver)
        saveMemory(true);
    crash();
}

int World::attach(const ClientOptions &options)
{
    outside();
    SimClient client;
    const int pid = ++m_lastPid;
    client.entry.name = "heartbeat.json";
    client.entry.heartbeat.pid = pid;
    client.entry.heartbeat.uuid = u"client-"_s + QString::number(pid);
    client.entry.heartbeat.lastRefresh = now().wall;
    if (options.tellsActive)
        client.entry.heartbeat.lastActive = now().wall;
    client.entry.alive = true;
    client.entry.startTime = qint64{pid} * 100;
    client.entry.parent = options.isLeaked ? ParentKind::Reaper : ParentKind::Other;
    client.nextRefresh = now().awake + (options.phase > 0ms ? options.phase : 30s);
    client.lastUse = now().awake;
    m_clients.push_back(client);
    changed();
    return static_cast<int>(m_clients.size()) - 1;
}

void World::use(int index)
{
    outside();
    SimClient &client = m_clients[static_cast<std::size_t>(index)];
    client.entry.heartbeat.lastActive = now().wall;
    client.entry.heartbeat.lastRefresh = now().wall;
    client.lastUse = now().awake;
    client.isIgnored = false;
    client.hasFile = true;
    changed();
}

void World::detach(int index)
{
    outside();
    m_clients.erase(m_clients.begin() + index);
    changed();
}

void World::kill(int index)
{
    outside();
    SimClient &client = m_clients[static_cast<std::size_t>(index)];
    client.entry.alive = false; // its file tells nobody: seen at the next look
    client.refreshes = false;
}

void World::freeze(int index)
{
    outside();
    m_clients[static_cast<std::size_t>(index)].refreshes = false;
}

void World::thaw(int index)
{
    outside();
    SimClient &client = m_clients[static_cast<std::size_t>(index)];
    client.refreshes = client.entry.alive;
    client.nextRefresh = now().awake;
}

void World::leak(int index)
{
    outside();
    SimClient &client = m_clients[static_cast<std::size_t>(index)];
    if (client.entry.parent == ParentKind::Reaper)
        return; // it had none to lose
    client.entry.parent = ParentKind::Reaper;
    const auto isIt = [&client](const JudgedWrapper &wrapper) {
        return wrapper.entry.heartbeat.pid == client.entry.heartbeat.pid;
    };
    client.isLeaked = m_driver && std::ranges::any_of(m_driver->presence().wrappers(), isIt);
}

void World::removeFile(int index)
{
    outside();
    m_clients[static_cast<std::size_t>(index)].hasFile = false;
    changed();
}

void World::request(const Requester &requester)
{
    outside();
    m_driver->request(requester, now());
    evaluate();
}

void World::requestFrom(int index)
{
    SimClient &client = m_clients[static_cast<std::size_t>(index)];
    client.lastUse = now().awake;
    client.isIgnored = false;
    request({client.entry.heartbeat.uuid, client.entry.heartbeat.pid});
}

void World::pause(std::optional<Millis> length)
{
    outside();
    m_isHeld = true;
    m_holdUntil = length ? std::optional(now().elapsed + *length) : std::nullopt;
    m_driver->hold(length, u"test"_s, now());
    evaluate();
}

void World::resume()
{
    outside();
    m_isHeld = false;
    if (m_driver->endHold(now()))
        evaluate();
}

WishOutcome World::wish(State target, bool force)
{
    outside();
    if (watches)
        observeScan();
    const WishOutcome outcome = m_driver->wish(target, u"test"_s, force, now());
    if (outcome.kind == WishOutcome::Kind::Accepted) {
        m_isHeld = false;
        for (SimClient &client : m_clients) {
            const auto isIt = [&client](const JudgedWrapper &wrapper) {
                return wrapper.entry.heartbeat.pid == client.entry.heartbeat.pid;
            };
            client.isIgnored |= client.entry.alive && std::ranges::any_of(m_driver->presence().wrappers(), isIt);
        }
        for (SimLease &lease : m_leases)
            lease.isIgnored = true;
    }
    evaluate();
    return outcome;
}

void World::lease(const QString &name, Millis length, qint64 pid, quint64 connection)
{
    outside();
    std::erase_if(m_leases, [&](const SimLease &held) { return held.name == name && held.connection == connection; });
    m_leases.push_back({name, connection, pid, now().awake + length, false});
    m_driver->takeLease({name, pid, connection, now().awake, now().awake + length}, now());
    evaluate();
}

void World::closeConnection(quint64 connection)
{
    outside();
    std::erase_if(m_leases, [connection](const SimLease &held) { return held.connection == connection; });
    m_driver->dropLeasesOf(connection, now());
    evaluate();
}

void World::writeSignal()
{
    outside();
    m_signal = CountedSignal{++m_lastInode, 7};
    if (m_driver)
        evaluate();
    else if (m_startOptions.supervised)
        start({.supervised = true});
}

void World::input()
{
    outside();
    m_lastInput = now().awake;
}

bool World::isHeld() const
{
    return m_isHeld && !(m_holdUntil && now().elapsed >= *m_holdUntil);
}

bool World::isLeased() const
{
    return std::ranges::any_of(m_leases, [this](const SimLease &held) { return !held.isIgnored && now().awake < held.until; });
}

} // namespace dormouse
