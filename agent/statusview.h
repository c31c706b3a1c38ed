// SPDX-License-Identifier: MIT
#pragma once

#include "agent/act/cyclerunner.h"
#include "agent/act/evaluator.h"
#include "agent/act/servicekeeper.h"
#include "agent/attention.h"
#include "agent/configurationkeeper.h"
#include "shared/control/snapshot.h"

#include <QJsonObject>

namespace dormouse {

/// Composes what clients see from the agent's parts. Changes nothing. Main thread.
class StatusView
{
public:
    struct Parts {
        const Clock &clock;
        const Driver &driver;
        const Dispatcher &dispatcher;
        const CycleRunner &cycle;
        const ServiceKeeper &services;
        const DaemonStateFile &daemonState;
        const Evaluator &evaluator;
        const ConfigurationKeeper &configuration;
        const AttentionBoard &attention;
        QString wrappersFolder;
    };
    StatusView(const Parts &parts, bool shadowRun);

    [[nodiscard]] Snapshot snapshot() const; ///< without `refused`
    [[nodiscard]] QJsonObject why() const;
    /// `total`, and `wrappers` from the offset on, as text: of thousands a QJsonArray would keep other clients waiting. Neither is negative.
    [[nodiscard]] QByteArray wrapperMembers(int limit, int offset) const;

private:
    void addLifecycle(Snapshot &snapshot, const Instants &now) const;
    void addHoldAndWish(Snapshot &snapshot, const Instants &now) const;
    void addCycle(Snapshot &snapshot) const;

    Parts m_parts;
    bool m_shadowRun;
    Instants m_startedAt;
    QString m_startedText;
    qint64 m_pid;
};

/// Counts of wrappers by status; leaked ones are counted beside.
[[nodiscard]] WrapperCounts countWrappers(const Driver &driver);

} // namespace dormouse
