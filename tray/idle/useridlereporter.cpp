// SPDX-License-Identifier: MIT
#include "tray/idle/useridlereporter.h"

#include "shared/control/messages.h"

#include <algorithm>
#include <utility>

namespace dormouse {

using namespace Qt::Literals::StringLiterals;

namespace {

/// Names the agent that cannot see its user and wants to; empty where there is none. A restart makes it another one, which was told nothing yet.
QString blindAgent(const AgentPicture &picture)
{
    if (picture.link != LinkState::Connected || !picture.snapshot || picture.snapshot->state == State::Hibernation)
        return {};
    const bool isOnlyWeTell =
        std::ranges::all_of(picture.snapshot->idleSources, [](const QString &source) { return source == "tray"_L1; });
    return isOnlyWeTell ? QString(QString::number(picture.snapshot->pid) + u' ' + picture.snapshot->daemonStartedAt) : QString();
}

} // namespace

UserIdleReporter::UserIdleReporter(const Clock &clock, Send send, MakeSource makeSource, const ReportPace &pace, QObject *parent)
    : QObject(parent), m_clock(clock), m_send(std::move(send)), m_makeSource(std::move(makeSource)), m_pace(pace), m_next(this)
{
    m_next.setSingleShot(true);
    connect(&m_next, &QTimer::timeout, this, &UserIdleReporter::ask);
}

UserIdleReporter::~UserIdleReporter() = default;

void UserIdleReporter::follow(const AgentPicture &picture)
{
    const QString agent = blindAgent(picture);
    if (std::exchange(m_agent, agent) == agent)
        return;
    m_unknowns = 0;
    if (agent.isEmpty()) {
        m_next.stop();
        m_source.reset();
        return;
    }
    if (std::exchange(m_lastAgent, agent) != agent) {
        m_toldAt.reset();
        m_isKnown = false;
    }
    Millis wait = m_pace.settle;
    if (m_toldAt) // a link that comes and goes does not make us talk more
        wait = std::max(wait, m_pace.period - (m_clock.now().awake - *m_toldAt));
    m_next.start(wait);
}

void UserIdleReporter::ask()
{
    if (!m_source) {
        m_source = m_makeSource();
        connect(m_source.get(), &IdleSource::answered, this, &UserIdleReporter::report);
    }
    m_source->ask();
}

/// An agent that was told nothing knows nothing: it needs no null.
void UserIdleReporter::report(const UserIdleness &idleness)
{
    const bool wasKnown = std::exchange(m_isKnown, idleness.idle.has_value());
    m_unknowns = idleness.idle ? 0 : std::min(m_unknowns + 1, m_pace.doublings);
    if (idleness.idle || wasKnown) {
        const QJsonValue seconds = idleness.idle ? QJsonValue(double(idleness.idle->count()) / 1000) : QJsonValue();
        m_toldAt = m_clock.now().awake;
        m_send({{control::key::kType, QString(control::type::kUserIdle)}, {"seconds"_L1, seconds}});
    }
    m_next.start(m_pace.period * (1 << m_unknowns));
}

} // namespace dormouse
