// SPDX-License-Identifier: MIT
#include "tests/bench/eventlogs.h"

#include "shared/records/logentry.h"
#include "shared/records/timestamp.h"
#include "shared/storage/eventlogfiles.h"
#include "tests/bench/sandbox.h"

namespace dormouse::bench {
namespace {

using namespace Qt::Literals::StringLiterals;

/// The states of one round and what leads from each to the next.
struct Step {
    State from;
    State to;
    Event trigger;
};
constexpr Step kRound[] = {
    {State::Wake, State::Wake, Event::RequestArrived},     {State::Wake, State::Wake, Event::RequestArrived},
    {State::Wake, State::Wake, Event::RequestArrived},     {State::Wake, State::Drowsy, Event::Idle5Min},
    {State::Drowsy, State::Wake, Event::HeartbeatRefresh}, {State::Wake, State::Wake, Event::RequestArrived},
    {State::Wake, State::Drowsy, Event::Idle5Min},         {State::Drowsy, State::Sleep, Event::Idle30Min},
    {State::Sleep, State::Wake, Event::RequestArrived}};

LogEntry other(WallTime at, int number)
{
    switch (number % 40) {
    case 3: return {at, logkind::kServiceReady, {{"service"_L1, u"ollama"_s}, {"ready_sec"_L1, 2.0 + number % 997 / 1000.0}}};
    case 5:
        return {at, logkind::kSleepStepCompleted, {{"step"_L1, u"consolidate"_s}, {"duration_sec"_L1, number % 9973 / 100.0}}};
    case 7: return {at, logkind::kSystemResumed, {{"slept_sec"_L1, number % 7919 / 10.0}}};
    default:
        return {at,
                logkind::kWrapperEvent,
                {{"name"_L1, QString(u"wrapper-"_s + QString::number(number % 7))},
                 {"pid"_L1, 1000 + number % 31'013},
                 {"age_sec"_L1, number % 300}}};
    }
}

} // namespace

EventLogFacts writeEventLogs(const std::string &folder, WallTime end, int days, int lines)
{
    EventLogFacts facts;
    const auto period = std::chrono::microseconds(std::chrono::days(days)) / lines;
    WallTime at = end - std::chrono::days(days);
    QByteArray text;
    for (int number = 0; number < lines; ++number, at += period) {
        const auto &[from, to, trigger] = kRound[static_cast<std::size_t>(number / 2) % std::size(kRound)];
        const bool isTransition = number % 2 == 0;
        text += formatLogLine(isTransition ? transitionEntry(at, from, to, trigger) : other(at, number));
        facts.transitions += isTransition ? 1 : 0;
        const auto day = std::chrono::floor<std::chrono::days>(at);
        if (number + 1 < lines && std::chrono::floor<std::chrono::days>(at + period) == day)
            continue;
        put(eventLogPath(QString::fromStdString(folder), day).toStdString(), text);
        facts.bytes += text.size();
        text.clear();
    }
    return facts;
}

} // namespace dormouse::bench
