// SPDX-License-Identifier: MIT
#pragma once

#include "shared/records/history.h"
#include "shared/storage/linetime.h"

#include <QByteArrayView>

#include <string>
#include <string_view>
#include <vector>

namespace dormouse {

/// Parses the lines of an event log for a history, many of them fast. Answers what historyEvent() makes of parseLogLine(), with one difference: of lines that
/// mean nothing to a history but a sign of life, only beginning and end are looked at. One thread at a time.
class HistoryLineParser
{
public:
    /// nullptr when the line is no entry, or lies outside since ≤ time < until. The event is valid until the next call.
    [[nodiscard]] const HistoryEvent *parse(QByteArrayView line, WallTime since, WallTime until);

private:
    [[nodiscard]] const HistoryEvent *recall(std::string_view rest, WallTime time);
    [[nodiscard]] const HistoryEvent *parseSlowly(QByteArrayView line);
    [[nodiscard]] bool takeOther(std::string_view rest, std::string_view kind);
    [[nodiscard]] bool takePlain(std::string_view line, HistoryEvent::Kind kind);

    LineTimeReader m_times;
    struct Known {
        std::string rest; ///< of its line, behind the time
        HistoryEvent event;
    };
    std::vector<Known> m_known; ///< transitions: there are so few that looking through them is quicker than a hash
    HistoryEvent m_plain;       ///< the last one read without JSON
    HistoryEvent m_event;       ///< the last one read with it
};

} // namespace dormouse
