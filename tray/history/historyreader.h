// SPDX-License-Identifier: MIT
#pragma once

#include "shared/records/history.h"

#include <QObject>
#include <QString>

#include <memory>
#include <optional>

namespace dormouse {

/// What is asked of the event log.
struct HistoryQuestion {
    QString folder; ///< of the logs
    WallTime since;
    WallTime until; ///< now, for a window
    std::optional<State> current;

    bool operator==(const HistoryQuestion &) const = default;
};

/// Reads the event log on a worker thread, in chunks of days. One question at a time: a newer one supersedes the older, whose answer never comes.
/// GUI thread; destroying it does not wait for the worker, which ends after its chunk.
class HistoryReader : public QObject
{
    Q_OBJECT

public:
    explicit HistoryReader(QObject *parent = nullptr);
    ~HistoryReader() override;

    void ask(const HistoryQuestion &question);
    [[nodiscard]] bool isReading() const { return m_isReading; }

Q_SIGNALS:
    /// 1 to 99, after each chunk but the last: a short log has none.
    void progressed(int percent);
    void answered(const dormouse::HistoryQuestion &question, const dormouse::History &history);

private:
    class Channel;
    void abandon();

    std::shared_ptr<Channel> m_channel; ///< to the present worker
    bool m_isReading = false;
};

} // namespace dormouse
