// SPDX-License-Identifier: MIT
#include "shared/lifecycle/lifecycle.h"

#include <QString>

namespace dormouse {
namespace {

template<typename T, std::size_t size>
std::optional<T> fromString(const std::array<T, size> &all, QStringView text)
{
    for (const T value : all) {
        if (text == toString(value))
            return value;
    }
    return std::nullopt;
}

} // namespace

QLatin1StringView toString(State state)
{
    switch (state) {
    case State::Wake: return QLatin1StringView("WAKE");
    case State::Drowsy: return QLatin1StringView("DROWSY");
    case State::Sleep: return QLatin1StringView("SLEEP");
    case State::Hibernation: return QLatin1StringView("HIBERNATION");
    }
    return {};
}

QLatin1StringView toString(Event event)
{
    switch (event) {
    case Event::HeartbeatRefresh: return QLatin1StringView("heartbeat_refresh");
    case Event::Idle5Min: return QLatin1StringView("idle_5min");
    case Event::Idle30Min: return QLatin1StringView("idle_30min");
    case Event::SleepEligible: return QLatin1StringView("sleep_eligible");
    case Event::RequestArrived: return QLatin1StringView("request_arrived");
    case Event::SleepCycleDone: return QLatin1StringView("sleep_cycle_done");
    case Event::HibernationGraceExpired: return QLatin1StringView("hibernation_grace_expired");
    case Event::WakeSignal: return QLatin1StringView("wake_signal");
    case Event::Tick: return QLatin1StringView("tick");
    }
    return {};
}

std::optional<State> stateFromString(QStringView text)
{
    return fromString(kAllStates, text);
}

std::optional<Event> eventFromString(QStringView text)
{
    return fromString(kAllEvents, text);
}

} // namespace dormouse
