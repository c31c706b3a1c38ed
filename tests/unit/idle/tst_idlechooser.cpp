// SPDX-License-Identifier: MIT
#include "shared/base/defaults.h"
#include "shared/idle/idlechooser.h"
#include "tests/support/fakeclock.h"

#include <QRegularExpression>
#include <QSignalSpy>
#include <QtTest>

using namespace dormouse;
using namespace std::chrono_literals;
using namespace Qt::Literals::StringLiterals;

namespace {

constexpr Millis kLimit = 100ms;

UserIdleness idleness(Millis idle, const QStringList &sources)
{
    UserIdleness result;
    result.idle = idle;
    result.sources = sources;
    return result;
}

/// Answers when the test says so.
class FakeBackend final : public IdleBackend
{
    Q_OBJECT

public:
    explicit FakeBackend(QString name) : m_name(std::move(name)) {}
    [[nodiscard]] QString name() const override { return m_name; }
    void ask() override
    {
        ++asked;
        if (atOnce)
            Q_EMIT answered(*atOnce);
    }
    void say(const IdleReading &reading) { Q_EMIT answered(reading); }
    void resume() { Q_EMIT resumed(); }

    std::optional<IdleReading> atOnce;
    int asked = 0;

private:
    QString m_name;
};

} // namespace

class TestIdleChooser : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void usesTheBestThatKnows();
    void answersUnknownWhenNobodyKnows();
    void waitsForTheSlowAndNotForTheSilent();
    void answersOnceForTwoQuestions();
    void knowsThatTheDisplaySleeps();
    void tellsARecentSuspend_data();
    void tellsARecentSuspend();
    void noticesASuspendThatNobodySignals();

private:
    UserIdleness ask();

    FakeClock m_clock;
    FakeBackend *m_best = nullptr;
    FakeBackend *m_other = nullptr;
    std::unique_ptr<IdleChooser> m_chooser;
};

void TestIdleChooser::init()
{
    QTest::failOnWarning(QRegularExpression(u".*"_s));
    m_clock = FakeClock();
    IdleChooser::Backends backends;
    m_best = new FakeBackend(u"best"_s);
    m_other = new FakeBackend(u"other"_s);
    backends.emplace_back(m_best);
    backends.emplace_back(m_other);
    m_best->atOnce = m_other->atOnce = IdleReading();
    m_chooser = std::make_unique<IdleChooser>(m_clock, std::move(backends), kLimit);
}

void TestIdleChooser::cleanup()
{
    m_chooser.reset();
}

UserIdleness TestIdleChooser::ask()
{
    QSignalSpy answered(m_chooser.get(), &IdleSource::answered);
    m_chooser->ask();
    if (answered.isEmpty())
        answered.wait();
    UserIdleness wrong;
    wrong.sources.append(u"no answer, or two"_s);
    return answered.size() == 1 ? answered.first().first().value<UserIdleness>() : wrong;
}

void TestIdleChooser::usesTheBestThatKnows()
{
    m_best->atOnce = IdleReading{.idle = 70s};
    m_other->atOnce = IdleReading{.idle = 5s};
    QCOMPARE(ask(), (idleness(70s, {u"best"_s, u"other"_s})));
    m_best->atOnce = IdleReading();
    QCOMPARE(ask(), (idleness(5s, {u"other"_s})));
}

void TestIdleChooser::answersUnknownWhenNobodyKnows()
{
    QCOMPARE(ask(), UserIdleness());
}

void TestIdleChooser::waitsForTheSlowAndNotForTheSilent()
{
    m_best->atOnce.reset();
    m_other->atOnce = IdleReading{.idle = 9s};
    QTimer::singleShot(10ms, m_best, [this] { m_best->say({.idle = 1s}); });
    QCOMPARE(ask().idle, std::optional<Millis>(1s));

    QTest::ignoreMessage(QtWarningMsg, "the idle source best does not answer in time");
    QCOMPARE(ask(), (idleness(9s, {u"other"_s})));
    QElapsedTimer timer;
    timer.start();
    QCOMPARE(ask().idle, std::optional<Millis>(9s)); // nobody waits a second time, and nothing more is logged
    QVERIFY(Millis(timer.elapsed()) < kLimit);
    QCOMPARE(m_best->asked, 2);

    m_best->say({.idle = 2s}); // an answer to a question of long ago is not news
    QCOMPARE(m_best->asked, 2);
    m_best->atOnce = IdleReading{.idle = 3s};
    QCOMPARE(ask().idle, std::optional<Millis>(3s));
}

void TestIdleChooser::answersOnceForTwoQuestions()
{
    m_best->atOnce.reset();
    QSignalSpy answered(m_chooser.get(), &IdleSource::answered);
    m_chooser->ask();
    m_chooser->ask();
    m_best->say({.idle = 1s});
    m_best->say({.idle = 2s});
    QCOMPARE(answered.size(), 1);
    QCOMPARE(m_best->asked, 1);
}

void TestIdleChooser::knowsThatTheDisplaySleeps()
{
    m_best->atOnce = IdleReading{.idle = 1s, .isDisplayAsleep = false};
    QVERIFY(!ask().displayAsleep);
    m_other->atOnce = IdleReading{.isDisplayAsleep = true};
    QVERIFY(ask().displayAsleep);
}

void TestIdleChooser::tellsARecentSuspend_data()
{
    QTest::addColumn<Millis>("since");
    QTest::addColumn<std::optional<Millis>>("idle");
    QTest::addColumn<bool>("expected");
    using Idle = std::optional<Millis>;
    QTest::newRow("nobody knows of input") << Millis(1min) << Idle() << true;
    QTest::newRow("no input since") << Millis(1min) << Idle(3h) << true;
    QTest::newRow("woken by its user") << Millis(1min) << Idle(30s) << false;
    QTest::newRow("almost five minutes") << Millis(defaults::kSleptRecently - 1s) << Idle() << true;
    QTest::newRow("five minutes") << Millis(defaults::kSleptRecently) << Idle() << false;
}

void TestIdleChooser::tellsARecentSuspend()
{
    QFETCH(Millis, since);
    QFETCH(std::optional<Millis>, idle);
    QFETCH(bool, expected);
    QSignalSpy resumed(m_chooser.get(), &IdleSource::resumed);
    QVERIFY(!ask().sleptRecently);
    m_other->resume();
    QCOMPARE(resumed.size(), 1);
    m_clock.advance(since);
    m_best->atOnce = IdleReading{.idle = idle};
    QCOMPARE(ask().sleptRecently, expected);
    // A back-end that asks the system knows of a suspend before this program started, too.
    init();
    m_best->atOnce = IdleReading{.idle = idle, .sinceResume = since};
    QCOMPARE(ask().sleptRecently, expected);
}

void TestIdleChooser::noticesASuspendThatNobodySignals()
{
    m_clock.advance(1h);
    QVERIFY(!ask().sleptRecently);
    m_clock.suspend(8h);
    QVERIFY(ask().sleptRecently);
    m_clock.advance(defaults::kSleptRecently);
    QVERIFY(!ask().sleptRecently);
    m_clock.stepWall(8h); // somebody sets the clock
    QVERIFY(!ask().sleptRecently);
}

QTEST_GUILESS_MAIN(TestIdleChooser)
#include "tst_idlechooser.moc"
