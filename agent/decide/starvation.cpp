// SPDX-License-Identifier: MIT
#include "agent/decide/starvation.h"

#include "shared/base/defaults.h"
#include "shared/base/text.h"
#include "shared/records/timestamp.h"

#include <algorithm>

namespace dormouse {

using namespace Qt::Literals::StringLiterals;

void StarvationClock::countUntil(WallTime time)
{
    if (m_runningSince && time > *m_runningSince)
        m_total += std::chrono::duration_cast<Millis>(time - *m_runningSince);
    m_runningSince.reset();
}

void StarvationClock::add(const LogEntry &entry)
{
    if (entry.kind == logkind::kAgentStarted) {
        if (m_runningSince) { // the predecessor was killed: it ran until it was last seen, and as long as it wrote
            const auto lastSeen = parseTimestamp(entry.fields.value("last_seen_ts"_L1).toString());
            countUntil(std::min(std::max(lastSeen.value_or(WallTime::min()), m_lastEntry.value_or(WallTime::min())), entry.time));
        }
        if (!m_isHibernated) // started for a look only, until a transition says otherwise
            m_runningSince = entry.time;
    } else if (entry.kind == logkind::kAgentStopped || entry.kind == logkind::kHibernationExit) {
        countUntil(entry.time);
    } else if (entry.kind == logkind::kSleepCycleCompleted) {
        m_total = Millis{0};
        if (m_runningSince)
            m_runningSince = entry.time;
    } else if (entry.kind == logkind::kSystemResumed && m_runningSince) {
        const double sleptSec = std::clamp(entry.fields.value("slept_sec"_L1).toDouble(), 0.0, 3.2e9);
        countUntil(entry.time - std::chrono::milliseconds(static_cast<qint64>(sleptSec * 1000)));
        m_runningSince = entry.time;
    } else if (entry.kind == logkind::kStateTransition) {
        m_isHibernated = entry.fields.value("to"_L1).toString() == toString(State::Hibernation);
        if (m_isHibernated)
            countUntil(entry.time);
        else if (!m_runningSince)
            m_runningSince = entry.time;
    }
    m_lastEntry = entry.time;
}

Millis StarvationClock::starvedFor(WallTime now) const
{
    if (!m_runningSince || now <= *m_runningSince)
        return m_total;
    return m_total + std::chrono::duration_cast<Millis>(now - *m_runningSince);
}

std::optional<QString> starvationText(const StarvationClock &clock, const QString &heldBack, int deferrals, WallTime now)
{
    const Millis starved = clock.starvedFor(now);
    if (starved < defaults::kStarvedAfter)
        return std::nullopt;
    QString text = u"no sleep cycle has completed in "_s + formatDuration(starved) + u" of running: "_s
                   + (heldBack.isEmpty() ? u"somebody is there whenever it could run"_s : heldBack);
    if (deferrals > 0)
        text += u"; put off "_s + QString::number(deferrals) + u" times in a row"_s;
    return text;
}

} // namespace dormouse
