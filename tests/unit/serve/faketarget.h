// SPDX-License-Identifier: MIT
#pragma once

#include "agent/serve/controltarget.h"

#include <QJsonObject>
#include <QStringList>

#include <vector>

namespace dormouse {

/// Stands in for the agent behind the control server: notes what it was asked, answers plainly.
class FakeTarget : public ControlTarget
{
public:
    Snapshot snapshotNow;
    mutable QStringList calls;
    mutable std::vector<Done> laterAnswers; ///< of `history`, while `historyLater`
    bool historyLater = false;
    qsizetype whyBytes = 0; ///< pads the answer of `why`
    std::vector<quint64> gone;
    Peer lastPeer;

    [[nodiscard]] Snapshot snapshot() const override { return snapshotNow; }
    [[nodiscard]] Reply why() const override
    {
        calls << QStringLiteral("why");
        return Reply::accepted({{QStringLiteral("text"), QString(whyBytes, QLatin1Char('w'))}});
    }
    [[nodiscard]] Reply wrappers(int limit, int offset) const override
    {
        return noted(QStringLiteral("wrappers %1 %2").arg(limit).arg(offset));
    }
    void history(const HistoryQuery &query, Done done) const override
    {
        const auto time = [](const std::optional<WallTime> &value) {
            return value ? QString::number(value->time_since_epoch().count() / 1'000'000) : QStringLiteral("-");
        };
        const Reply reply = noted(
            QStringLiteral("history %1 %2 %3 %4").arg(time(query.since), time(query.until)).arg(query.limit).arg(query.offset));
        if (historyLater)
            laterAnswers.push_back(std::move(done));
        else
            done(reply);
    }
    [[nodiscard]] Reply digest(bool peek) override { return noted(QStringLiteral("digest %1").arg(peek)); }
    [[nodiscard]] Reply request(const Peer &peer, const QString &uuid) override
    {
        lastPeer = peer;
        return noted(QStringLiteral("request '%1'").arg(uuid));
    }
    [[nodiscard]] Reply sleepNow(const QString &reason, bool force) override
    {
        return noted(QStringLiteral("sleep '%1' %2").arg(reason).arg(force));
    }
    [[nodiscard]] Reply hibernateNow(bool force) override { return noted(QStringLiteral("hibernate %1").arg(force)); }
    [[nodiscard]] Reply pause(std::optional<Millis> length, const QString &reason) override
    {
        return noted(QStringLiteral("pause %1 '%2'").arg(length ? length->count() : -1).arg(reason));
    }
    [[nodiscard]] Reply resume() override { return noted(QStringLiteral("resume")); }
    [[nodiscard]] Reply openSession(const Peer &peer, const QString &sessionId) override
    {
        lastPeer = peer;
        return noted(QStringLiteral("session '%1'").arg(sessionId));
    }
    [[nodiscard]] Reply consumeFirstTurn(const QString &sessionId) override
    {
        return noted(QStringLiteral("consume '%1'").arg(sessionId));
    }
    [[nodiscard]] Reply takeLease(const Peer &peer, const QString &name, std::optional<qint64> pid,
                                  std::optional<Millis> length) override
    {
        lastPeer = peer;
        return noted(QStringLiteral("lease '%1' %2 %3").arg(name).arg(pid.value_or(-1)).arg(length ? length->count() : -1));
    }
    [[nodiscard]] Reply release(const QString &name) override { return noted(QStringLiteral("release '%1'").arg(name)); }
    [[nodiscard]] Reply acknowledge(const QString &what) override
    {
        calls << QStringLiteral("acknowledge '%1'").arg(what);
        return Reply::refused(QStringLiteral("not_found"), QStringLiteral("no such mark"));
    }
    void clean(Done done) override { done(noted(QStringLiteral("clean"))); }
    [[nodiscard]] Reply stop() override { return noted(QStringLiteral("stop")); }
    [[nodiscard]] Reply forceCycle() override { return noted(QStringLiteral("cycle")); }
    [[nodiscard]] Reply sleepCycle(bool resetQuarantine) override
    {
        return noted(QStringLiteral("sleep_cycle %1").arg(resetQuarantine));
    }
    [[nodiscard]] Reply service(const QString &name, const QString &action, const Peer &peer) override
    {
        lastPeer = peer;
        return noted(QStringLiteral("service '%1' %2").arg(name, action));
    }
    [[nodiscard]] Reply reload() override { return noted(QStringLiteral("reload")); }
    [[nodiscard]] Reply reportUserIdle(const Peer &peer, std::optional<Millis> idle) override
    {
        lastPeer = peer;
        return noted(QStringLiteral("user_idle %1").arg(idle ? idle->count() : -1));
    }
    void connectionClosed(quint64 connection) override { gone.push_back(connection); }

private:
    [[nodiscard]] Reply noted(const QString &call) const
    {
        calls << call;
        return Reply::accepted({{QStringLiteral("call"), call}});
    }
};

} // namespace dormouse
