// SPDX-License-Identifier: MIT
#include "agent/sense/reportedidle.h"
#include "agent/sense/reportedidleness.h"
#include "shared/idle/idlechooser.h"
#include "tests/support/fakeclock.h"

#include <QSignalSpy>
#include <QtTest>

using namespace dormouse;
using namespace std::chrono_literals;
using namespace Qt::Literals::StringLiterals;

namespace {

/// What the agent sees by itself.
class OwnSight final : public IdleBackend
{
    Q_OBJECT

public:
    [[nodiscard]] QString name() const override { return u"own"_s; }
    void ask() override { Q_EMIT answered({.idle = idle}); }

    std::optional<Millis> idle;
};

} // namespace

/// Where only the tray sees the user, its word must neither be lost nor outlive it.
class TestReportedIdleness : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void agesUntilItIsWorthNothing();
    void goesWithItsConnectionOrItsWord();
    void takesTheLeastIdleOfTwo();
    void standsBehindWhatTheAgentSees();
};

void TestReportedIdleness::agesUntilItIsWorthNothing()
{
    FakeClock clock;
    ReportedIdleness reported;
    QVERIFY(!reported.idle(clock.now()));
    reported.report(1, 10s, clock.now());
    QCOMPARE(reported.idle(clock.now()), std::optional<Millis>(10s));
    clock.advance(89s);
    QCOMPARE(reported.idle(clock.now()), std::optional<Millis>(99s));
    clock.suspend(8h); // nobody could report meanwhile
    QCOMPARE(reported.idle(clock.now()), std::optional<Millis>(99s));
    clock.advance(1s);
    QVERIFY(!reported.idle(clock.now()));
}

void TestReportedIdleness::goesWithItsConnectionOrItsWord()
{
    FakeClock clock;
    ReportedIdleness reported;
    reported.report(1, 0s, clock.now());
    reported.drop(1);
    QVERIFY(!reported.idle(clock.now()));
    reported.report(2, 0s, clock.now());
    reported.drop(1);
    QVERIFY(reported.idle(clock.now()).has_value());
    reported.report(2, std::nullopt, clock.now());
    QVERIFY(!reported.idle(clock.now()));
}

void TestReportedIdleness::takesTheLeastIdleOfTwo()
{
    FakeClock clock;
    ReportedIdleness reported;
    reported.report(1, 50s, clock.now());
    clock.advance(30s);
    reported.report(2, 70s, clock.now());
    QCOMPARE(reported.idle(clock.now()), std::optional<Millis>(70s));
    clock.advance(70s); // the first one's word is too old
    QCOMPARE(reported.idle(clock.now()), std::optional<Millis>(140s));
}

void TestReportedIdleness::standsBehindWhatTheAgentSees()
{
    FakeClock clock;
    ReportedIdleness reported;
    auto *own = new OwnSight;
    IdleChooser::Backends backends;
    backends.emplace_back(own);
    backends.push_back(std::make_unique<ReportedIdle>(reported, clock));
    IdleChooser chooser(clock, std::move(backends));
    UserIdleness last;
    connect(&chooser, &IdleSource::answered, this, [&last](const UserIdleness &idleness) { last = idleness; });
    chooser.ask();
    QCOMPARE(last, UserIdleness());
    reported.report(1, 3s, clock.now());
    chooser.ask();
    QCOMPARE(last, (UserIdleness{.idle = 3s, .sources = {u"tray"_s}}));
    own->idle = 9s;
    chooser.ask();
    QCOMPARE(last, (UserIdleness{.idle = 9s, .sources = {u"own"_s, u"tray"_s}}));
}

QTEST_GUILESS_MAIN(TestReportedIdleness)
#include "tst_reportedidleness.moc"
