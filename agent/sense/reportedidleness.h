// SPDX-License-Identifier: MIT
#pragma once

#include "shared/base/clock.h"

#include <map>
#include <optional>

namespace dormouse {

/// What clients report of the user by `user_idle`: the source of last resort, for where the agent itself sees nothing. A report is worth something for 90 s of
/// awake time and as long as its connection lives. A value; main thread.
class ReportedIdleness
{
public:
    /// Nothing: the client does not know either, and what it said before is forgotten.
    void report(quint64 connection, std::optional<Millis> idle, const Instants &now);
    void drop(quint64 connection) { m_reports.erase(connection); }
    /// The shortest idleness that somebody reports, with the time since; nothing: nobody does.
    [[nodiscard]] std::optional<Millis> idle(const Instants &now) const;

private:
    struct Report {
        Millis idle;
        AwakeTime at;
    };
    std::map<quint64, Report> m_reports;
};

} // namespace dormouse
