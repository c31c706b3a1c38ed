// SPDX-License-Identifier: MIT
#include "tray/agentcommands.h"

#include "tests/unit/tray/link/linkfixture.h"

#include <QApplication>
#include <QMessageBox>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>

using namespace dormouse;
using namespace Qt::Literals::StringLiterals;
using Verb = TrayCommand::Verb;

namespace {

QMessageBox *question()
{
    const QWidgetList widgets = QApplication::topLevelWidgets();
    for (QWidget *widget : widgets) {
        auto *box = qobject_cast<QMessageBox *>(widget);
        if (box && box->isVisible())
            return box;
    }
    return nullptr;
}

void press(QMessageBox *box, QMessageBox::ButtonRole role)
{
    const QList<QAbstractButton *> buttons = box->buttons();
    for (QAbstractButton *button : buttons) {
        if (box->buttonRole(button) == role)
            return button->click();
    }
    QFAIL("no such button");
}

/// WAKE with two services that run, one that does not, and `clients` heartbeats.
QJsonObject busySnapshot(int clients)
{
    Snapshot snapshot;
    snapshot.state = State::Wake;
    snapshot.wrappers.fresh = clients;
    snapshot.services = {{u"embedder"_s, u"ready"_s, 1, 1, 0, 1.0},
                         {u"llm"_s, u"starting"_s, 2, 1, 0, {}},
                         {u"old"_s, u"stopped"_s, {}, {}, 0, {}}};
    return snapshotToJson(snapshot);
}

} // namespace

/// What the menu asks for must reach the agent as it was meant, be asked about where it hurts, and never fail in silence.
class TestAgentCommands : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<LinkFixture> m_fixture;
    std::unique_ptr<FakeAgent> m_agent;
    std::unique_ptr<AgentCommands> m_commands;

    void connectTo(const QJsonObject &snapshot)
    {
        m_agent->snapshot = snapshot;
        QVERIFY(m_agent->start());
        m_fixture->startLink();
        QTRY_COMPARE(m_fixture->state(), LinkState::Connected);
    }
    void make() { m_commands = std::make_unique<AgentCommands>(*m_fixture->link, m_fixture->clock); }
    QJsonObject lastRequest(const QString &type) const
    {
        for (auto request = m_agent->requests.crbegin(); request != m_agent->requests.crend(); ++request) {
            if (request->value("type"_L1).toString() == type)
                return *request;
        }
        return {};
    }
    void answer(const QString &type, QJsonObject answer)
    {
        m_agent->reply = [this, type, answer](const QJsonObject &request) {
            if (request.value("type"_L1).toString() != type)
                return m_agent->usualReply(request);
            QJsonObject full = answer;
            full.insert("id"_L1, request.value("id"_L1));
            return jsonLine(full);
        };
    }

private Q_SLOTS:
    void init()
    {
        m_fixture = std::make_unique<LinkFixture>();
        QVERIFY(m_fixture->isReady);
        m_agent = std::make_unique<FakeAgent>(m_fixture->paths);
    }
    void cleanup()
    {
        m_commands.reset();
        m_fixture.reset();
        m_agent.reset();
        QVERIFY2(!question(), "a question was left behind");
    }
    void plainCommands_data()
    {
        QTest::addColumn<TrayCommand>("command");
        QTest::addColumn<QJsonObject>("message");
        QTest::addRow("15 minutes") << TrayCommand{Verb::KeepAwake, {}, {}, 900}
                                    << QJsonObject{{"type"_L1, u"pause"_s}, {"seconds"_L1, 900}};
        QTest::addRow("until turned off") << TrayCommand{Verb::KeepAwake, {}, {}, 0} << QJsonObject{{"type"_L1, u"pause"_s}};
        QTest::addRow("end of it") << TrayCommand{Verb::EndHold, {}, {}, 0} << QJsonObject{{"type"_L1, u"resume"_s}};
        QTest::addRow("service") << TrayCommand{Verb::Service, u"llm"_s, u"restart"_s, 0}
                                 << QJsonObject{{"type"_L1, u"service"_s}, {"name"_L1, u"llm"_s}, {"action"_L1, u"restart"_s}};
        QTest::addRow("ignore") << TrayCommand{Verb::IgnoreWrapper, u"heartbeat u-1"_s, {}, 0}
                                << QJsonObject{{"type"_L1, u"release"_s}, {"name"_L1, u"heartbeat u-1"_s}};
        QTest::addRow("dismiss") << TrayCommand{Verb::Dismiss, u"starvation"_s, {}, 0}
                                 << QJsonObject{{"type"_L1, u"acknowledge"_s}, {"what"_L1, u"starvation"_s}};
        QTest::addRow("maintenance") << TrayCommand{Verb::RunMaintenance, {}, {}, 0} << QJsonObject{{"type"_L1, u"force_rem"_s}};
        QTest::addRow("quarantine") << TrayCommand{Verb::ResetQuarantine, {}, {}, 0}
                                    << QJsonObject{{"type"_L1, u"sleep_cycle"_s}, {"action"_L1, u"reset_quarantine"_s}};
        QTest::addRow("wake") << TrayCommand{Verb::WakeNow, {}, {}, 0} << QJsonObject{{"type"_L1, u"force_wake"_s}};
    }

    void plainCommands()
    {
        QFETCH(TrayCommand, command);
        QFETCH(QJsonObject, message);
        connectTo(plainSnapshot(State::Drowsy));
        make();
        QSignalSpy failed(m_commands.get(), &AgentCommands::failed);
        QVERIFY(m_commands->carryOut(command));
        const QString type = message.value("type"_L1).toString();
        QTRY_VERIFY(!lastRequest(type).isEmpty());
        QJsonObject sent = lastRequest(type);
        sent.remove("id"_L1);
        QCOMPARE(sent, message);
        QCOMPARE(failed.count(), 0);
    }

    void leavesWindowsToOthers()
    {
        connectTo(plainSnapshot(State::Wake));
        make();
        for (const Verb verb :
             {Verb::None, Verb::ShowHistory, Verb::ShowSettings, Verb::Quit, Verb::ShowAbout, Verb::SetStartAtLogin})
            QVERIFY(!m_commands->carryOut({verb, {}, {}, 0}));
    }

    void tellsARefusal()
    {
        connectTo(plainSnapshot(State::Wake));
        make();
        answer(u"service"_s, {{"ok"_L1, false}, {"reason"_L1, u"not_found"_s}, {"error"_L1, u"there is no service \"web\""_s}});
        QSignalSpy failed(m_commands.get(), &AgentCommands::failed);
        m_commands->carryOut({Verb::Service, u"web"_s, u"stop"_s, 0});
        QTRY_COMPARE(failed.count(), 1);
        QCOMPARE(failed.at(0).at(1).toString(), u"there is no service \"web\""_s);
    }

    void tellsThatNobodyAnswers()
    {
        m_fixture->startLink();
        QTRY_COMPARE(m_fixture->state(), LinkState::Absent);
        make();
        QSignalSpy failed(m_commands.get(), &AgentCommands::failed);
        m_commands->carryOut({Verb::KeepAwake, {}, {}, 900});
        QTRY_COMPARE(failed.count(), 1);
        QVERIFY(!failed.at(0).at(1).toString().isEmpty());
    }

    void sleepsAtOnceWhereNobodyIsHurt()
    {
        connectTo(busySnapshot(0));
        make();
        QSignalSpy started(m_commands.get(), &AgentCommands::sleepStarted);
        m_commands->carryOut({Verb::SleepNow, {}, {}, 0});
        QVERIFY(!question());
        QTRY_COMPARE(started.count(), 1);
        QVERIFY(!lastRequest(u"user_initiated_sleep"_s).contains("force"_L1));
    }

    void namesWhatWillStopAndAsks()
    {
        connectTo(busySnapshot(2));
        make();
        m_commands->carryOut({Verb::SleepNow, {}, {}, 0});
        QMessageBox *box = question();
        QVERIFY(box);
        QVERIFY2(box->informativeText().contains(u"embedder, llm"_s), qPrintable(box->informativeText()));
        QVERIFY2(!box->informativeText().contains(u"old"_s), "what does not run cannot stop");
        press(box, QMessageBox::RejectRole);
        QTest::qWait(0);
        QCOMPARE(m_agent->count(u"user_initiated_sleep"_s), 0);
        m_commands->carryOut({Verb::SleepNow, {}, {}, 0});
        press(question(), QMessageBox::AcceptRole);
        QTRY_COMPARE(m_agent->count(u"user_initiated_sleep"_s), 1);
        QVERIFY(!lastRequest(u"user_initiated_sleep"_s).contains("force"_L1));
    }

    void canBeTakenBack()
    {
        connectTo(busySnapshot(0));
        make();
        QSignalSpy changed(m_commands.get(), &AgentCommands::undoChanged);
        QVERIFY(!m_commands->undoUntil());
        m_commands->carryOut({Verb::SleepNow, {}, {}, 0});
        QTRY_VERIFY(m_commands->undoUntil());
        const Millis left = std::chrono::duration_cast<Millis>(*m_commands->undoUntil() - m_fixture->clock.now().wall);
        QVERIFY(left > std::chrono::seconds(8) && left <= std::chrono::seconds(10));
        m_commands->carryOut({Verb::UndoSleep, {}, {}, 0});
        QVERIFY(!m_commands->undoUntil());
        QTRY_COMPARE(m_agent->count(u"force_wake"_s), 1);
        QCOMPARE(changed.count(), 2);
    }

    void namesTheLeasesAndOffersForce()
    {
        connectTo(plainSnapshot(State::Wake));
        make();
        answer(u"user_initiated_sleep"_s,
               {{"ok"_L1, false}, {"reason"_L1, u"busy"_s}, {"error"_L1, u"held awake by backup (pid 4)"_s}});
        QSignalSpy failed(m_commands.get(), &AgentCommands::failed);
        m_commands->carryOut({Verb::SleepNow, {}, {}, 0});
        QTRY_VERIFY(question());
        QVERIFY(question()->informativeText().contains(u"held awake by backup (pid 4)"_s));
        QVERIFY(!m_commands->undoUntil());
        m_agent->reply = [this](const QJsonObject &request) { return m_agent->usualReply(request); };
        press(question(), QMessageBox::AcceptRole);
        QTRY_COMPARE(m_agent->count(u"user_initiated_sleep"_s), 2);
        QCOMPARE(lastRequest(u"user_initiated_sleep"_s).value("force"_L1), QJsonValue(true));
        QCOMPARE(failed.count(), 0);
    }

    void reloadsAndSaysWhatIsWrong()
    {
        connectTo(plainSnapshot(State::Wake));
        make();
        QSignalSpy reloaded(m_commands.get(), &AgentCommands::reloaded);
        m_commands->reload();
        QTRY_COMPARE(reloaded.count(), 1);
        QCOMPARE(reloaded.at(0).at(0).toString(), QString());
        answer(u"reload"_s, {{"ok"_L1, false}, {"reason"_L1, u"invalid_message"_s}, {"error"_L1, u"dormouse.toml:3:1: no"_s}});
        m_commands->reload();
        QTRY_COMPARE(reloaded.count(), 2);
        QCOMPARE(reloaded.at(1).at(0).toString(), u"dormouse.toml:3:1: no"_s);
    }

    void stopsTheAgent()
    {
        connectTo(plainSnapshot(State::Wake));
        make();
        QSignalSpy stopped(m_commands.get(), &AgentCommands::stopped);
        m_commands->stopAgent();
        QTRY_COMPARE(stopped.count(), 1);
        QCOMPARE(m_agent->count(u"stop"_s), 1);
    }
};

QTEST_MAIN(TestAgentCommands)
#include "tst_agentcommands.moc"
