// SPDX-License-Identifier: MIT
#include "agent/sense/reportedidleness.h"

#include "shared/base/defaults.h"

#include <algorithm>

namespace dormouse {

void ReportedIdleness::report(quint64 connection, std::optional<Millis> idle, const Instants &now)
{
    if (idle)
        m_reports.insert_or_assign(connection, Report{*idle, now.awake});
    else
        m_reports.erase(connection);
}

std::optional<Millis> ReportedIdleness::idle(const Instants &now) const
{
    std::optional<Millis> shortest;
    for (const auto &[connection, report] : m_reports) {
        const Millis age = now.awake - report.at;
        if (age < defaults::kUserIdleValid)
            shortest = std::min(shortest.value_or(Millis::max()), report.idle + age);
    }
    return shortest;
}

} // namespace dormouse
