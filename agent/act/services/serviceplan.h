// SPDX-License-Identifier: MIT
#pragma once

#include "shared/base/clock.h"
#include "shared/config/configuration.h"
#include "shared/lifecycle/lifecycle.h"

#include <QSet>
#include <QString>
#include <QStringList>

#include <cstdint>
#include <optional>
#include <vector>

namespace dormouse {

/// Where one service stands.
enum class ServicePhase : std::uint8_t {
    Looking, ///< not known yet whether it runs
    Stopped,
    Starting, ///< it was told to start, or runs without being ready
    Ready,
    Stopping,
    Failed, ///< died by itself; started again after a while
};

/// What is to be done with one service now.
struct ServiceOrder {
    enum class Kind : std::uint8_t { Start, Stop };
    Kind kind = Kind::Start;
    QString name;

    bool operator==(const ServiceOrder &) const = default;
};

/// Decides what services are started and stopped, when and in what order (sleep-cycle specification, "Services"). A value: no clock, process or timer in
/// here. It never asks for a start of what has not ended, and its answer depends on nothing but the last wish and what runs, so that no wish is lost.
class ServicePlan
{
public:
    static constexpr Millis kRetryMax{60'000};         ///< restarts wait 1, 2, 4 … 60 s
    static constexpr Millis kHealthyAfter{5 * 60'000}; ///< then earlier deaths are forgotten
    static constexpr Millis kUnreadyAfter{5 * 60'000}; ///< running for so long without being ready deserves attention
    static constexpr int kTroubledAfter = 5;           ///< deaths in a row

    struct Item {
        QString name;
        State stopIn = State::Hibernation;
        std::optional<QStringList> after; ///< what it waits for; nothing: the one before it
        ServicePhase phase = ServicePhase::Stopped;
        bool isConfigured = true;
        bool isLeftAlone = false;
        std::optional<bool> byHand; ///< started or stopped by hand, until the state changes
        bool isRestartDue = false;  ///< to be stopped first, whatever is wanted
        int deaths = 0;             ///< in a row
        int restarts = 0;           ///< by itself, since the agent's start
        AwakeTime since;            ///< of the start of this run, or of the next attempt when Failed

        [[nodiscard]] bool isRunning() const { return phase == ServicePhase::Starting || phase == ServicePhase::Ready; }
    };

    /// Keeps what runs; what is no longer configured is stopped.
    void configure(const std::vector<ServiceConfig> &services, const QSet<QString> &leftAlone);
    void setState(State state, AwakeTime now);
    /// Stops everything for good.
    void end() { m_isEnding = true; }

    // By hand. An unknown name is ignored.
    void start(const QString &name);
    void stop(const QString &name);
    void restart(const QString &name);
    void leaveAlone(const QString &name);

    // What happened to a service.
    void looking(const QString &name);            ///< somebody asks whether it runs; ran() or ended() follows
    void ran(const QString &name, AwakeTime now); ///< it was found running; one that is not configured is taken up to be stopped
    void becameReady(const QString &name);
    void ended(const QString &name, AwakeTime now); ///< it does not run, whatever the reason

    /// What is to be done now; each order is given once.
    [[nodiscard]] std::vector<ServiceOrder> orders(AwakeTime now);
    /// How long until orders() or isTroubled() may answer anew by themselves, other than at the last orders().
    [[nodiscard]] std::optional<Millis> dueIn(AwakeTime now) const;

    [[nodiscard]] const std::vector<Item> &items() const { return m_items; }
    [[nodiscard]] const Item *find(const QString &name) const;
    /// Nothing runs, or may still run, that the state forbids.
    [[nodiscard]] bool isSettledDown() const;
    [[nodiscard]] bool isAllReady() const;
    /// Running services that entering `target` would stop.
    [[nodiscard]] QStringList stoppedBy(State target) const;
    /// It died five times in a row, or runs for long without being ready.
    [[nodiscard]] bool isTroubled(const Item &item, AwakeTime now) const;

private:
    [[nodiscard]] Item *findItem(const QString &name);
    [[nodiscard]] bool isForbidden(const Item &item) const;
    [[nodiscard]] bool isWanted(const Item &item) const;
    [[nodiscard]] bool isToStop(const Item &item) const;
    [[nodiscard]] bool mayStart(const Item &item, AwakeTime now) const;
    [[nodiscard]] bool holdsBack(const Item &before, bool isExplicit, AwakeTime now) const;
    [[nodiscard]] QStringList waitsFor(std::size_t index) const;
    [[nodiscard]] bool hasRunningFollower(const Item &item) const;
    void forget(AwakeTime now);

    std::vector<Item> m_items; ///< in the order of the file; those that are not configured any more at the end
    std::optional<State> m_state;
    bool m_isEnding = false;
    AwakeTime m_orderedAt;
};

} // namespace dormouse
