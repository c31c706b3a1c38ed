// SPDX-License-Identifier: MIT
#include "shared/idle/logindidle.h"

#include "shared/idle/dbus/buslink.h"
#include "shared/idle/sessionhint.h"

#include <unistd.h>

#include <algorithm>

namespace dormouse {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr qsizetype kSessionsMax = 16;

QString service()
{
    return u"org.freedesktop.login1"_s;
}

} // namespace

LogindIdle::LogindIdle(dbus::BusLink &system, const Clock &clock, QObject *parent)
    : IdleBackend(parent), m_system(system), m_clock(clock)
{
    m_system.listen(service(), u"org.freedesktop.login1.Manager"_s, u"PrepareForSleep"_s, [this](const QVariantList &arguments) {
        if (arguments.size() == 1 && arguments.first().metaType() == QMetaType::fromType<bool>() && !arguments.first().toBool())
            Q_EMIT resumed();
    });
}

QString LogindIdle::name() const
{
    return u"logind"_s;
}

void LogindIdle::start()
{
    m_system.open();
}

void LogindIdle::ask()
{
    m_system.call({service(), u"/org/freedesktop/login1"_s, u"org.freedesktop.login1.Manager"_s, u"ListSessions"_s, {}},
                  [this](const dbus::Answer &answer) { askSessions(answer); });
}

void LogindIdle::askSessions(const dbus::Answer &answer)
{
    const auto list = answer.first<QVariantList>().value_or(QVariantList());
    const QList<LoginSession> sessions = seatedSessions(list, ::getuid()).mid(0, kSessionsMax);
    m_reading = {};
    m_awaited = sessions.size();
    if (sessions.isEmpty())
        Q_EMIT answered({});
    for (const LoginSession &session : sessions) {
        m_system.call(
            {service(), session.path, u"org.freedesktop.DBus.Properties"_s, u"GetAll"_s, {u"org.freedesktop.login1.Session"_s}},
            [this](const dbus::Answer &properties) { takeSession(properties); });
    }
}

/// The least idle one counts: the person sits there.
void LogindIdle::takeSession(const dbus::Answer &answer)
{
    const auto idle = idlenessOfSession(answer.first<QVariantList>().value_or(QVariantList()), m_clock.now().awake);
    if (idle)
        m_reading.idle = std::min(m_reading.idle.value_or(Millis::max()), *idle);
    if (--m_awaited == 0)
        Q_EMIT answered(m_reading);
}

} // namespace dormouse
