// SPDX-License-Identifier: MIT
#include "agent/act/services/serviceplan.h"

#include <algorithm>

namespace dormouse {
namespace {

Millis retryDelay(int deaths)
{
    constexpr int kDoublingsMax = 6; // 64 s is over the bound already
    const Millis delay = std::chrono::seconds(1LL << std::clamp(deaths - 1, 0, kDoublingsMax));
    return std::min(delay, ServicePlan::kRetryMax);
}

} // namespace

void ServicePlan::configure(const std::vector<ServiceConfig> &services, const QSet<QString> &leftAlone)
{
    std::vector<Item> before = std::move(m_items);
    m_items.clear();
    for (const ServiceConfig &service : services) {
        const auto known = std::ranges::find(before, service.name, &Item::name);
        Item item;
        if (known != before.end()) {
            item = std::move(*known);
            before.erase(known);
        }
        item.name = service.name;
        item.stopIn = service.stopIn;
        item.after = service.after;
        item.isConfigured = true;
        item.isLeftAlone = leftAlone.contains(service.name);
        m_items.push_back(std::move(item));
    }
    for (Item &item : before) {
        if (item.phase == ServicePhase::Stopped || item.phase == ServicePhase::Failed)
            continue;
        item.isConfigured = false;
        item.isLeftAlone = false;
        item.after = QStringList();
        m_items.push_back(std::move(item));
    }
}

void ServicePlan::setState(State state, AwakeTime now)
{
    if (m_state == state)
        return;
    m_state = state;
    for (Item &item : m_items) {
        if (item.byHand == true || state == State::Wake)
            item.byHand.reset();
        if (state == State::Wake && item.phase == ServicePhase::Failed)
            item.since = now; // somebody waits for it now
    }
}

void ServicePlan::start(const QString &name)
{
    if (Item *item = findItem(name)) {
        item->isLeftAlone = false;
        item->byHand = true;
        item->deaths = 0;
        if (item->phase == ServicePhase::Failed)
            item->since = AwakeTime(); // at once
    }
}

void ServicePlan::stop(const QString &name)
{
    if (Item *item = findItem(name)) {
        item->isLeftAlone = false;
        item->isRestartDue = false;
        item->byHand = false;
    }
}

void ServicePlan::restart(const QString &name)
{
    start(name);
    if (Item *item = findItem(name))
        item->isRestartDue = item->isRunning() || item->phase == ServicePhase::Looking;
}

void ServicePlan::leaveAlone(const QString &name)
{
    if (Item *item = findItem(name)) {
        item->isLeftAlone = true;
        item->isRestartDue = false;
        item->byHand.reset();
    }
}

void ServicePlan::looking(const QString &name)
{
    Item *item = findItem(name);
    if (item && (item->phase == ServicePhase::Stopped || item->phase == ServicePhase::Failed))
        item->phase = ServicePhase::Looking;
}

void ServicePlan::ran(const QString &name, AwakeTime now)
{
    Item *item = findItem(name);
    if (!item) {
        Item stranger;
        stranger.name = name;
        stranger.after = QStringList();
        stranger.isConfigured = false;
        m_items.push_back(std::move(stranger));
        item = &m_items.back();
    }
    if (item->isRunning() || item->phase == ServicePhase::Stopping)
        return;
    item->phase = ServicePhase::Starting;
    item->since = now;
}

void ServicePlan::becameReady(const QString &name)
{
    Item *item = findItem(name);
    if (item && item->phase == ServicePhase::Starting)
        item->phase = ServicePhase::Ready;
}

void ServicePlan::ended(const QString &name, AwakeTime now)
{
    Item *item = findItem(name);
    if (!item || item->phase == ServicePhase::Stopped || item->phase == ServicePhase::Failed)
        return;
    const bool isDeath = item->isRunning() && !item->isLeftAlone && !item->isRestartDue && isWanted(*item);
    item->isRestartDue = false;
    if (!isDeath) {
        item->phase = ServicePhase::Stopped;
    } else {
        if (now - item->since >= kHealthyAfter && item->phase == ServicePhase::Ready)
            item->deaths = 0;
        ++item->deaths;
        item->phase = ServicePhase::Failed;
        item->since = now + retryDelay(item->deaths);
    }
    std::erase_if(m_items, [](const Item &each) { return !each.isConfigured && each.phase == ServicePhase::Stopped; });
}

std::vector<ServiceOrder> ServicePlan::orders(AwakeTime now)
{
    m_orderedAt = now;
    forget(now);
    std::vector<ServiceOrder> orders;
    // Whom to stop is settled before anything changes: a follower that stops now still runs.
    std::vector<std::size_t> stopping;
    for (std::size_t i = m_items.size(); i-- > 0;) {
        if (isToStop(m_items[i]) && !hasRunningFollower(m_items[i]))
            stopping.push_back(i);
    }
    for (const std::size_t i : stopping) {
        m_items[i].phase = ServicePhase::Stopping;
        orders.push_back({ServiceOrder::Kind::Stop, m_items[i].name});
    }
    for (Item &item : m_items) {
        if (!mayStart(item, now))
            continue;
        if (item.deaths > 0)
            ++item.restarts;
        item.phase = ServicePhase::Starting;
        item.since = now;
        orders.push_back({ServiceOrder::Kind::Start, item.name});
    }
    return orders;
}

/// What a long healthy run, or a state that does not want the service, makes of earlier deaths.
void ServicePlan::forget(AwakeTime now)
{
    for (Item &item : m_items) {
        if (item.phase == ServicePhase::Ready && now - item.since >= kHealthyAfter)
            item.deaths = 0;
        if (item.phase == ServicePhase::Failed && (isForbidden(item) || item.isLeftAlone || item.byHand == false))
            item.phase = ServicePhase::Stopped;
    }
}

std::optional<Millis> ServicePlan::dueIn(AwakeTime now) const
{
    std::optional<Millis> due;
    const auto consider = [this, &due, now](AwakeTime at) {
        const Millis wait = std::max(at - now, Millis(0)); // it may have fallen due since the orders
        if (at > m_orderedAt && (!due || wait < *due))
            due = wait;
    };
    for (const Item &item : m_items) {
        if (item.phase == ServicePhase::Failed && isWanted(item))
            consider(item.since);
        if (item.phase == ServicePhase::Ready && item.deaths > 0)
            consider(item.since + kHealthyAfter);
        if (item.phase == ServicePhase::Starting)
            consider(item.since + kUnreadyAfter);
    }
    return due;
}

const ServicePlan::Item *ServicePlan::find(const QString &name) const
{
    const auto found = std::ranges::find(m_items, name, &Item::name);
    return found == m_items.end() ? nullptr : &*found;
}

ServicePlan::Item *ServicePlan::findItem(const QString &name)
{
    const auto found = std::ranges::find(m_items, name, &Item::name);
    return found == m_items.end() ? nullptr : &*found;
}

/// The state, not a hand, says that it must not run.
bool ServicePlan::isForbidden(const Item &item) const
{
    if (!item.isConfigured)
        return true;
    if (item.isLeftAlone)
        return false;
    if (m_isEnding)
        return true;
    return m_state && *m_state != State::Wake && *m_state >= item.stopIn && item.byHand != true;
}

/// In the end, that is, after a restart that is due.
bool ServicePlan::isWanted(const Item &item) const
{
    if (item.isLeftAlone || isForbidden(item))
        return false;
    if (item.byHand)
        return *item.byHand;
    // Between WAKE and stop_in what runs goes on, and what does not run waits for WAKE.
    return m_state == State::Wake || item.isRunning();
}

bool ServicePlan::isToStop(const Item &item) const
{
    return item.isRunning() && !item.isLeftAlone && (item.isRestartDue || !isWanted(item));
}

QStringList ServicePlan::waitsFor(std::size_t index) const
{
    if (m_items[index].after)
        return *m_items[index].after;
    return index > 0 ? QStringList(m_items[index - 1].name) : QStringList();
}

/// Stopping goes backwards: whoever was started after it, and has to go as well, goes first.
bool ServicePlan::hasRunningFollower(const Item &item) const
{
    for (std::size_t i = 0; i < m_items.size(); ++i) {
        const Item &follower = m_items[i];
        const bool isGoing = follower.phase == ServicePhase::Stopping || isToStop(follower);
        if (&follower != &item && isGoing && waitsFor(i).contains(item.name))
            return true;
    }
    return false;
}

bool ServicePlan::mayStart(const Item &item, AwakeTime now) const
{
    const bool isDown = item.phase == ServicePhase::Stopped || (item.phase == ServicePhase::Failed && now >= item.since);
    if (!isDown || !isWanted(item))
        return false;
    // A service under a new name must not find the port still taken by its old self.
    if (std::ranges::any_of(m_items, [](const Item &each) { return !each.isConfigured; }))
        return false;
    const QStringList before = waitsFor(static_cast<std::size_t>(&item - m_items.data()));
    return std::ranges::none_of(before, [&](const QString &name) {
        const Item *found = find(name);
        return found && found != &item && holdsBack(*found, item.after.has_value(), now);
    });
}

bool ServicePlan::holdsBack(const Item &before, bool isExplicit, AwakeTime now) const
{
    if (before.phase == ServicePhase::Ready && !before.isRestartDue)
        return false;
    if (before.phase == ServicePhase::Looking)
        return true;
    if (before.isLeftAlone || !isWanted(before))
        return false;
    // Only who asked for it goes down together with a service that cannot start.
    return isExplicit || !isTroubled(before, now);
}

bool ServicePlan::isSettledDown() const
{
    return std::ranges::none_of(m_items, [this](const Item &item) {
        const bool isDown = item.phase == ServicePhase::Stopped || item.phase == ServicePhase::Failed;
        return !isDown && isForbidden(item);
    });
}

bool ServicePlan::isAllReady() const
{
    return std::ranges::all_of(m_items, [this](const Item &item) {
        return item.isRestartDue ? false : !isWanted(item) || item.phase == ServicePhase::Ready;
    });
}

QStringList ServicePlan::stoppedBy(State target) const
{
    QStringList names;
    for (const Item &item : m_items) {
        if (item.isRunning() && !item.isLeftAlone && target != State::Wake && target >= item.stopIn)
            names.append(item.name);
    }
    return names;
}

bool ServicePlan::isTroubled(const Item &item, AwakeTime now) const
{
    if (!item.isConfigured || item.isLeftAlone)
        return false;
    return item.deaths >= kTroubledAfter || (item.phase == ServicePhase::Starting && now - item.since >= kUnreadyAfter);
}

} // namespace dormouse
