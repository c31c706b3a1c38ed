// SPDX-License-Identifier: MIT
#include "tray/hostwatch.h"

#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QDBusServiceWatcher>
#include <QDBusVariant>
#include <QTimer>

#include <functional>

namespace dormouse {
namespace {

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

QString watcherPath()
{
    return u"/StatusNotifierWatcher"_s;
}

/// What registers as a watcher is ready for items a little later.
constexpr std::chrono::milliseconds kSettle = 500ms;

QString watcherName()
{
    return u"org.kde.StatusNotifierWatcher"_s;
}

class BusHostWatch final : public HostWatch
{
    Q_OBJECT

public:
    BusHostWatch() : m_bus(QDBusConnection::sessionBus()) // the platform plugin has connected to it already
    {
        m_settled.setSingleShot(true);
        m_settled.setInterval(kSettle);
        connect(&m_settled, &QTimer::timeout, this, &BusHostWatch::lookAgain);
        if (!m_bus.isConnected())
            return;
        m_watcher.setConnection(m_bus);
        m_watcher.setWatchMode(QDBusServiceWatcher::WatchForRegistration);
        m_watcher.addWatchedService(watcherName());
        connect(&m_watcher, &QDBusServiceWatcher::serviceRegistered, &m_settled, qOverload<>(&QTimer::start));
        m_bus.connect(watcherName(), watcherPath(), watcherName(), u"StatusNotifierHostRegistered"_s, &m_settled, SLOT(start()));
        ask([this](bool isThere) {
            if (isThere)
                stopWatching(); // Qt has it, and follows it by itself
        });
    }

private:
    void lookAgain()
    {
        ask([this](bool isThere) {
            if (!isThere || !m_isWatching)
                return;
            stopWatching();
            Q_EMIT restartNeeded();
        });
    }

    /// Whether there is a watcher with a host, as Qt asks it when it starts.
    void ask(std::function<void(bool)> answer)
    {
        QDBusMessage message =
            QDBusMessage::createMethodCall(watcherName(), watcherPath(), u"org.freedesktop.DBus.Properties"_s, u"Get"_s);
        message << watcherName() << u"IsStatusNotifierHostRegistered"_s;
        message.setAutoStartService(false);
        auto *call = new QDBusPendingCallWatcher(m_bus.asyncCall(message), this);
        connect(call, &QDBusPendingCallWatcher::finished, this, [call, answer] {
            const QDBusPendingReply<QDBusVariant> reply = *call;
            call->deleteLater();
            answer(!reply.isError() && reply.value().variant().toBool());
        });
    }

    void stopWatching()
    {
        m_isWatching = false;
        m_watcher.removeWatchedService(watcherName());
        m_bus.disconnect(watcherName(), watcherPath(), watcherName(), u"StatusNotifierHostRegistered"_s, &m_settled,
                         SLOT(start()));
        m_settled.stop();
    }

    QDBusConnection m_bus;
    QDBusServiceWatcher m_watcher;
    QTimer m_settled;
    bool m_isWatching = true;
};

} // namespace

std::unique_ptr<HostWatch> makeHostWatch()
{
    return std::make_unique<BusHostWatch>();
}

} // namespace dormouse

#include "hostwatch_linux.moc"
