// SPDX-License-Identifier: MIT
#include "tray/history/historysummary.h"

#include <algorithm>

namespace dormouse {
namespace {

Millis median(std::vector<Millis> times)
{
    std::sort(times.begin(), times.end());
    const std::size_t middle = times.size() / 2;
    return times.size() % 2 == 1 ? times[middle] : (times[middle - 1] + times[middle]) / 2;
}

} // namespace

HistorySummary summarized(const History &history)
{
    HistorySummary summary;
    Millis whole{0};
    for (std::size_t i = 0; i < kStatesAndOff.size(); ++i) {
        StateShare &share = summary.shares[i];
        share.state = kStatesAndOff[i];
        for (const HistorySpan &span : history.spans) {
            if (span.state == share.state)
                share.time += std::chrono::round<Millis>(span.to - span.from);
        }
        whole += share.time;
    }
    for (StateShare &share : summary.shares)
        share.part = whole > Millis(0) ? std::chrono::duration<double>(share.time) / std::chrono::duration<double>(whole) : 0;
    summary.savedGigabyteHours = history.savedGigabyteHours;
    summary.wakes = static_cast<int>(
        std::count_if(history.transitions.begin(), history.transitions.end(), [](const HistoryTransition &transition) {
            return transition.to == State::Wake && transition.from != State::Wake;
        }));
    summary.timedWakes = static_cast<int>(history.wakeToReady.size());
    if (!history.wakeToReady.empty()) {
        summary.readyMedian = median(history.wakeToReady);
        summary.readySlowest = *std::max_element(history.wakeToReady.begin(), history.wakeToReady.end());
    }
    return summary;
}

} // namespace dormouse
