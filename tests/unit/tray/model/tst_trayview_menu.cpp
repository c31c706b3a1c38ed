// SPDX-License-Identifier: MIT
#include "tests/unit/tray/model/pictures.h"

#include <QtTest>

using namespace dormouse;
using namespace dormouse::pictures;
using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

using Verb = TrayCommand::Verb;

/// The menu: what stands in it, what can be chosen, and what choosing asks for. Runs with TZ=UTC.
class TestTrayViewMenu : public QObject
{
    Q_OBJECT

private:
    static std::vector<MenuEntry> menuOf(const AgentPicture &picture, const TrayContext &context = {})
    {
        return trayView(picture, context, kNow).menu;
    }

    static MenuEntry entry(const std::vector<MenuEntry> &menu, const QString &id)
    {
        const std::optional<MenuEntry> found = entryOf(menu, id);
        if (!found)
            qWarning() << "no entry" << id;
        return found.value_or(MenuEntry{});
    }

    static void compareLines(const QStringList &actual, const QStringList &expected)
    {
        for (qsizetype i = 0; i < std::max(actual.size(), expected.size()); ++i)
            QCOMPARE(actual.value(i), expected.value(i));
    }

private Q_SLOTS:
    void wholeMenuOfADrowsyAgent()
    {
        AgentPicture picture = drowsy();
        picture.snapshot->attention = {{u"starvation"_s, u"no sleep cycle was completed in 72 h"_s, stamp(u"09:00:00"_s)}};
        picture.snapshot->services = {service(u"embedder"_s, u"ready"_s)};
        picture.snapshot->services[0].rssBytes = 64'000'000;
        TrayContext context;
        context.wrappers = std::vector{wrapper(u"claude"_s), lease(u"backup"_s)};
        context.startsAtLogin = true;
        compareLines(dumped(menuOf(picture, context)), {
                                                           u"= Drowsy for 12 min · sleeps at 15:55 (in 13 min) · 1.9 GB freed"_s,
                                                           u"= nobody for 12 min"_s,
                                                           u"> Attention: no sleep cycle was completed in 72 h"_s,
                                                           u"  = no sleep cycle was completed in 72 h"_s,
                                                           u"  = Since 09:00"_s,
                                                           u"  --"_s,
                                                           u"  * &Dismiss"_s,
                                                           u"--"_s,
                                                           u"* &Wake Now"_s,
                                                           u"* &Sleep Now"_s,
                                                           u"> &Keep Services Awake"_s,
                                                           u"  * For &15 Minutes"_s,
                                                           u"  * For 1 &Hour"_s,
                                                           u"  * For &4 Hours"_s,
                                                           u"  * Until &Turned Off"_s,
                                                           u"--"_s,
                                                           u"> Se&rvices"_s,
                                                           u"  > embedder · ready · 64 MB"_s,
                                                           u"    x &Start - It runs already."_s,
                                                           u"    * S&top"_s,
                                                           u"    * &Restart"_s,
                                                           u"    * &Leave Alone"_s,
                                                           u"> Wra&ppers"_s,
                                                           u"  > claude · last heartbeat 12 s ago · counts"_s,
                                                           u"    = Counts: it keeps the services awake"_s,
                                                           u"    = Process 900"_s,
                                                           u"    --"_s,
                                                           u"    * &Ignore"_s,
                                                           u"  > backup · lease held for 5 min · counts"_s,
                                                           u"    = Counts: it keeps the services awake"_s,
                                                           u"    = Process 900"_s,
                                                           u"    --"_s,
                                                           u"    * &Ignore"_s,
                                                           u"--"_s,
                                                           u"* O&verview…"_s,
                                                           u"* &History…"_s,
                                                           u"* Last &Digest…"_s,
                                                           u"* Run &Maintenance Now"_s,
                                                           u"--"_s,
                                                           u"* Se&ttings…"_s,
                                                           u"* Open &Configuration"_s,
                                                           u"* Open &Logs"_s,
                                                           u"* [x] Start at Lo&gin"_s,
                                                           u"--"_s,
                                                           u"* &About Dormouse"_s,
                                                           u"* &Quit Tray"_s,
                                                           u"* Quit and St&op Agent"_s,
                                                       });
    }

    void wholeMenuWithoutAnAgent()
    {
        const QString why = u" - No agent is running. Wake Now starts it."_s;
        TrayContext context;
        context.isConfigured = false;
        compareLines(dumped(menuOf(absent(State::Hibernation), context)),
                     {
                         u"= Hibernating for 12 min · no agent is running · Wake Now starts it"_s,
                         u"--"_s,
                         u"* &Wake Now"_s,
                         u"x &Sleep Now (already hibernating) - It hibernates already."_s,
                         u"x> &Keep Services Awake (no agent is running)"_s + why,
                         u"--"_s,
                         u"x> Se&rvices (no agent is running)"_s + why,
                         u"x> Wra&ppers (no agent is running)"_s + why,
                         u"--"_s,
                         u"* O&verview…"_s,
                         u"* &History…"_s,
                         u"x Last &Digest…"_s + why,
                         u"x Run &Maintenance Now"_s + why,
                         u"--"_s,
                         u"* Se&ttings…"_s,
                         u"x Open &Configuration - There is no dormouse.toml yet. Set Up makes one."_s,
                         u"* Open &Logs"_s,
                         u"x Start at Lo&gin - This cannot be set here."_s,
                         u"* S&et Up…"_s,
                         u"--"_s,
                         u"* &About Dormouse"_s,
                         u"* &Quit Tray"_s,
                         u"x Quit and St&op Agent"_s + why,
                     });
    }

    /// Wake Now is the one thing that must work whatever has happened.
    void wakeNowCanAlwaysBeChosen_data()
    {
        QTest::addColumn<AgentPicture>("picture");
        QTest::newRow("searching") << AgentPicture{};
        QTest::newRow("awake") << connected(State::Wake);
        QTest::newRow("drowsy") << drowsy();
        QTest::newRow("asleep") << connected(State::Sleep);
        QTest::newRow("hibernated") << absent(State::Hibernation);
        QTest::newRow("never there") << absent(std::nullopt);
        QTest::newRow("frozen") << frozen();
        QTest::newRow("broken") << broken();
    }

    void wakeNowCanAlwaysBeChosen()
    {
        QFETCH(AgentPicture, picture);
        const MenuEntry wake = entry(menuOf(picture), u"wake"_s);
        QVERIFY(wake.isEnabled);
        QCOMPARE(wake.text, u"&Wake Now"_s);
        QCOMPARE(wake.command.verb, Verb::WakeNow);
        picture.isWaking = true;
        const MenuEntry waking = entry(menuOf(picture), u"wake"_s);
        QVERIFY(!waking.isEnabled);
        QCOMPARE(waking.text, u"&Waking…"_s);
    }

    void sleepNow_data()
    {
        QTest::addColumn<AgentPicture>("picture");
        QTest::addColumn<bool>("enabled");
        QTest::addColumn<QString>("text");
        QTest::newRow("awake") << connected(State::Wake) << true << u"&Sleep Now"_s;
        QTest::newRow("drowsy") << drowsy() << true << u"&Sleep Now"_s;
        QTest::newRow("asleep") << connected(State::Sleep) << false << u"&Sleep Now (already asleep)"_s;
        QTest::newRow("lingering") << connected(State::Hibernation) << false << u"&Sleep Now (already hibernating)"_s;
        QTest::newRow("hibernated") << absent(State::Hibernation) << false << u"&Sleep Now (already hibernating)"_s;
        QTest::newRow("gone") << absent(State::Wake) << false << u"&Sleep Now (no agent is running)"_s;
        QTest::newRow("never there") << absent(std::nullopt) << false << u"&Sleep Now (no agent is running)"_s;
        QTest::newRow("frozen") << frozen() << false << u"&Sleep Now (the agent does not answer)"_s;
        QTest::newRow("broken") << broken() << false << u"&Sleep Now"_s;
        QTest::newRow("searching") << AgentPicture{} << false << u"&Sleep Now"_s;
    }

    void sleepNow()
    {
        QFETCH(const AgentPicture, picture);
        const MenuEntry sleep = entry(menuOf(picture), u"sleep"_s);
        QTEST(sleep.isEnabled, "enabled");
        QTEST(sleep.text, "text");
        QVERIFY(!sleep.hint.isEmpty());
        QCOMPARE(sleep.command.verb, Verb::SleepNow);
    }

    void sleepNowNamesWhatItEnds()
    {
        AgentPicture picture = connected(State::Wake);
        picture.snapshot->services = {service(u"embedder"_s, u"ready"_s), service(u"idle"_s, u"stopped"_s),
                                      service(u"own"_s, u"left_alone"_s)};
        QCOMPARE(seen(entry(menuOf(picture), u"sleep"_s).hint), u"Leads to the end of: embedder"_s);
    }

    void undoStandsOnlyWhileThereIsTime()
    {
        TrayContext context;
        context.undoUntil = kNow + 10s;
        const MenuEntry undo = entry(menuOf(connected(State::Sleep), context), u"undo"_s);
        QVERIFY(undo.isEnabled);
        QCOMPARE(undo.command.verb, Verb::UndoSleep);
        context.undoUntil = kNow;
        QVERIFY(!entryOf(menuOf(connected(State::Sleep), context), u"undo"_s));
    }

    void holds()
    {
        AgentPicture picture = connected(State::Wake);
        const std::vector<MenuEntry> free = menuOf(picture);
        for (const int seconds : {15 * 60, 60 * 60, 4 * 60 * 60, 0})
            QCOMPARE(entry(free, u"hold."_s + QString::number(seconds)).command, (TrayCommand{Verb::KeepAwake, {}, {}, seconds}));
        QVERIFY(!entryOf(free, u"hold.end"_s));

        picture.snapshot->schedulerPaused = true;
        QCOMPARE(entry(menuOf(picture), u"hold.left"_s).text, u"Until turned off"_s);
        picture.snapshot->pausedUntil = stamp(u"16:24:00"_s);
        QCOMPARE(entry(menuOf(picture), u"hold.left"_s).text, u"Until 16:24 (42 min left)"_s);
        QCOMPARE(entry(menuOf(picture), u"hold.end"_s).command.verb, Verb::EndHold);
    }

    void serviceActions_data()
    {
        QTest::addColumn<QString>("state");
        QTest::addColumn<bool>("isRunning");
        QTest::addColumn<QString>("possible");
        QTest::newRow("stopped") << u"stopped"_s << false << u"start leave_alone"_s;
        QTest::newRow("starting") << u"starting"_s << true << u"stop restart leave_alone"_s;
        QTest::newRow("ready") << u"ready"_s << true << u"stop restart leave_alone"_s;
        QTest::newRow("stopping") << u"stopping"_s << true << u"start leave_alone"_s;
        QTest::newRow("failed") << u"failed"_s << false << u"start stop leave_alone"_s;
        QTest::newRow("left alone, running") << u"left_alone"_s << true << u"start stop restart"_s;
        QTest::newRow("left alone, down") << u"left_alone"_s << false << u"start stop"_s;
        QTest::newRow("a word of a newer agent") << u"hot_standby"_s << true << u"start stop restart leave_alone"_s;
    }

    void serviceActions()
    {
        QFETCH(const QString, state);
        QFETCH(const bool, isRunning);
        QFETCH(const QString, possible);
        AgentPicture picture = connected(State::Wake);
        picture.snapshot->services = {service(u"web"_s, state)};
        if (isRunning)
            picture.snapshot->services[0].pid = 77;
        const std::vector<MenuEntry> menu = menuOf(picture);
        QStringList enabled;
        for (const QString &action : {u"start"_s, u"stop"_s, u"restart"_s, u"leave_alone"_s}) {
            const MenuEntry item = entry(menu, u"service.web."_s + action);
            QCOMPARE(item.command, (TrayCommand{Verb::Service, u"web"_s, action, 0}));
            if (item.isEnabled)
                enabled.append(action);
        }
        QCOMPARE(enabled.join(u' '), possible);
        QVERIFY(!entry(menu, u"service.web"_s).text.contains(u'_'));
    }

    void serviceDetails()
    {
        AgentPicture picture = connected(State::Wake);
        picture.snapshot->services = {service(u"web"_s, u"ready"_s)};
        ServiceView &web = picture.snapshot->services[0];
        web.pid = 12345;
        web.readyInSec = 2.4;
        web.restarts = 3;
        const std::vector<MenuEntry> menu = menuOf(picture);
        QCOMPARE(entry(menu, u"service.web.details"_s).text, u"Process 12345 · was ready in 2 s"_s);
        QCOMPARE(entry(menu, u"service.web.restarts"_s).text, u"Started again 3 times after it had died"_s);
    }

    void noServices()
    {
        const MenuEntry services = entry(menuOf(connected(State::Wake)), u"services"_s);
        QVERIFY(!services.isEnabled);
        QCOMPARE(services.text, u"Se&rvices (none configured)"_s);
    }

    void wrappers_data()
    {
        QTest::addColumn<QString>("change");
        QTest::addColumn<QString>("title");
        QTest::addColumn<QString>("ignoreName");
        QTest::addColumn<bool>("canIgnore");
        QTest::newRow("counts") << u""_s << u"claude · last heartbeat 12 s ago · counts"_s << u"heartbeat uuid-claude"_s << true;
        QTest::newRow("leaked") << u"leaked"_s << u"claude · last heartbeat 12 s ago · leaked · does not count"_s
                                << u"heartbeat uuid-claude"_s << false;
        QTest::newRow("lease") << u"lease"_s << u"claude · lease held for 12 s · counts"_s << u"claude"_s << true;
        QTest::newRow("no uuid") << u"no uuid"_s << u"claude · last heartbeat 12 s ago · counts"_s << u"heartbeat "_s << false;
        QTest::newRow("no name, no age") << u"bare"_s << u"unnamed · counts"_s << u"heartbeat uuid-claude"_s << true;
    }

    void wrappers()
    {
        QFETCH(const QString, change);
        WrapperView view = wrapper(u"claude"_s, change != u"leaked"_s);
        view.isLeaked = change == u"leaked"_s;
        view.isLease = change == u"lease"_s;
        if (change == u"no uuid"_s)
            view.uuid.clear();
        if (change == u"bare"_s) {
            view.name.clear();
            view.ageSec.reset();
        }
        TrayContext context;
        context.wrappers = std::vector{view};
        const std::vector<MenuEntry> shown = entry(menuOf(connected(State::Wake), context), u"wrappers"_s).children;
        QCOMPARE(shown.size(), 1u);
        QTEST(seen(shown[0].text), "title");
        const MenuEntry ignore = shown[0].children.back();
        QCOMPARE(ignore.command.verb, Verb::IgnoreWrapper);
        QTEST(ignore.command.name, "ignoreName");
        QTEST(ignore.isEnabled, "canIgnore");
    }

    void wrapperSaysWhyItDoesNotCount()
    {
        WrapperView view = wrapper(u"claude"_s, false);
        view.whyNot = u"not used for 7 min"_s;
        TrayContext context;
        context.wrappers = std::vector{view};
        QVERIFY(dumped(menuOf(connected(State::Wake), context)).contains(u"    = Does not count: not used for 7 min"_s));
    }

    void wrappersBeforeTheyAreKnown()
    {
        TrayContext context;
        QCOMPARE(entry(menuOf(connected(State::Wake), context), u"wrappers"_s).children.at(0).text, u"Asking the agent…"_s);
        context.wrappers.emplace();
        const MenuEntry none = entry(menuOf(connected(State::Wake), context), u"wrappers"_s);
        QVERIFY(!none.isEnabled);
        QCOMPARE(none.text, u"Wra&ppers (none)"_s);
    }

    /// A machine with hundreds of clients must not grow a menu beyond the screen.
    void listsAreBounded()
    {
        AgentPicture picture = connected(State::Wake);
        TrayContext context;
        context.wrappers.emplace();
        for (int i = 0; i < 32; ++i) {
            picture.snapshot->services.push_back(service(u"s"_s + QString::number(i), u"ready"_s));
            picture.snapshot->attention.push_back({u"m"_s + QString::number(i), u"wrong"_s, {}});
            context.wrappers->push_back(wrapper(u"w"_s + QString::number(i)));
        }
        const std::vector<MenuEntry> menu = menuOf(picture, context);
        for (const QString &id : {u"services"_s, u"wrappers"_s}) {
            const std::vector<MenuEntry> children = entry(menu, id).children;
            QCOMPARE(children.size(), 21u);
            QCOMPARE(children.back().text, u"and 12 more…"_s);
        }
        QCOMPARE(entry(menu, u"attention"_s).text, u"and 22 more…"_s);
    }

    void attentionIsToldAndDismissed()
    {
        AgentPicture picture = connected(State::Wake);
        picture.snapshot->attention = {{u"service web"_s, u"web died 5 times in a row"_s, stamp(u"15:00:00"_s)},
                                       {u"configuration"_s, u"dormouse.toml:3: wrong"_s, {}}};
        picture.snapshot->lastError = u"dormouse.toml:3: wrong"_s; // told by its mark already
        const std::vector<MenuEntry> menu = menuOf(picture);
        const TrayCommand dismiss = entry(menu, u"attention.service web.dismiss"_s).command;
        QCOMPARE(dismiss, (TrayCommand{Verb::Dismiss, u"service web"_s, {}, 0}));
        QCOMPARE(dumped(menu).filter(u"dormouse.toml:3"_s).size(), 2); // the title, and the text inside
        picture.snapshot->attention.clear();
        QVERIFY(dumped(menuOf(picture)).contains(u"= Attention: dormouse.toml:3: wrong"_s));
    }

    void quarantine()
    {
        AgentPicture picture = connected(State::Sleep);
        QVERIFY(!entryOf(menuOf(picture), u"quarantine"_s));
        picture.snapshot->quarantine =
            QJsonObject{{"until_ts"_L1, u"2026-05-03T03:14:00+00:00"_s}, {"reason"_L1, u"vacuum failed"_s}};
        const std::vector<MenuEntry> menu = menuOf(picture);
        QCOMPARE(entry(menu, u"quarantine"_s).command.verb, Verb::ResetQuarantine);
        QVERIFY(dumped(menu).contains(u"= Attention: No sleep cycle until Sun 03:14: vacuum failed"_s));
    }

    void maintenanceRunsOnce()
    {
        AgentPicture picture = connected(State::Sleep);
        QCOMPARE(entry(menuOf(picture), u"maintenance"_s).command.verb, Verb::RunMaintenance);
        picture.snapshot->runningStep = u"vacuum"_s;
        const MenuEntry running = entry(menuOf(picture), u"maintenance"_s);
        QVERIFY(!running.isEnabled);
        QCOMPARE(seen(running.hint), u"It runs now: vacuum"_s);
    }

    void startAtLoginTogglesWhatIs()
    {
        TrayContext context;
        for (const bool isOn : {true, false}) {
            context.startsAtLogin = isOn;
            const MenuEntry login = entry(menuOf(drowsy(), context), u"login"_s);
            QCOMPARE(login.isChecked, std::optional(isOn));
            QCOMPARE(login.command, (TrayCommand{Verb::SetStartAtLogin, {}, {}, isOn ? 0 : 1}));
        }
    }

    /// A long sentence stays readable: three lines at most, and the whole of it at hand.
    void longWhyIsWrapped()
    {
        AgentPicture picture = connected(State::Wake);
        picture.snapshot->why = QStringList(60, u"word"_s).join(u' ');
        const QStringList lines = dumped(menuOf(picture)).filter(u"word"_s);
        QCOMPARE(lines.size(), 3);
        for (const QString &line : lines)
            QVERIFY2(line.size() <= 64, qPrintable(line));
        QVERIFY(lines.last().endsWith(u'…'));
        QCOMPARE(seen(entry(menuOf(picture), u"why.0"_s).hint), picture.snapshot->why);
    }

    void longWordsAndScriptsWithoutSpacesAreWrappedToo()
    {
        AgentPicture picture = connected(State::Wake);
        picture.snapshot->why = QString(90, QChar(0x7761));
        const QStringList lines = dumped(menuOf(picture)).filter(QString(QChar(0x7761)));
        QCOMPARE(lines.size(), 2);
        picture.snapshot->why = QString(400, u'/');
        for (const QString &line : dumped(menuOf(picture)).filter(u"//"_s))
            QVERIFY2(line.size() <= 104, qPrintable(line));
    }
};

QTEST_GUILESS_MAIN(TestTrayViewMenu)
#include "tst_trayview_menu.moc"
