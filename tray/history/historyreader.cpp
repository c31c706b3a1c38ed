// SPDX-License-Identifier: MIT
#include "tray/history/historyreader.h"

#include "shared/storage/eventlog.h"

#include <QMutex>
#include <QThreadPool>

#include <algorithm>
#include <atomic>
#include <functional>

namespace dormouse {
namespace {

using std::chrono::days;

/// Long enough that the file read twice where two chunks meet does not matter, short enough that a superseded worker soon ends.
constexpr days kChunk{6};

} // namespace

/// Between one worker and the reader, which may be gone, or have turned to another question, before the worker is done.
class HistoryReader::Channel
{
public:
    explicit Channel(HistoryReader *reader) : m_reader(reader) {}

    /// The worker's calls after this do nothing. GUI thread.
    void close()
    {
        m_isClosed = true;
        const QMutexLocker lock(&m_mutex);
        m_reader = nullptr;
    }
    [[nodiscard]] bool isClosed() const { return m_isClosed; }

    /// Runs `call` on the GUI thread, unless closed by then. Worker thread.
    static void post(const std::shared_ptr<Channel> &channel, const std::function<void(HistoryReader &)> &call)
    {
        const QMutexLocker lock(&channel->m_mutex);
        if (!channel->m_reader)
            return;
        const auto deliver = [channel, call] {
            if (!channel->isClosed())
                call(*channel->m_reader);
        };
        QMetaObject::invokeMethod(channel->m_reader, deliver, Qt::QueuedConnection);
    }

    /// Worker thread.
    static void read(const std::shared_ptr<Channel> &channel, const HistoryQuestion &question)
    {
        HistoryBuilder builder(question.since, question.until);
        // A minute more: what was written while this was asked tells how the last state ended.
        const WallTime end = question.until + std::chrono::minutes(1);
        for (WallTime from = question.since; from < end && !channel->isClosed();) {
            const WallTime to = std::min<WallTime>(std::chrono::floor<days>(from) + kChunk, end);
            readHistory(question.folder, from, to, from == question.since, builder);
            const int percent = static_cast<int>((to - question.since) * 100 / (end - question.since));
            if (to < end)
                post(channel, [percent](HistoryReader &reader) { Q_EMIT reader.progressed(std::clamp(percent, 1, 99)); });
            from = to;
        }
        if (channel->isClosed())
            return;
        post(channel, [question, history = builder.finish(question.current)](HistoryReader &reader) {
            reader.m_isReading = false;
            Q_EMIT reader.answered(question, history);
        });
    }

private:
    std::atomic_bool m_isClosed{false};
    QMutex m_mutex;
    HistoryReader *m_reader; ///< guarded by the mutex on the worker; the GUI thread alone changes it
};

HistoryReader::HistoryReader(QObject *parent) : QObject(parent) {}

HistoryReader::~HistoryReader()
{
    abandon();
}

void HistoryReader::ask(const HistoryQuestion &question)
{
    abandon();
    m_channel = std::make_shared<Channel>(this);
    m_isReading = true;
    QThreadPool::globalInstance()->start([channel = m_channel, question] { Channel::read(channel, question); });
}

void HistoryReader::abandon()
{
    if (m_channel)
        m_channel->close();
    m_channel.reset();
    m_isReading = false;
}

} // namespace dormouse
