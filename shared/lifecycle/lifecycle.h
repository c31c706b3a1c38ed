// SPDX-License-Identifier: MIT
#pragma once

#include <QLatin1StringView>
#include <QStringView>

#include <array>
#include <cstdint>
#include <optional>

namespace dormouse {

enum class State : std::uint8_t { Wake, Drowsy, Sleep, Hibernation };

enum class Event : std::uint8_t {
    HeartbeatRefresh,
    Idle5Min,
    Idle30Min,
    SleepEligible,
    RequestArrived,
    SleepCycleDone,
    HibernationGraceExpired,
    WakeSignal,
    Tick,
};

inline constexpr std::array kAllStates{State::Wake, State::Drowsy, State::Sleep, State::Hibernation};
inline constexpr std::array kAllEvents{Event::HeartbeatRefresh,        Event::Idle5Min,       Event::Idle30Min,
                                       Event::SleepEligible,           Event::RequestArrived, Event::SleepCycleDone,
                                       Event::HibernationGraceExpired, Event::WakeSignal,     Event::Tick};

/// The guards that travel with an event; absent is false.
struct Payload {
    bool sleepEligible = false;
    bool stillIdle = false;

    bool operator==(const Payload &) const = default;
};

/// The transition table (lifecycle specification, "Transition table"): the state that `event` leads to,
/// or nothing when it is a no-op. Pure. request_arrived answers WAKE from WAKE too.
[[nodiscard]] constexpr std::optional<State> transition(State from, Event event, Payload payload = {})
{
    if (event == Event::RequestArrived)
        return State::Wake;
    switch (from) {
    case State::Wake:
        if (event == Event::Idle5Min)
            return State::Drowsy;
        break;
    case State::Drowsy:
        if (event == Event::HeartbeatRefresh)
            return State::Wake;
        if (event == Event::Idle30Min && payload.sleepEligible)
            return State::Sleep;
        break;
    case State::Sleep:
        if (event == Event::SleepCycleDone && payload.stillIdle)
            return State::Hibernation;
        break;
    case State::Hibernation:
        if (event == Event::WakeSignal)
            return State::Wake;
        break;
    }
    return std::nullopt;
}

/// Events that count as activity in any state: they stamp the record and raise its sequence number.
[[nodiscard]] constexpr bool isActivity(Event event)
{
    return event == Event::HeartbeatRefresh || event == Event::RequestArrived || event == Event::WakeSignal;
}

/// The strings that files and the socket carry: "WAKE", "heartbeat_refresh".
[[nodiscard]] QLatin1StringView toString(State state);
[[nodiscard]] QLatin1StringView toString(Event event);
[[nodiscard]] std::optional<State> stateFromString(QStringView text);
[[nodiscard]] std::optional<Event> eventFromString(QStringView text);

} // namespace dormouse
