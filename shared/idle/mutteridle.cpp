// SPDX-License-Identifier: MIT
#include "shared/idle/mutteridle.h"

#include "shared/idle/dbus/buslink.h"

namespace dormouse {

using namespace Qt::Literals::StringLiterals;

MutterIdle::MutterIdle(dbus::BusLink &session, QObject *parent) : IdleBackend(parent), m_session(session) {}

QString MutterIdle::name() const
{
    return u"mutter"_s;
}

void MutterIdle::ask()
{
    const QString service = u"org.gnome.Mutter.IdleMonitor"_s;
    m_session.call({service, u"/org/gnome/Mutter/IdleMonitor/Core"_s, service, u"GetIdletime"_s, {}},
                   [this](const dbus::Answer &answer) {
                       const auto idle = answer.first<qulonglong>(); // milliseconds
                       if (idle && *idle <= quint64(Millis::max().count()))
                           askDisplay(Millis(qint64(*idle)));
                       else
                           Q_EMIT answered({});
                   });
}

void MutterIdle::askDisplay(Millis idle)
{
    const QString service = u"org.gnome.Mutter.DisplayConfig"_s;
    m_session.get(
        service, u"/org/gnome/Mutter/DisplayConfig"_s, service, u"PowerSaveMode"_s, [this, idle](const dbus::Answer &answer) {
            const auto mode = answer.first<int>(); // 0: on, 1 to 3: standby, suspend, off; -1: unknown
            Q_EMIT answered({.idle = idle, .isDisplayAsleep = mode && *mode >= 0 ? std::optional(*mode > 0) : std::nullopt});
        });
}

} // namespace dormouse
