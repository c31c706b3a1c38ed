// SPDX-License-Identifier: MIT
#include "agent/act/dispatcher.h"

#include "shared/base/defaults.h"
#include "shared/base/logging.h"
#include "shared/records/json.h"
#include "shared/records/timestamp.h"
#include "shared/storage/file.h"

namespace dormouse {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr std::size_t kUnloggedMax = 256; // a full disk for hours must not make the agent grow

} // namespace

Dispatcher::Dispatcher(const RootPaths &paths, const Clock &clock, bool shadowRun, QObject *parent)
    : QObject(parent), m_paths(paths), m_clock(clock), m_log(paths.logs()), m_shadowRun(shadowRun)
{
}

void Dispatcher::load(WallTime now)
{
    const Result<QByteArray> bytes = readPatiently(m_paths.record(), defaults::kStateBytesMax);
    std::optional<LifecycleRecord> record;
    if (bytes)
        record = parseRecord(bytes.value());
    m_isBadFile = bytes ? !record : bytes.error().code != ErrorCode::NotFound;
    if (record && hasIntegerBeyond64Bits(bytes.value())) {
        m_isBadFile = true; // an integer of somebody else's would change: a copy is kept before the first write
    } else if (m_isBadFile) {
        qCWarning(lcStorage).noquote() << "the lifecycle record is not usable; starting from WAKE:"
                                       << (bytes ? m_paths.record() : bytes.error().text());
    }
    m_record = record.value_or(defaultRecord(now));
    m_stateSinceTs = m_record.sinceTs;
}

bool Dispatcher::dispatch(Event event, Payload payload, WallTime now)
{
    const State from = m_record.state;
    const Dispatched result = dispatched(m_record, event, payload, now, m_shadowRun);
    if (result.record == m_record && !result.target)
        return true;
    flushLog(); // of several transitions in a row a kill loses the last one's line at most
    LifecycleRecord record = result.record;
    takeForeignFields(record);
    const bool isWritten = write(record);
    if (!isWritten && result.target != State::Wake)
        return false;
    m_record = record;
    m_isWritePending = !isWritten;
    if (!result.target)
        return true;
    if (from != *result.target)
        m_stateSinceTs = m_record.sinceTs;
    logTransition(from, *result.target, event, now);
    Q_EMIT transitioned(from, *result.target, event);
    return true;
}

void Dispatcher::logTransition(State from, State to, Event trigger, WallTime now)
{
    qCInfo(lcLifecycle).noquote() << toString(from) << "->" << toString(to) << "by" << toString(trigger)
                                  << (m_isWritePending ? "(not written yet)" : "");
    enqueue(transitionEntry(now, from, to, trigger));
    if (to == State::Hibernation && m_shadowRun)
        enqueue(shadowRunWarning(now));
}

bool Dispatcher::write(const LifecycleRecord &record)
{
    if (m_isBadFile) {
        if (const auto kept = keepBad(m_paths.record(), timeTag(m_clock.now().wall)); !kept)
            qCWarning(lcStorage).noquote() << "cannot keep a copy of the bad record:" << kept.error().text();
        else
            m_isBadFile = false;
    }
    const auto written = writeAtomically(m_paths.record(), formatJsonFile(recordToJson(record)), Durability::Transition);
    if (written || written.error().code == ErrorCode::NotDurable) {
        m_writeError = written ? std::nullopt : std::optional(written.error());
        m_isBadFile = false;
        return true;
    }
    qCWarning(lcStorage).noquote() << "cannot write the lifecycle record:" << written.error().text();
    m_writeError = written.error();
    return false;
}

bool Dispatcher::mirrorCycle(const QJsonValue &progress, const QJsonValue &quarantine)
{
    LifecycleRecord record = m_record;
    record.progress = progress;
    record.quarantine = quarantine;
    if (record == m_record)
        return true;
    if (!write(record))
        return false;
    m_record = record;
    settleWrite();
    return true;
}

void Dispatcher::reloadCycleFields()
{
    const std::optional<LifecycleRecord> found = onDisk();
    if (!found)
        return;
    m_record.progress = found->progress;
    m_record.quarantine = found->quarantine;
    m_record.unknown = found->unknown;
    if (*found != m_record && write(m_record))
        settleWrite();
}

void Dispatcher::takeForeignFields(LifecycleRecord &record) const
{
    if (!m_isCycleForeign)
        return;
    if (const std::optional<LifecycleRecord> found = onDisk()) {
        record.progress = found->progress;
        record.quarantine = found->quarantine;
    }
}

/// Nothing when there is no usable record now.
std::optional<LifecycleRecord> Dispatcher::onDisk() const
{
    const Result<QByteArray> bytes = readBounded(m_paths.record(), defaults::kStateBytesMax);
    return bytes ? parseRecord(bytes.value()) : std::nullopt;
}

/// The record is written whole, so that a transition that waited for its write has it now.
void Dispatcher::settleWrite()
{
    if (!std::exchange(m_isWritePending, false))
        return;
    qCInfo(lcLifecycle) << "the record is written now:" << toString(m_record.state);
    flushLog();
}

void Dispatcher::log(const LogEntry &entry)
{
    enqueue(entry);
    flushLog();
}

void Dispatcher::enqueue(const LogEntry &entry)
{
    Q_EMIT logged(entry);
    m_unlogged.push_back(entry);
    if (m_unlogged.size() > kUnloggedMax)
        m_unlogged.pop_front();
}

/// A transition's line follows its durable write, so nothing is logged while a write is due.
void Dispatcher::flushLog()
{
    while (!m_isWritePending && !m_unlogged.empty()) {
        if (!append(m_unlogged.front()))
            return;
        m_unlogged.pop_front();
    }
}

bool Dispatcher::append(const LogEntry &entry)
{
    const auto appended = m_log.append(entry);
    if (const auto day = std::chrono::floor<std::chrono::days>(entry.time); std::exchange(m_logDay, day) != day)
        Q_EMIT logDayBegan(entry.time);
    m_logError = appended ? std::nullopt : std::optional(appended.error());
    if (appended)
        return true;
    qCWarning(lcStorage).noquote() << "cannot append to the event log:" << appended.error().text();
    return appended.error().code == ErrorCode::NotDurable || appended.error().code == ErrorCode::TooLarge; // never will be
}

void Dispatcher::retry()
{
    if (m_isWritePending) {
        takeForeignFields(m_record);
        if (write(m_record))
            settleWrite();
    }
    flushLog();
}

} // namespace dormouse
