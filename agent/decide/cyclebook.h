// SPDX-License-Identifier: MIT
#pragma once

#include "agent/decide/observations.h"
#include "shared/base/settings.h"

#include <QJsonObject>
#include <QJsonValue>
#include <QMap>
#include <QString>
#include <QStringList>

#include <optional>
#include <utility>

namespace dormouse {

/// How a step ended: exit 0; exit 75; ended by us; anything else.
enum class StepEnd { Done, Deferred, Interrupted, Failed };

struct StepOutcome {
    StepEnd end = StepEnd::Done;
    QString error;                   ///< of a failure; kept to 500 characters
    QMap<QString, double> numbers{}; ///< of a step that is done: added up until the cycle is complete
};

/// Durable progress of an unfinished cycle (sleep-cycle specification, "The cycle").
struct CycleProgress {
    int lastCompletedStep = 0; ///< number of configured steps completed, 0 = none
    QString lastCompletedName; ///< to notice that the steps were renamed
    int attempt = 0;           ///< strikes of the step that is next
    std::optional<QString> lastError;
    WallTime startedAt;
    QMap<QString, double> numbers; ///< sums over the completed steps

    bool operator==(const CycleProgress &) const = default;
};

/// Failures of one step in a row. They outlive the progress that starts afresh, and are forgotten after 7 days.
struct Strikes {
    int count = 0;
    WallTime at; ///< the last one
    QString error;

    bool operator==(const Strikes &) const = default;
};

struct Quarantine {
    WallTime until;
    QString reason;
    WallTime since;

    bool operator==(const Quarantine &) const = default;
};

/// What of the bookkeeping goes into dormouse.json.
struct CycleMemory {
    std::optional<CycleProgress> progress;
    QMap<QString, Strikes> strikes; ///< by the step's name
    std::optional<Quarantine> quarantine;
    std::optional<QString> malformedUntil; ///< a quarantine was found whose until_ts is no time: that text
    int deferrals = 0;                     ///< in a row without progress
    std::optional<WallTime> retryAt;       ///< not before this (back-off)

    bool operator==(const CycleMemory &) const = default;
};

[[nodiscard]] QJsonObject cycleMemoryToJson(const CycleMemory &memory); ///< never empty
[[nodiscard]] CycleMemory cycleMemoryFromJson(const QJsonObject &object);
/// The mirrors in lifecycle_state.json: sleep_cycle_progress and quarantine (null when there is none).
[[nodiscard]] QJsonValue progressMirror(const CycleMemory &memory);
[[nodiscard]] QJsonValue quarantineMirror(const CycleMemory &memory);
/// Takes over the quarantine that an earlier writer (the Python side) left in the record, at the first start. Its progress names no step of ours.
[[nodiscard]] CycleMemory takeOver(const QJsonValue &quarantine, WallTime now);

/// The bookkeeping of the sleep cycle: which step is next, strikes, back-off, quarantine. A value; no processes, files or clocks. Wall times, because they are
/// kept across restarts: one that a clock set back has moved too far away is dropped.
class CycleBook
{
public:
    void restore(const CycleMemory &memory) { m_memory = memory; }
    [[nodiscard]] const CycleMemory &memory() const { return m_memory; }
    void setSettings(const Settings &settings) { m_settings = settings; }
    /// Names of the configured steps, in order. Progress that no longer fits starts afresh at the next begin(). Not while a cycle runs.
    void setSteps(const QStringList &names) { m_steps = names; }

    /// Begins or resumes a cycle: the index of the configured step to run, its attempt (0 = first try); nothing when none is left: the cycle is complete.
    struct Next {
        int step = 0;
        int attempt = 0;
    };
    [[nodiscard]] std::optional<Next> begin(WallTime now);
    /// Takes a step's outcome; answers the step to run next in the same cycle, or nothing: the cycle is over (isComplete() says how).
    [[nodiscard]] std::optional<Next> stepEnded(int step, const StepOutcome &outcome, WallTime now);
    /// The cycle that was begun last ran to its end.
    [[nodiscard]] bool isComplete() const { return m_isComplete; }
    /// The sums of the cycle that is complete, once.
    [[nodiscard]] QMap<QString, double> takeNumbers() { return std::exchange(m_numbers, {}); }

    /// A cycle can start, or go on, now; else why not, for a person.
    [[nodiscard]] bool canStart(WallTime now) const;
    [[nodiscard]] QString heldBack(WallTime now) const;
    [[nodiscard]] bool isQuarantined(WallTime now) const;
    /// When canStart() may change by time alone.
    [[nodiscard]] std::optional<WallTime> nextChange(WallTime now) const;

    /// Called at each tick: a quarantine that is over, malformed or further away than the ttl lifts itself. Answers the log reason and the former until_ts.
    [[nodiscard]] std::optional<std::pair<QString, QString>> liftExpired(WallTime now);
    /// By hand, with strikes and back-off; answers the former until_ts, nothing when there was no quarantine.
    [[nodiscard]] std::optional<QString> resetQuarantine();
    /// Once after a quarantine was entered: it, for the log and the notification.
    [[nodiscard]] std::optional<Quarantine> takeEntered() { return std::exchange(m_entered, std::nullopt); }

private:
    [[nodiscard]] std::optional<Next> advance();
    [[nodiscard]] bool isBackingOff(WallTime now) const;
    void strike(int step, const QString &error, WallTime now);
    void defer(int step, WallTime now);
    void forgetOld(WallTime now);
    void dropMisfit();
    void setAttempt();

    Settings m_settings;
    QStringList m_steps;
    CycleMemory m_memory;
    QMap<QString, double> m_numbers;
    bool m_isComplete = false;
    std::optional<Quarantine> m_entered;
};

} // namespace dormouse
