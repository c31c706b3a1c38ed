// SPDX-License-Identifier: MIT
#pragma once

#include "shared/idle/idlebackend.h"
#include "shared/idle/idlesource.h"

#include <QTimer>

#include <memory>
#include <vector>

namespace dormouse {

/// Asks its back-ends side by side and answers with the best that knows: they stand in order of preference. One that does
/// not answer in time is told about once and not waited for again until it does. Main thread.
class IdleChooser final : public IdleSource
{
    Q_OBJECT

public:
    using Backends = std::vector<std::unique_ptr<IdleBackend>>;
    /// How long one may take; below the 2 s that the caller waits.
    static constexpr Millis kAnswerLimit{1700};

    IdleChooser(const Clock &clock, Backends backends, Millis answerLimit = kAnswerLimit, QObject *parent = nullptr);

    void ask() override;
    void start() override;
    void setFineness(Millis fineness) override;

private:
    struct Entry {
        std::unique_ptr<IdleBackend> backend;
        std::optional<IdleReading> reading; ///< of this round
        bool isAsked = false;               ///< owes an answer, perhaps of an earlier round
        bool isAwaited = false;             ///< owes the answer of this round
        bool isTold = false;                ///< its silence is in the log
    };

    void take(Entry &entry, const IdleReading &reading);
    void finishIfDone();
    void finish();
    void noteResume();
    void watchClocks(const Instants &now);
    [[nodiscard]] UserIdleness combined(const Instants &now) const;

    const Clock &m_clock;
    std::vector<Entry> m_entries;
    QTimer m_deadline;
    bool m_isAsking = false;
    bool m_isStarting = false; ///< back-ends are being asked: those that answer at once do not end the round
    std::optional<Millis> m_drift;
    std::optional<AwakeTime> m_resumedAt;
};

} // namespace dormouse
