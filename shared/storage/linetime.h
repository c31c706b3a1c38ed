// SPDX-License-Identifier: MIT
#pragma once

#include "shared/base/clock.h"

#include <QByteArrayView>

#include <array>
#include <optional>

namespace dormouse {

/// The time that a line of an event log begins with.
struct LineTime {
    WallTime time;
    qsizetype end = 0; ///< of the time's text in the line
};

/// Reads the times of lines that begin as all writers begin theirs: {"ts":"2026-05-02T15:14:30.123+00:00". Remembers the day, which hardly changes.
class LineTimeReader
{
public:
    /// Nothing for any other form, which a full parser has to judge.
    [[nodiscard]] std::optional<LineTime> read(QByteArrayView line);

private:
    std::array<char, 10> m_dayText{};
    std::chrono::sys_days m_day;
};

} // namespace dormouse
