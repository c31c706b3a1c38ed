// SPDX-License-Identifier: MIT
#pragma once

#include "tests/support/world.h"

#include <QString>

#include <array>
#include <random>
#include <vector>

namespace dormouse {

/// The properties at the end of the lifecycle specification's driver, and a few that its rules state as never or always.
enum class Property {
    Contract,         ///< never an illegal transition, a useless dispatch, a loop without end
    AbsentMeansSleep, ///< absent for sleep_after and eligible → SLEEP or beyond
    NothingElseKeepsWake,
    HibernationReached,
    WakeHonoured, ///< in the evaluation that sees it
    NoFlapping,   ///< no state entered twice within a minute without an outside cause
    FewWrites,
    HoldKeepsAwake,
    OneCycleAStay,
    NotTooSoon, ///< no step down before its time, in a grace, or against the user where require_user_idle is set
};
inline constexpr std::size_t kProperties = 10;

/// What many random days found.
struct Findings {
    std::array<QString, kProperties> violation; ///< the first of each
    std::array<qint64, kProperties> checked{};  ///< how often a property had something to say
    qint64 days = 0;
    qint64 evaluations = 0;
    qint64 exits = 0;
};

/// A world in which random things happen to the agent, and a witness who knows the truth. Reproducible from its seed.
class RandomWorld final : public Witness
{
public:
    RandomWorld(quint64 seed, Findings &findings);
    void live(int days);

    void outside() override;
    void entered(State from, State to, Event trigger) override;
    void evaluated() override;
    void broken(const char *what) override { violated(Property::Contract, what); }

private:
    struct Step {
        AwakeTime at;
        const char *what = nullptr; ///< nothing: a transition
        State from = State::Wake;
        State to = State::Wake;
    };

    [[nodiscard]] static Settings randomSettings(std::mt19937_64 &random);
    [[nodiscard]] int pick(int below);
    [[nodiscard]] bool chance(int percent) { return pick(100) < percent; }
    [[nodiscard]] Millis randomTime(Millis below);
    void liveDay();
    void happen();
    void clientEvent(int kind);
    void clientComes();
    void agentEvent(int kind);
    void personEvent(int kind);
    void machineEvent(int kind);
    void start(bool isWake);
    void suspend();
    void flap();
    void expectWake();
    void trail(const char *what);
    void used();
    void violated(Property property, const char *what);
    void check(Property property, bool holds, const char *what);

    [[nodiscard]] bool maybePresent() const;
    [[nodiscard]] bool isSurelyPresent() const;
    [[nodiscard]] bool maybeUsed(const SimClient &client) const;
    [[nodiscard]] bool maybeIneligible() const;
    [[nodiscard]] bool isSurelyIneligible() const;
    void checkWayDown();
    void checkNotTooSoon(State to);
    [[nodiscard]] Millis slack() const { return 2 * m_world.settings.tick + m_world.tickDelay + std::chrono::seconds(5); }

    quint64 m_seed;
    std::mt19937_64 m_random;
    Findings &m_findings;
    World m_world;
    bool m_isSupervised = false;
    bool m_wasDiskFull = false; ///< today
    bool m_isWished = false;    ///< a sleep now may stand
    int m_outsideToday = 0;
    AwakeTime m_lastThere;   ///< somebody may have been there
    AwakeTime m_lastBlocked; ///< a grace, or a disk, kept the agent from anything
    AwakeTime m_lastIneligible;
    AwakeTime m_sourceChanged; ///< or the display
    AwakeTime m_graceFrom;
    AwakeTime m_graceUntil;
    AwakeTime m_lastSuspend;
    std::optional<AwakeTime> m_lastSurely; ///< somebody was there beyond doubt, since the agent's start
    AwakeTime m_lastOutside;
    std::array<std::optional<AwakeTime>, 4> m_enteredAt;
    int m_cyclesBefore = 0;    ///< of this stay in SLEEP
    std::vector<Step> m_trail; ///< the last steps, for a message
    std::size_t m_trailNext = 0;
};

} // namespace dormouse
