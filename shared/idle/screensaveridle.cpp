// SPDX-License-Identifier: MIT
#include "shared/idle/screensaveridle.h"

#include "shared/idle/dbus/buslink.h"

namespace dormouse {

using namespace Qt::Literals::StringLiterals;

ScreenSaverIdle::ScreenSaverIdle(dbus::BusLink &session, QObject *parent) : IdleBackend(parent), m_session(session) {}

QString ScreenSaverIdle::name() const
{
    return u"screensaver"_s;
}

void ScreenSaverIdle::ask()
{
    const QString service = u"org.freedesktop.ScreenSaver"_s;
    m_session.call({service, u"/org/freedesktop/ScreenSaver"_s, service, u"GetSessionIdleTime"_s, {}},
                   [this](const dbus::Answer &answer) {
                       if (const auto number = answer.first<uint>())
                           askUnit(*number);
                       else
                           Q_EMIT answered({});
                   });
}

/// Asked each time: a session bus outlives a desktop, and another one may have come.
void ScreenSaverIdle::askUnit(quint32 number)
{
    const QString bus = u"org.freedesktop.DBus"_s;
    m_session.call({bus, u"/org/freedesktop/DBus"_s, bus, u"NameHasOwner"_s, {u"org.kde.screensaver"_s}},
                   [this, number](const dbus::Answer &answer) {
                       IdleReading reading;
                       if (const auto isKde = answer.first<bool>())
                           reading.idle = *isKde ? Millis(number) : Millis(std::chrono::seconds(number));
                       Q_EMIT answered(reading);
                   });
}

} // namespace dormouse
