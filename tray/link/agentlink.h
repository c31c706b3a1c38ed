// SPDX-License-Identifier: MIT
#pragma once

#include "shared/base/clock.h"
#include "shared/control/agentclient.h"
#include "shared/control/agentwaker.h"
#include "shared/storage/rootpaths.h"
#include "tray/model/agentpicture.h"

#include <QJsonObject>
#include <QObject>

#include <functional>
#include <memory>
#include <vector>

namespace dormouse {

/// The tray's link to the agent: subscribes, notices an agent that comes (file watch on the root), goes, freezes or lies, reconnects with back-off, answers requests. Looking
/// never wakes anybody: it connects only while agent.lock names a live agent. Sets no timer while nothing changes but one slow check of an agent that is
/// silent for long. Main thread.
class AgentLink : public QObject
{
    Q_OBJECT

public:
    using Reply = std::function<void(const Result<QJsonObject> &)>;

    /// The ways of starting an absent agent, asked for at each wake().
    using Launchers = std::function<std::vector<Launcher>()>;

    /// `socketPath` empty: the root's own. `clock` outlives the link. `launchers` empty: availableLaunchers().
    AgentLink(RootPaths paths, QString socketPath, const Clock &clock, QObject *parent = nullptr, Launchers launchers = {});
    ~AgentLink() override;

    void start();
    [[nodiscard]] const AgentPicture &picture() const;

    /// Sends one request; `reply` is called once, unless `context` has died: with the answer (`ok` false included), or Unavailable when no agent answers
    /// within 5 s. Never amid the call.
    void request(const QJsonObject &message, QObject *context, Reply reply);
    /// Asks for a sign of life, as when the menu opens: 2 s without an answer make the link Frozen.
    void check();
    /// Wake Now, in every state and with no agent: force_wake, or AgentWaker. Told by the picture (`isWaking`, `wakeFailure`). One at a time: a second call while
    /// one is under way does nothing.
    void wake();

Q_SIGNALS:
    /// At most once a turn of the event loop.
    void pictureChanged();

private:
    class Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace dormouse
