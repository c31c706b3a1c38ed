// SPDX-License-Identifier: MIT
// One sentence, and its parts as data: lifecycle rule 16.
#include "agent/decide/why.h"
#include "tests/support/states.h"
#include "tests/support/world.h"

#include <QtTest>

#include <algorithm>

using namespace dormouse;
using namespace std::chrono_literals;
using namespace Qt::Literals::StringLiterals;

class TestWhy : public QObject
{
    Q_OBJECT

private:
    static Why why(World &world) { return explain(world.driver(), world.now()); }
    static QString label(const World &world, int client)
    {
        return wrapperLabel(world.clients().at(static_cast<std::size_t>(client)).entry.heartbeat);
    }

private Q_SLOTS:
    void namesWhoKeepsItAwake()
    {
        World world;
        world.start();
        const int client = world.attach();
        world.pass(10min);
        COMPARE_STATE(world, State::Wake);
        QCOMPARE(why(world).text, u"awake: "_s + label(world, client) + u" is attached"_s);
        QCOMPARE(why(world).keeps.size(), std::size_t{1});
        QCOMPARE(why(world).keeps.front().kind, u"wrapper"_s);
        QCOMPARE(why(world).keeps.front().pid, world.clients().front().entry.heartbeat.pid);
        QVERIFY(why(world).blocks.empty());
    }

    void namesTwoAndCountsTheRest_data()
    {
        QTest::addColumn<int>("clients");
        QTest::addColumn<QString>("end");
        QTest::addColumn<std::size_t>("told");
        QTest::newRow("two") << 2 << u" is attached"_s << std::size_t{2};
        QTest::newRow("three") << 3 << u", and 1 more"_s << std::size_t{3};
        QTest::newRow("a flood") << 1500 << u", and 1498 more"_s << std::size_t{1000};
    }
    void namesTwoAndCountsTheRest()
    {
        QFETCH(const int, clients);
        QFETCH(const QString, end);
        World world;
        world.start();
        for (int i = 0; i < clients; ++i)
            world.attach();
        world.pass(2min);
        const Why whole = why(world);
        QVERIFY2(whole.text.endsWith(end), qPrintable(whole.text));
        QCOMPARE(whole.text.count(u" is attached"_s), 2);
        QTEST(whole.keeps.size(), "told");
        QCOMPARE(explainBriefly(world.driver(), world.now()), whole.text);
    }

    void tellsWhatComesNextWhenNobodyIsThere()
    {
        World world;
        world.start();
        world.detach(world.attach());
        world.pass(7min);
        COMPARE_STATE(world, State::Drowsy);
        const QString text = explainBriefly(world.driver(), world.now());
        QVERIFY2(text.startsWith(u"drowsy: nobody for "_s) && text.contains(u"; asleep in "_s), qPrintable(text));
    }

    void tellsWhoDoesNotCount()
    {
        World world;
        world.start();
        const int client = world.attach();
        world.pass(2min);
        world.leak(client);
        world.pass(2min);
        const Why whole = why(world);
        const QString clause = label(world, client) + u" does not count: the program that started it is gone"_s;
        QVERIFY2(whole.text.endsWith(clause), qPrintable(whole.text));
        QVERIFY(std::ranges::any_of(whole.blocks, [&](const Reason &reason) { return reason.text == clause; }));
    }

    void tellsAHoldAndItsReason()
    {
        World world;
        world.start();
        world.pause(std::nullopt);
        world.pass(2h);
        COMPARE_STATE(world, State::Wake);
        QCOMPARE(why(world).keeps.front().kind, u"hold"_s);
        QVERIFY(why(world).text.startsWith(u"awake: held awake until `resume`"_s));
    }
};

QTEST_GUILESS_MAIN(TestWhy)
#include "tst_why.moc"
