// SPDX-License-Identifier: MIT
#include "tray/agentcommands.h"

#include "shared/base/text.h"
#include "shared/control/messages.h"

#include <QMessageBox>
#include <QPushButton>

namespace dormouse {
namespace {

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;
using Verb = TrayCommand::Verb;

constexpr Millis kUndoTime = 10s; // tray specification

QJsonObject messageOf(QLatin1StringView type)
{
    return {{control::key::kType, QString(type)}};
}

/// The message that a command is, for those that need nothing but sending; nothing for others.
std::optional<QJsonObject> plainMessage(const TrayCommand &command)
{
    QJsonObject message;
    switch (command.verb) {
    case Verb::KeepAwake:
        message = messageOf(control::type::kPause);
        if (command.seconds > 0)
            message.insert("seconds"_L1, command.seconds);
        return message;
    case Verb::EndHold: return messageOf(control::type::kResume);
    case Verb::Service:
        message = messageOf(control::type::kService);
        message.insert("name"_L1, command.name);
        message.insert("action"_L1, command.action);
        return message;
    case Verb::IgnoreWrapper:
        message = messageOf(control::type::kRelease);
        message.insert("name"_L1, command.name);
        return message;
    case Verb::Dismiss:
        message = messageOf(control::type::kAcknowledge);
        message.insert("what"_L1, command.name);
        return message;
    case Verb::RunMaintenance: return messageOf(control::type::kForceRem);
    case Verb::ResetQuarantine:
        message = messageOf(control::type::kSleepCycle);
        message.insert("action"_L1, u"reset_quarantine"_s);
        return message;
    case Verb::None:
    case Verb::WakeNow:
    case Verb::SleepNow:
    case Verb::UndoSleep:
    case Verb::ShowStatus:
    case Verb::ShowHistory:
    case Verb::ShowDigest:
    case Verb::ShowSettings:
    case Verb::OpenConfiguration:
    case Verb::OpenLogs:
    case Verb::SetStartAtLogin:
    case Verb::ShowWelcome:
    case Verb::ShowAbout:
    case Verb::Quit:
    case Verb::QuitAndStop: return {};
    }
    return {};
}

/// Running services, as a sentence's list.
QStringList runningServices(const AgentPicture &picture)
{
    QStringList names;
    if (picture.snapshot) {
        for (const ServiceView &service : picture.snapshot->services) {
            if (service.state == u"ready"_s || service.state == u"starting"_s)
                names.append(sanitized(service.name, 60));
        }
    }
    return names;
}

bool hasClients(const AgentPicture &picture)
{
    return picture.snapshot && picture.snapshot->wrappers.fresh + picture.snapshot->wrappers.leases > 0;
}

QString refusalText(const QJsonObject &answer)
{
    return sanitized(answer.value(control::key::kError).toString(), 500);
}

} // namespace

AgentCommands::AgentCommands(AgentLink &link, const Clock &clock, QObject *parent) : QObject(parent), m_link(link), m_clock(clock)
{
    m_undoEnd.setSingleShot(true);
    m_undoEnd.setInterval(kUndoTime);
    connect(&m_undoEnd, &QTimer::timeout, this, [this] { setUndo({}); });
}

AgentCommands::~AgentCommands()
{
    delete m_question;
}

bool AgentCommands::carryOut(const TrayCommand &command)
{
    if (const std::optional<QJsonObject> message = plainMessage(command)) {
        send(*message, tr("The agent did not do that"));
        return true;
    }
    if (command.verb == Verb::WakeNow || command.verb == Verb::UndoSleep) {
        setUndo({});
        m_link.wake();
        return true;
    }
    if (command.verb == Verb::SleepNow) {
        sleepNow();
        return true;
    }
    return false;
}

void AgentCommands::send(const QJsonObject &message, const QString &title)
{
    m_link.request(message, this, [this, title](const Result<QJsonObject> &answer) {
        if (!answer)
            Q_EMIT failed(title, answer.error().text());
        else if (!answer.value().value(control::key::kOk).toBool())
            Q_EMIT failed(title, refusalText(answer.value()));
    });
}

/// Asks first where somebody uses what would stop.
void AgentCommands::sleepNow()
{
    const QStringList services = runningServices(m_link.picture());
    if (services.isEmpty() || !hasClients(m_link.picture()))
        return sendSleep(false);
    QMessageBox *box = ask(tr("Put the services to sleep now?"),
                           tr("Clients are using them. These will stop, at the latest when the agent hibernates: %1.\n\n"
                              "You can take it back for 10 seconds, and Wake Now starts them again at any time.")
                               .arg(services.join(u", "_s)),
                           tr("&Sleep Now"));
    connect(box, &QMessageBox::accepted, this, [this] { sendSleep(false); });
}

void AgentCommands::sendSleep(bool force)
{
    QJsonObject message = messageOf(control::type::kUserInitiatedSleep);
    message.insert(control::key::kReason, u"Sleep Now in the tray"_s);
    if (force)
        message.insert("force"_L1, true);
    m_link.request(message, this, [this](const Result<QJsonObject> &answer) {
        const QString title = tr("The agent did not go to sleep");
        if (!answer)
            return Q_EMIT failed(title, answer.error().text());
        const QJsonObject &object = answer.value();
        if (object.value(control::key::kOk).toBool()) {
            setUndo(m_clock.now().wall + kUndoTime);
            return Q_EMIT sleepStarted();
        }
        if (object.value(control::key::kReason).toString() == control::reason::kBusy)
            return askForce(refusalText(object));
        Q_EMIT failed(title, refusalText(object));
    });
}

void AgentCommands::askForce(const QString &whyNot)
{
    QMessageBox *box =
        ask(tr("Somebody needs the services awake"), tr("%1\n\nSleep all the same?").arg(whyNot), tr("Sleep &Anyway"));
    connect(box, &QMessageBox::accepted, this, [this] { sendSleep(true); });
}

void AgentCommands::setUndo(std::optional<WallTime> until)
{
    if (m_undoUntil == until)
        return;
    m_undoUntil = until;
    if (until)
        m_undoEnd.start();
    else
        m_undoEnd.stop();
    Q_EMIT undoChanged();
}

/// One question at a time; the newest one counts.
QMessageBox *AgentCommands::ask(const QString &text, const QString &details, const QString &yes)
{
    delete m_question;
    m_question = new QMessageBox(QMessageBox::Question, tr("Dormouse"), text);
    m_question->setTextFormat(Qt::PlainText);
    m_question->setInformativeText(details);
    m_question->setAttribute(Qt::WA_DeleteOnClose);
    QPushButton *accept = m_question->addButton(yes, QMessageBox::AcceptRole);
    m_question->setEscapeButton(m_question->addButton(QMessageBox::Cancel));
    m_question->setDefaultButton(accept);
    m_question->open();
    m_question->raise();
    m_question->activateWindow();
    return m_question;
}

void AgentCommands::stopAgent()
{
    m_link.request(messageOf(control::type::kStop), this, [this](const Result<QJsonObject> &answer) {
        if (!answer || answer.value().value(control::key::kOk).toBool())
            return Q_EMIT stopped(); // nobody answers: nothing is left to be stopped
        Q_EMIT failed(tr("The agent does not stop"), refusalText(answer.value()));
    });
}

void AgentCommands::reload()
{
    if (m_link.picture().link != LinkState::Connected)
        return Q_EMIT reloaded({});
    m_link.request(messageOf(control::type::kReload), this, [this](const Result<QJsonObject> &answer) {
        if (!answer)
            return Q_EMIT reloaded(answer.error().text());
        const bool isDone = answer.value().value(control::key::kOk).toBool();
        Q_EMIT reloaded(isDone ? QString() : refusalText(answer.value()));
    });
}

} // namespace dormouse
