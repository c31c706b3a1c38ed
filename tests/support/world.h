// SPDX-License-Identifier: MIT
#pragma once

#include "agent/decide/driver.h"
#include "tests/support/fakeclock.h"

#include <QString>

#include <array>
#include <optional>
#include <vector>

namespace dormouse {

/// A wrapper as it really is, whatever the driver believes.
struct SimClient {
    HeartbeatEntry entry; ///< its heartbeat file, should hasFile be true, and its process
    bool hasFile = true;
    bool refreshes = true;
    bool wasSeen = false; ///< by the agent
    std::optional<WallTime> seenActive;
    bool isLeaked = false;  ///< its parent went, and the agent can know
    bool isIgnored = false; ///< attached at the moment of a wish, and not used since
    AwakeTime nextRefresh;
    AwakeTime lastUse;                     ///< first sight, a newer last_active, a request
    std::optional<AwakeTime> missingSince; ///< its file, as far as this agent has seen
};

enum class UserSource { Absent, Present, Slow, Silent };

struct ClientOptions {
    bool tellsActive = false; ///< writes last_active
    bool isLeaked = false;    ///< an orphan already at first sight
    Millis phase{0};          ///< of its first refresh after the one now
};

struct StartOptions {
    bool supervised = false;
    bool wakeRequested = false;
    bool shadowRun = false;
};

/// Sees what happens in a World.
class Witness
{
public:
    virtual ~Witness() = default;
    virtual void outside() {}                                      ///< something happened that is not the agent's doing
    virtual void entered(State from, State to, Event trigger) = 0; ///< WAKE→WAKE included
    virtual void evaluated() = 0;
    virtual void broken(const char *what) = 0; ///< the driver broke its contract with the evaluator
};

/// A machine with an agent on it, simulated: wrappers and their files, the person, wake.signal, the sleep cycle, leases, disk, suspends, crashes. The agent is a Driver
/// and the few lines of the evaluator and the dispatcher around it, as the lifecycle specification has them.
class World
{
public:
    explicit World(const Settings &settings = {}, Witness *witness = nullptr);

    // Time. Whatever is due (ticks, refreshes, answers, the cycle) happens on the way.
    void pass(Millis awake);
    void suspend(Millis length, bool isTold = false); ///< isTold: the platform's signal comes at resume
    void stepWall(Millis by);
    void reboot(Millis off); ///< the agent is killed by it

    // The agent
    void start(const StartOptions &options = {});
    void crash();
    void stop(); ///< SIGTERM: memory is saved
    void evaluate();
    void tick();
    void scan(); ///< a watcher's signal

    // Clients
    int attach(const ClientOptions &options = {});
    void use(int client);    ///< a newer last_active, where it tells
    void detach(int client); ///< process and file go
    void kill(int client);   ///< the process goes, the file stays
    void freeze(int client); ///< lives, but does not refresh
    void thaw(int client);
    void leak(int client);       ///< its parent goes
    void removeFile(int client); ///< until its next refresh
    void request(const Requester &requester = {});
    void requestFrom(int client);
    void pause(std::optional<Millis> length);
    void resume();
    WishOutcome wish(State target, bool force = false);
    void lease(const QString &name, Millis length, qint64 pid = 0, quint64 connection = 1);
    void closeConnection(quint64 connection);
    void writeSignal();
    void input(); ///< the person touches the keyboard

    [[nodiscard]] State state() const { return m_state; }
    [[nodiscard]] bool isRunning() const { return m_driver.has_value(); }
    [[nodiscard]] Driver &driver() { return *m_driver; }
    [[nodiscard]] const std::vector<SimClient> &clients() const { return m_clients; }
    [[nodiscard]] bool hasSignal() const { return m_signal.has_value(); }
    [[nodiscard]] bool isHeld() const;
    [[nodiscard]] bool isLeased() const;
    [[nodiscard]] bool isScannedNow() const { return m_scannedAt == now().awake; }
    [[nodiscard]] Instants now() const { return clock.now(); }
    [[nodiscard]] Millis userIdle() const { return now().awake - m_lastInput; }
    [[nodiscard]] qint64 writes() const { return m_writes; }
    [[nodiscard]] int entries(State state) const { return m_entries[static_cast<std::size_t>(state)]; }
    [[nodiscard]] int cyclesCompleted() const { return m_cyclesCompleted; }
    [[nodiscard]] int exits() const { return m_exits; }

    FakeClock clock;
    Settings settings;
    State recorded = State::Wake; ///< lifecycle_state.json
    AgentMemory memory;           ///< dormouse.json
    QString bootId;
    UserSource userSource = UserSource::Absent;
    bool displayAsleep = false;
    bool canRemoveSignal = true;
    bool canStartCycle = true;
    bool isDiskFull = false;
    bool watches = true; ///< changes in the wrappers folder are seen at once, not only at ticks
    Millis cycleLength = std::chrono::minutes(2);
    Millis tickDelay{0}; ///< by which each tick comes late
    std::optional<Error> folderError;

private:
    struct SimLease {
        QString name;
        quint64 connection;
        qint64 pid;
        AwakeTime until;
        bool isIgnored;
    };

    [[nodiscard]] AwakeTime nextMoment() const;
    [[nodiscard]] bool ticks() const;
    void happen();
    bool refreshFiles();
    void outside();
    void changed();
    void observeScan();
    static void noteMissing(SimClient &client, AwakeTime at);
    void askUser();
    void answerUser();
    [[nodiscard]] bool decide();
    [[nodiscard]] bool carryOut(const Decision &decision);
    [[nodiscard]] bool dispatch(Event event, Payload payload);
    void enter(State to, Event trigger);
    void removeSignal();
    void saveMemory(bool always);

    Witness *m_witness;
    std::optional<Driver> m_driver;
    StartOptions m_startOptions;
    State m_state = State::Wake;
    bool m_isWritePending = false;
    bool m_isMemoryDue = false;
    std::vector<SimClient> m_clients;
    std::vector<SimLease> m_leases;
    HeartbeatScan m_scan;
    AwakeTime m_scannedAt;
    std::optional<CountedSignal> m_signal;
    qint64 m_lastInode = 0;
    AwakeTime m_lastInput;
    std::optional<AwakeTime> m_resumedAt;
    std::optional<AwakeTime> m_answerDue;
    std::optional<AwakeTime> m_cycleEnd;
    std::optional<ElapsedTime> m_holdUntil;
    bool m_isHeld = false;
    AwakeTime m_nextTick;
    int m_lastPid = 1000;
    qint64 m_writes = 0;
    std::array<int, 4> m_entries{};
    int m_cyclesCompleted = 0;
    int m_exits = 0;
};

} // namespace dormouse
