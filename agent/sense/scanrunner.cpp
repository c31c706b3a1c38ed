// SPDX-License-Identifier: MIT
#include "agent/sense/scanrunner.h"

#include "shared/base/defaults.h"
#include "shared/base/logging.h"
#include "shared/base/worker.h"

#include <optional>

namespace dormouse {

class ScanRunner::Impl
{
public:
    Impl(ScanRunner *owner, QString folder, const ProcessTable &processes, const Clock &clock)
        : m_owner(owner), m_folder(std::move(folder)), m_clock(clock), m_scanner(m_folder, processes)
    {
    }

    void request(ScanDepth depth);
    [[nodiscard]] bool isRunning() const { return m_isRunning; }

    Millis staleAfter = defaults::kStaleAfter;

private:
    void start(ScanDepth depth);
    void finish(HeartbeatScan scan);
    void followUp();
    void tellErrors(const HeartbeatScan &scan);

    ScanRunner *const m_owner;
    const QString m_folder;
    const Clock &m_clock;
    HeartbeatScanner m_scanner; // touched by one scan at a time: the main thread's or the worker's
    bool m_isRunning = false;
    std::optional<ScanDepth> m_wanted; // asked for while one runs
    bool m_lastWasLarge = false;
    QString m_toldError;
    Worker m_worker; // last, so that it goes first: it waits for its worker, which uses all of the above
};

void ScanRunner::Impl::request(ScanDepth depth)
{
    if (m_isRunning)
        m_wanted = depth == ScanDepth::Full ? depth : m_wanted.value_or(depth);
    else
        start(depth);
}

void ScanRunner::Impl::start(ScanDepth depth)
{
    m_isRunning = true;
    if (!m_lastWasLarge && !hasMoreHeartbeatsThan(m_folder, defaults::kScanSliceThreshold)) {
        finish(m_scanner.scan(depth, m_clock.now().wall, staleAfter));
        return;
    }
    m_worker.start([this, depth, limit = staleAfter] {
        HeartbeatScan scan = m_scanner.scan(depth, m_clock.now().wall, limit);
        // The owner waits for this thread before it goes, and takes its queued calls with it.
        QMetaObject::invokeMethod(
            m_owner, [this, scan = std::move(scan)]() mutable { finish(std::move(scan)); }, Qt::QueuedConnection);
    });
}

void ScanRunner::Impl::finish(HeartbeatScan scan)
{
    m_lastWasLarge = scan.entries.size() > std::size_t{defaults::kScanSliceThreshold};
    tellErrors(scan);
    Q_EMIT m_owner->scanned(scan);
    scan = {}; // what follows need not have a flood in memory once more
    Q_EMIT m_owner->finished();
    // Whoever listens may ask for another: from the event loop, so that it cannot starve the rest.
    if (m_wanted)
        QMetaObject::invokeMethod(
            m_owner, [this] { followUp(); }, Qt::QueuedConnection);
    else
        m_isRunning = false;
}

void ScanRunner::Impl::followUp()
{
    start(std::exchange(m_wanted, std::nullopt).value_or(ScanDepth::Hint));
}

void ScanRunner::Impl::tellErrors(const HeartbeatScan &scan)
{
    const std::optional<Error> &error = scan.error ? scan.error : scan.fileError;
    const QString text = error ? error->text() : QString();
    if (text == m_toldError)
        return;
    m_toldError = text;
    if (error)
        qCWarning(lcSense, "scan of the heartbeats: %s", qUtf8Printable(text));
}

ScanRunner::ScanRunner(QString folder, const ProcessTable &processes, const Clock &clock, QObject *parent)
    : QObject(parent), m_impl(std::make_unique<Impl>(this, std::move(folder), processes, clock))
{
}

ScanRunner::~ScanRunner() = default;

void ScanRunner::request(ScanDepth depth)
{
    m_impl->request(depth);
}

void ScanRunner::setStaleAfter(Millis staleAfter)
{
    m_impl->staleAfter = staleAfter;
}

bool ScanRunner::isRunning() const
{
    return m_impl->isRunning();
}

} // namespace dormouse
