// SPDX-License-Identifier: MIT
#include "agent/decide/cyclebook.h"

#include "shared/records/timestamp.h"

#include <QDateTime>

#include <algorithm>
#include <cmath>

namespace dormouse {

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr auto kProgressAge = 24h;
constexpr auto kStrikeAge = 7 * 24h;
constexpr auto kFirstRetry = 1min;
constexpr auto kLaterRetry = 5min;
constexpr auto kBackOffMax = 30min;  ///< also the furthest that a retry can be away
constexpr int kBackOffDoublings = 5; ///< 1, 2, 4, 8, 16, then the longest

/// A distance, because a time in the future was written under another clock and tells no age.
bool isFurtherThan(std::chrono::microseconds limit, WallTime time, WallTime now)
{
    return std::chrono::abs(now - time) > limit;
}

/// Small corrections of the clock must not lift a quarantine that was entered just now.
std::chrono::microseconds furthestUntil(Millis ttl)
{
    return ttl + ttl / 100;
}

Millis backOff(int deferrals)
{
    return deferrals > kBackOffDoublings ? kBackOffMax : std::chrono::minutes(1 << (deferrals - 1));
}

/// A sum that would be no number is not taken.
void add(double &sum, double value)
{
    if (std::isfinite(sum + value))
        sum += value;
}

QString localTime(WallTime time)
{
    const auto millis = std::chrono::floor<Millis>(time).time_since_epoch().count();
    return QDateTime::fromMSecsSinceEpoch(millis).toString(u"yyyy-MM-dd HH:mm"_s);
}

} // namespace

/// Progress speaks of steps by their number; the name tells whether they are still the same.
void CycleBook::dropMisfit()
{
    auto &progress = m_memory.progress;
    if (!progress)
        return;
    const int done = progress->lastCompletedStep;
    if (done < 0 || done > m_steps.size() || (done > 0 && m_steps.at(done - 1) != progress->lastCompletedName))
        progress.reset();
}

void CycleBook::forgetOld(WallTime now)
{
    auto &progress = m_memory.progress;
    if (progress && isFurtherThan(kProgressAge, progress->startedAt, now))
        progress.reset();
    for (auto strikes = m_memory.strikes.begin(); strikes != m_memory.strikes.end();) {
        const bool isForgotten = isFurtherThan(kStrikeAge, strikes->at, now) || !m_steps.contains(strikes.key());
        strikes = isForgotten ? m_memory.strikes.erase(strikes) : std::next(strikes);
    }
}

void CycleBook::setAttempt()
{
    auto &progress = m_memory.progress;
    if (progress)
        progress->attempt = m_memory.strikes.value(m_steps.value(progress->lastCompletedStep)).count;
}

std::optional<CycleBook::Next> CycleBook::begin(WallTime now)
{
    m_isComplete = false;
    m_numbers.clear();
    dropMisfit();
    forgetOld(now);
    if (!m_memory.progress) {
        m_memory.progress.emplace();
        m_memory.progress->startedAt = now;
    }
    return advance();
}

std::optional<CycleBook::Next> CycleBook::advance()
{
    const int step = m_memory.progress->lastCompletedStep;
    if (step < m_steps.size()) {
        setAttempt();
        return Next{step, m_memory.progress->attempt};
    }
    m_isComplete = true;
    m_numbers = m_memory.progress->numbers;
    m_memory.progress.reset();
    m_memory.strikes.clear();
    m_memory.deferrals = 0;
    m_memory.retryAt.reset();
    return std::nullopt;
}

std::optional<CycleBook::Next> CycleBook::stepEnded(int step, const StepOutcome &outcome, WallTime now)
{
    if (!m_memory.progress || step != m_memory.progress->lastCompletedStep || step >= m_steps.size())
        return std::nullopt; // of a cycle that is over
    CycleProgress &progress = *m_memory.progress;
    switch (outcome.end) {
    case StepEnd::Done:
        progress.lastCompletedStep = step + 1;
        progress.lastCompletedName = m_steps.at(step);
        progress.lastError.reset();
        for (auto number = outcome.numbers.begin(); number != outcome.numbers.end(); ++number)
            add(progress.numbers[number.key()], number.value());
        m_memory.strikes.remove(m_steps.at(step));
        m_memory.deferrals = 0;
        m_memory.retryAt.reset();
        return advance();
    case StepEnd::Deferred:
    case StepEnd::Interrupted: defer(step, now); break;
    case StepEnd::Failed: strike(step, outcome.error.left(defaults::kReasonMax), now); break;
    }
    setAttempt();
    return std::nullopt;
}

void CycleBook::defer(int step, WallTime now)
{
    m_memory.progress->lastError = QString(u"deferred:step="_s + m_steps.at(step)).left(defaults::kReasonMax);
    m_memory.deferrals = std::min(m_memory.deferrals, 1'000'000) + 1;
    m_memory.retryAt = now + backOff(m_memory.deferrals);
}

void CycleBook::strike(int step, const QString &error, WallTime now)
{
    const QString &name = m_steps.at(step);
    Strikes &strikes = m_memory.strikes[name];
    strikes = {strikes.count + 1, now, error};
    m_memory.progress->lastError = error;
    m_memory.deferrals = 0;
    m_memory.retryAt = now + (strikes.count == 1 ? kFirstRetry : kLaterRetry);
    if (strikes.count < m_settings.strikes || m_memory.quarantine) // one that force_rem ran into goes on as it is
        return;
    const QString reason =
        u"sleep step %1 (%2) failed %3x"_s.arg(QString::number(step + 1), name, QString::number(strikes.count));
    m_memory.quarantine = Quarantine{now + m_settings.quarantineTtl, reason, now};
    m_memory.malformedUntil.reset();
    m_memory.retryAt.reset();
    m_entered = m_memory.quarantine;
}

bool CycleBook::isQuarantined(WallTime now) const
{
    const auto &quarantine = m_memory.quarantine;
    return quarantine && now < quarantine->until && quarantine->until - now <= furthestUntil(m_settings.quarantineTtl);
}

/// A retry further away than the longest back-off was set under another clock.
bool CycleBook::isBackingOff(WallTime now) const
{
    return m_memory.retryAt && now < *m_memory.retryAt && *m_memory.retryAt - now <= kBackOffMax;
}

bool CycleBook::canStart(WallTime now) const
{
    return !isQuarantined(now) && !isBackingOff(now);
}

QString CycleBook::heldBack(WallTime now) const
{
    if (isQuarantined(now))
        return u"quarantined until "_s + localTime(m_memory.quarantine->until) + u": "_s + m_memory.quarantine->reason;
    if (!isBackingOff(now))
        return {};
    const QString until = u"; next try at "_s + localTime(*m_memory.retryAt);
    const auto &progress = m_memory.progress;
    if (progress && m_memory.deferrals == 0) {
        return u"step "_s + m_steps.value(progress->lastCompletedStep) + u" failed "_s + QString::number(progress->attempt)
               + u"x: "_s + progress->lastError.value_or(QString()) + until;
    }
    return u"deferred "_s + QString::number(m_memory.deferrals) + u"x without progress"_s + until;
}

std::optional<WallTime> CycleBook::nextChange(WallTime now) const
{
    if (isQuarantined(now))
        return m_memory.quarantine->until;
    return isBackingOff(now) ? m_memory.retryAt : std::nullopt;
}

std::optional<std::pair<QString, QString>> CycleBook::liftExpired(WallTime now)
{
    const bool isMalformed = m_memory.malformedUntil.has_value();
    if (!isMalformed && (!m_memory.quarantine || isQuarantined(now)))
        return std::nullopt;
    const bool isOver = !isMalformed && now >= m_memory.quarantine->until;
    const std::optional<QString> until = resetQuarantine();
    return std::pair(isOver ? u"auto_recovery_after_ttl"_s : u"auto_recovery_malformed_ts"_s, until.value_or(QString()));
}

std::optional<QString> CycleBook::resetQuarantine()
{
    std::optional<QString> until = std::exchange(m_memory.malformedUntil, std::nullopt);
    if (const auto quarantine = std::exchange(m_memory.quarantine, std::nullopt))
        until = formatTimestamp(quarantine->until);
    m_memory.strikes.clear();
    m_memory.retryAt.reset();
    setAttempt();
    return until;
}

} // namespace dormouse
