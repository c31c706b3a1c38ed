// SPDX-License-Identifier: MIT
// What must hold whatever happens, tried on random simulated days. A failure names its seed: DORMOUSE_SEED=… runs the same worlds again, that one first.
#include "tests/unit/decide/randomworld.h"

#include <QElapsedTimer>
#include <QtTest>

using namespace dormouse;

namespace {

constexpr int kDaysAWorld = 5;
#ifdef NDEBUG
constexpr int kWorlds = 2'000;
#else
constexpr int kWorlds = 100; // unoptimised and with sanitizers: the same, fewer
#endif

} // namespace

class TestDriverProperties : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void holds_data();
    void holds();

private:
    Findings m_findings;
};

void TestDriverProperties::initTestCase()
{
    bool isGiven = false;
    quint64 seed = qEnvironmentVariable("DORMOUSE_SEED").toULongLong(&isGiven);
    if (!isGiven)
        seed = std::random_device()();
    QElapsedTimer timer;
    timer.start();
    for (int i = 0; i < kWorlds; ++i)
        RandomWorld(seed + static_cast<quint64>(i), m_findings).live(kDaysAWorld);
    qInfo("seed %llu: %lld days, %lld evaluations, %lld exits in %lld ms", static_cast<unsigned long long>(seed),
          static_cast<long long>(m_findings.days), static_cast<long long>(m_findings.evaluations),
          static_cast<long long>(m_findings.exits), static_cast<long long>(timer.elapsed()));
    QCOMPARE(m_findings.days, qint64{kWorlds} * kDaysAWorld);
}

void TestDriverProperties::holds_data()
{
    QTest::addColumn<Property>("property");
    QTest::newRow("no illegal transition, no endless evaluation") << Property::Contract;
    QTest::newRow("absent for sleep_after and eligible: SLEEP") << Property::AbsentMeansSleep;
    QTest::newRow("nothing but presence, request or hold keeps WAKE") << Property::NothingElseKeepsWake;
    QTest::newRow("hibernation is reached when nobody is there") << Property::HibernationReached;
    QTest::newRow("a wake is honoured in the evaluation that sees it") << Property::WakeHonoured;
    QTest::newRow("no state entered twice within a minute") << Property::NoFlapping;
    QTest::newRow("few record writes") << Property::FewWrites;
    QTest::newRow("a hold keeps awake") << Property::HoldKeepsAwake;
    QTest::newRow("one cycle a stay in SLEEP") << Property::OneCycleAStay;
    QTest::newRow("no step down too soon") << Property::NotTooSoon;
}

void TestDriverProperties::holds()
{
    QFETCH(Property, property);
    const auto index = static_cast<std::size_t>(property);
    QVERIFY2(m_findings.violation[index].isEmpty(), qPrintable(m_findings.violation[index]));
    if (property != Property::Contract) // what is never looked at cannot fail
        QVERIFY2(m_findings.checked[index] >= kWorlds / 4, qPrintable(QString::number(m_findings.checked[index])));
}

QTEST_GUILESS_MAIN(TestDriverProperties)
#include "tst_driver_properties.moc"
