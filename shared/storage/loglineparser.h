// SPDX-License-Identifier: MIT
#pragma once

#include "shared/records/logentry.h"
#include "shared/storage/linetime.h"

#include <QByteArrayView>
#include <QHash>

namespace dormouse {

/// Parses the lines of an event log, many of them fast: the time of a line in the usual form is read without JSON, and lines that differ from an
/// earlier one in their time alone share what was parsed then. Answers what parseLogLine() does. One thread at a time.
class LogLineParser
{
public:
    /// nullptr when the line is no entry, or lies outside since ≤ time < until. The entry is valid until the next call.
    [[nodiscard]] const LogEntry *parse(QByteArrayView line, WallTime since, WallTime until);

private:
    LineTimeReader m_times;
    QHash<QByteArray, LogEntry> m_known; ///< by what follows the time in the line
    LogEntry m_entry;                    ///< the last one that was not known
};

} // namespace dormouse
