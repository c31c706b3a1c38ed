// SPDX-License-Identifier: MIT
#include "shared/idle/idlechooser.h"

#include "shared/base/defaults.h"
#include "shared/base/logging.h"

#include <algorithm>
#include <utility>

namespace dormouse {

namespace {

constexpr Millis kDriftOfSuspend = std::chrono::seconds(10); // clocks are read one after the other; nothing else parts them

} // namespace

IdleChooser::IdleChooser(const Clock &clock, Backends backends, Millis answerLimit, QObject *parent)
    : IdleSource(parent), m_clock(clock)
{
    m_entries.reserve(backends.size()); // the entries stay where they are
    for (std::unique_ptr<IdleBackend> &backend : backends) {
        Entry &entry = m_entries.emplace_back();
        entry.backend = std::move(backend);
        connect(entry.backend.get(), &IdleBackend::answered, this,
                [this, &entry](const IdleReading &reading) { take(entry, reading); });
        connect(entry.backend.get(), &IdleBackend::resumed, this, [this] {
            noteResume();
            Q_EMIT resumed();
        });
    }
    m_deadline.setSingleShot(true);
    m_deadline.setInterval(answerLimit);
    connect(&m_deadline, &QTimer::timeout, this, &IdleChooser::finish);
    watchClocks(m_clock.now());
}

void IdleChooser::start()
{
    for (const Entry &entry : m_entries)
        entry.backend->start();
}

void IdleChooser::setFineness(Millis fineness)
{
    for (const Entry &entry : m_entries)
        entry.backend->setFineness(fineness);
}

void IdleChooser::ask()
{
    if (m_isAsking)
        return; // the answer under way serves both
    m_isAsking = m_isStarting = true;
    watchClocks(m_clock.now());
    for (Entry &entry : m_entries) {
        entry.reading.reset();
        if (entry.isAsked)
            continue; // silent since an earlier round
        entry.isAsked = entry.isAwaited = true;
        entry.backend->ask();
    }
    m_isStarting = false;
    m_deadline.start();
    finishIfDone();
}

void IdleChooser::take(Entry &entry, const IdleReading &reading)
{
    if (!entry.isAsked)
        return;
    entry.isAsked = false;
    if (std::exchange(entry.isTold, false))
        qCInfo(lcSense).noquote() << "the idle source" << entry.backend->name() << "answers again";
    if (!std::exchange(entry.isAwaited, false))
        return; // too late: what it says is old
    entry.reading = reading;
    finishIfDone();
}

void IdleChooser::finishIfDone()
{
    const bool isWaiting = std::ranges::any_of(m_entries, [](const Entry &entry) { return entry.isAwaited; });
    if (m_isAsking && !m_isStarting && !isWaiting)
        finish();
}

void IdleChooser::finish()
{
    m_deadline.stop();
    m_isAsking = false;
    for (Entry &entry : m_entries) {
        if (!std::exchange(entry.isAwaited, false))
            continue;
        if (!std::exchange(entry.isTold, true))
            qCWarning(lcSense).noquote() << "the idle source" << entry.backend->name() << "does not answer in time";
    }
    Q_EMIT answered(combined(m_clock.now()));
}

void IdleChooser::noteResume()
{
    const Instants now = m_clock.now();
    watchClocks(now);
    m_resumedAt = now.awake;
}

/// Only the elapsed clock runs on in suspend. So one is noticed, too, where nobody signals it.
void IdleChooser::watchClocks(const Instants &now)
{
    const Millis drift = now.elapsed.time_since_epoch() - now.awake.time_since_epoch();
    const std::optional<Millis> before = std::exchange(m_drift, drift);
    if (before && drift - *before > kDriftOfSuspend)
        m_resumedAt = now.awake;
}

UserIdleness IdleChooser::combined(const Instants &now) const
{
    UserIdleness result;
    std::optional<Millis> sinceResume;
    if (m_resumedAt)
        sinceResume = now.awake - *m_resumedAt;
    for (const Entry &entry : m_entries) {
        if (!entry.reading)
            continue;
        result.displayAsleep = result.displayAsleep || entry.reading->isDisplayAsleep.value_or(false);
        if (entry.reading->sinceResume)
            sinceResume = std::min(sinceResume.value_or(Millis::max()), *entry.reading->sinceResume);
        if (!entry.reading->idle)
            continue;
        if (!result.idle)
            result.idle = entry.reading->idle;
        result.sources.append(entry.backend->name());
    }
    const bool isUsedSince = sinceResume && result.idle && *result.idle < *sinceResume;
    result.sleptRecently = sinceResume && *sinceResume < defaults::kSleptRecently && !isUsedSince;
    return result;
}

} // namespace dormouse
