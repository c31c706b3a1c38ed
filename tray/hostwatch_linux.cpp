// SPDX-License-Identifier: MIT
#include "tray/hostwatch.h"

#include <QDBusConnection>
#include <QDBusConnectionInterface>
#include <QDBusServiceWatcher>
#include <QTimer>

namespace dormouse {
namespace {

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

/// What registers as a watcher is ready for items a little later.
constexpr std::chrono::milliseconds kSettle = 500ms;

QString watcherName()
{
    return u"org.kde.StatusNotifierWatcher"_s;
}

class BusHostWatch final : public HostWatch
{
public:
    BusHostWatch()
    {
        // The platform plugin has connected to the session bus already: this asks nobody but the bus itself.
        QDBusConnection bus = QDBusConnection::sessionBus();
        if (!bus.isConnected() || bus.interface()->isServiceRegistered(watcherName()))
            return;
        m_watcher.setConnection(bus);
        m_watcher.setWatchMode(QDBusServiceWatcher::WatchForRegistration);
        m_watcher.addWatchedService(watcherName());
        m_settled.setSingleShot(true);
        m_settled.setInterval(kSettle);
        connect(&m_settled, &QTimer::timeout, this, &HostWatch::restartNeeded);
        connect(&m_watcher, &QDBusServiceWatcher::serviceRegistered, this, [this] {
            m_watcher.removeWatchedService(watcherName());
            m_settled.start();
        });
    }

private:
    QDBusServiceWatcher m_watcher;
    QTimer m_settled;
};

} // namespace

std::unique_ptr<HostWatch> makeHostWatch()
{
    return std::make_unique<BusHostWatch>();
}

} // namespace dormouse
