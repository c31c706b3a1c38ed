// SPDX-License-Identifier: MIT
#pragma once

#include <QString>

#include <chrono>
#include <vector>

namespace dormouse {

/// Longest line that is written or read; a longer one is no log entry.
inline constexpr qsizetype kLogLineBytesMax = 1024 * 1024;

/// One day of the event log. While an archive is being made both forms exist; then the plain one counts.
struct EventLogDay {
    std::chrono::sys_days day;
    QString plain;   ///< full path; "" when there is none
    QString archive; ///< full path; "" when there is none
};

/// The days in a folder, oldest first. Only names are looked at; what is not a regular file is left out.
[[nodiscard]] std::vector<EventLogDay> eventLogDays(const QString &folder);

/// The full path of a day's plain file, and the one of its archive.
[[nodiscard]] QString eventLogPath(const QString &folder, std::chrono::sys_days day);
[[nodiscard]] QString archivePath(const QString &plain);

} // namespace dormouse
