// SPDX-License-Identifier: MIT
#include "cli/watch.h"

#include "cli/statusjson.h"
#include "cli/statustext.h"
#include "cli/times.h"
#include "shared/base/text.h"
#include "shared/control/messages.h"

#include <QCoreApplication>
#include <QJsonDocument>

namespace dormouse {
namespace {

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

constexpr Millis kLookPeriod = 1s;   // agent.lock is one small file: reading it once a second costs nothing
constexpr Millis kSilenceLimit = 2s; // after which an agent counts as frozen

} // namespace

StatusWatch::StatusWatch(const Context &context, bool json)
    : m_context(context), m_json(json), m_client(context.socket), m_signals({SIGINT, SIGTERM, SIGHUP})
{
    m_look.setInterval(kLookPeriod);
    m_second.setInterval(1s);
    m_patience.setInterval(kSilenceLimit);
    m_patience.setSingleShot(true);
    connect(&m_look, &QTimer::timeout, this, &StatusWatch::lookForAgent);
    connect(&m_second, &QTimer::timeout, this, &StatusWatch::redraw);
    connect(&m_patience, &QTimer::timeout, this, [this] {
        m_snapshot.reset();
        m_trouble = u"the agent does not answer"_s;
        show();
    });
    connect(&m_client, &AgentClient::connected, this, [this] {
        m_client.send({{control::key::kType, QString(control::type::kSubscribe)}});
    });
    connect(&m_client, &AgentClient::received, this, &StatusWatch::receive);
    connect(&m_client, &AgentClient::disconnected, this, &StatusWatch::lose);
    connect(&m_signals, &SignalPipe::raised, this, [] { QCoreApplication::exit(kExitOk); });
}

int StatusWatch::run()
{
    if (const Result<void> fits = checkSocketPath(m_context.socket); !fits)
        return m_context.fail(fits.error());
    if (!m_json && m_context.out.canRedraw())
        m_second.start();
    QMetaObject::invokeMethod(this, &StatusWatch::lookForAgent, Qt::QueuedConnection);
    return QCoreApplication::exec();
}

void StatusWatch::lookForAgent()
{
    if (liveAgent(m_context.paths)) {
        m_look.stop();
        m_patience.start();
        m_client.connectToAgent();
        return;
    }
    m_trouble.clear();
    m_look.start();
    show();
}

void StatusWatch::receive(const QJsonObject &message)
{
    const std::optional<Snapshot> snapshot = snapshotFromJson(message);
    const bool refused = message.contains(control::key::kOk) && !isAccepted(message);
    if (!snapshot && !refused)
        return; // the answer to `subscribe`, or an event of a later version
    m_patience.stop();
    if (refused) {
        m_snapshot.reset();
        m_trouble = u"the agent refused: "_s + sanitized(message.value(control::key::kError).toString());
        return show();
    }
    m_trouble.clear();
    m_snapshot = snapshot;
    m_lastJson = withAgentRunning(message);
    show();
}

void StatusWatch::lose(const Error &error)
{
    m_patience.stop();
    m_snapshot.reset();
    if (error.code == ErrorCode::Refused) {
        QCoreApplication::exit(m_context.fail(error));
        return;
    }
    m_trouble = liveAgent(m_context.paths) ? QString(u"the agent does not answer: "_s + error.text()) : QString();
    m_look.start();
    show();
}

QString StatusWatch::trouble() const
{
    return m_trouble.isEmpty() ? absentText(readRecord(m_context.paths), m_context.paths, m_context.now()) : m_trouble;
}

void StatusWatch::show()
{
    if (m_json)
        showChange({}, m_snapshot ? m_lastJson : absentStatusJson(readRecord(m_context.paths), m_trouble));
    else if (m_context.out.canRedraw())
        redraw();
    else
        showChange(m_snapshot ? statusLine(*m_snapshot, m_context.now()) : trouble(), {});
}

void StatusWatch::showChange(const QString &line, const QJsonObject &json)
{
    const QString key = m_json ? QString::fromUtf8(QJsonDocument(json).toJson(QJsonDocument::Compact)) : line;
    if (key == m_lastLine)
        return;
    m_lastLine = key;
    if (m_json)
        m_context.out.jsonLine(json);
    else
        m_context.out.line(localClock(m_context.now()) + u' ' + line);
    if (m_context.out.failure() != 0)
        QCoreApplication::exit(kExitOk); // whoever read it is gone; checkedOutput() tells a full disk from that
}

void StatusWatch::redraw()
{
    const Palette &palette = m_context.out.palette();
    const QString body = m_snapshot ? statusText(*m_snapshot, m_context.now(), palette)
                                    : QString(palette.paint(Style::Warning, sanitized(trouble(), 1000)) + u'\n');
    QString screen = u"\033[H"_s; // cursor home; each line clears its own rest, so that nothing flickers
    for (const QString &line : body.split(u'\n', Qt::SkipEmptyParts))
        screen += line + u"\033[K\n"_s;
    const QString footer = palette.paint(Style::Dim, localClock(m_context.now()) + u", Ctrl-C ends"_s);
    m_context.out.write(screen + u"\033[K\n"_s + footer + u"\033[K\033[J\n"_s);
    if (m_context.out.failure() != 0)
        QCoreApplication::exit(kExitOk);
}

} // namespace dormouse
