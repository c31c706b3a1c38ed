// SPDX-License-Identifier: MIT
#include "agent/sense/reportedidle.h"

#include "agent/sense/reportedidleness.h"

namespace dormouse {

ReportedIdle::ReportedIdle(const ReportedIdleness &reported, const Clock &clock, QObject *parent)
    : IdleBackend(parent), m_reported(reported), m_clock(clock)
{
}

QString ReportedIdle::name() const
{
    return QStringLiteral("tray");
}

void ReportedIdle::ask()
{
    Q_EMIT answered({.idle = m_reported.idle(m_clock.now())});
}

} // namespace dormouse
