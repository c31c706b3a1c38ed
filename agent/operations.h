// SPDX-License-Identifier: MIT
#pragma once

#include "agent/act/chores.h"
#include "agent/act/evaluator.h"
#include "agent/act/servicekeeper.h"
#include "agent/attention.h"
#include "agent/configurationkeeper.h"
#include "agent/sense/reportedidleness.h"
#include "agent/serve/controltarget.h"
#include "agent/statusview.h"
#include "shared/base/worker.h"
#include "shared/presence/processtable.h"

#include <QObject>

#include <atomic>
#include <functional>
#include <utility>

namespace dormouse {

/// Carries out what clients ask for on the control socket: everything that changes the lifecycle goes through the driver. Main thread.
class Operations : public QObject, public ControlTarget
{
    Q_OBJECT

public:
    struct Parts {
        const Clock &clock;
        Driver &driver;
        Dispatcher &dispatcher;
        Evaluator &evaluator;
        CycleRunner &cycle;
        ServiceKeeper &services;
        DaemonStateFile &daemonState;
        ConfigurationKeeper &configuration;
        AttentionBoard &attention;
        const StatusView &view;
        const ProcessTable &processes;
        ReportedIdleness &reportedIdleness;
        Chores &chores;
    };
    explicit Operations(const Parts &parts, QObject *parent = nullptr);
    ~Operations() override { m_isOver = true; }
    /// Who counts what was refused: the server, which is made later than this.
    void setRefusedCounts(std::function<QJsonObject()> counts) { m_refusedCounts = std::move(counts); }

    [[nodiscard]] Snapshot snapshot() const override;
    [[nodiscard]] QByteArray statusMembers() override;
    void forgetStatus() override { m_status.clear(); }
    [[nodiscard]] Reply why() const override;
    [[nodiscard]] Reply wrappers(int limit, int offset) const override;
    void history(const HistoryQuery &query, Done done) const override;
    [[nodiscard]] Reply digest(bool peek) override;

    [[nodiscard]] Reply request(const Peer &peer, const QString &uuid) override;
    [[nodiscard]] Reply sleepNow(const QString &reason, bool force) override;
    [[nodiscard]] Reply hibernateNow(bool force) override;
    [[nodiscard]] Reply pause(std::optional<Millis> length, const QString &reason) override;
    [[nodiscard]] Reply resume() override;
    [[nodiscard]] Reply openSession(const Peer &peer, const QString &sessionId) override;
    [[nodiscard]] Reply consumeFirstTurn(const QString &sessionId) override;
    [[nodiscard]] Reply takeLease(const Peer &peer, const QString &name, std::optional<qint64> pid,
                                  std::optional<Millis> length) override;
    [[nodiscard]] Reply release(const QString &name) override;
    [[nodiscard]] Reply acknowledge(const QString &what) override;
    void clean(Done done) override;
    [[nodiscard]] Reply stop() override;
    [[nodiscard]] Reply forceCycle() override;
    [[nodiscard]] Reply sleepCycle(bool resetQuarantine) override;
    [[nodiscard]] Reply service(const QString &name, const QString &action, const Peer &peer) override;
    [[nodiscard]] Reply reload() override;
    [[nodiscard]] Reply reportUserIdle(const Peer &peer, std::optional<Millis> idle) override;
    void connectionClosed(quint64 connection) override;

Q_SIGNALS:
    /// The wrappers folder has to be looked at before the next decision, since a wish is about those attached now.
    void scanNeeded();
    void stopRequested();
    /// A client has begun to report the user's idleness, or none does any more.
    void idleSourcesChanged();

private:
    [[nodiscard]] QJsonObject stateFields() const;
    [[nodiscard]] bool isIdleReported() const;
    [[nodiscard]] Reply wish(State target, const QString &reason, bool force);

    Parts m_parts;
    std::function<QJsonObject()> m_refusedCounts;
    QByteArray m_status; ///< told at m_statusAt; empty: forgotten
    ElapsedTime m_statusAt;
    mutable QObject m_replies; ///< where answers of the history worker come back to the main thread
    mutable int m_historiesUnderWay = 0;
    std::atomic<bool> m_isOver = false;
    mutable Worker m_historyWorker; ///< last: its destructor waits for the worker
};

} // namespace dormouse
