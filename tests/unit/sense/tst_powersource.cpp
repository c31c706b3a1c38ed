// SPDX-License-Identifier: MIT
#include "agent/decide/batterywait.h"
#include "agent/sense/powersource.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QtTest>

using namespace dormouse;
using namespace std::chrono_literals;
using namespace Qt::Literals::StringLiterals;

/// A user on the train wants no heavy step on the battery; one whose laptop never sees a plug wants it within a day all the same.
class TestPowerSource : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsThePowerSupplies_data();
    void readsThePowerSupplies();
    void waitsForADayAtMost();
    void doesNotWaitForWhatNobodyKnows();
};

void TestPowerSource::readsThePowerSupplies_data()
{
    using Supplies = QList<QStringList>; // name, type, status, scope
    QTest::addColumn<Supplies>("supplies");
    QTest::addColumn<int>("expected"); // 1 on battery, 0 not, -1 unknown
    QTest::newRow("a desktop") << Supplies{} << -1;
    QTest::newRow("a plug alone") << Supplies{{u"AC"_s, u"Mains"_s, u""_s, u""_s}} << -1;
    QTest::newRow("on the train") << Supplies{{u"AC"_s, u"Mains"_s, u""_s, u""_s},
                                              {u"BAT0"_s, u"Battery"_s, u"Discharging"_s, u""_s}}
                                  << 1;
    QTest::newRow("charging") << Supplies{{u"BAT0"_s, u"Battery"_s, u"Charging"_s, u""_s}} << 0;
    QTest::newRow("full") << Supplies{{u"BAT0"_s, u"Battery"_s, u"Full"_s, u"System"_s}} << 0;
    QTest::newRow("one of two") << Supplies{{u"BAT0"_s, u"Battery"_s, u"Unknown"_s, u""_s},
                                            {u"BAT1"_s, u"Battery"_s, u"Discharging"_s, u""_s}}
                                << 1;
    QTest::newRow("a mouse") << Supplies{{u"hidpp_battery_0"_s, u"Battery"_s, u"Discharging"_s, u"Device"_s}} << -1;
}

void TestPowerSource::readsThePowerSupplies()
{
    QFETCH(QList<QStringList>, supplies);
    QFETCH(int, expected);
    const QTemporaryDir folder;
    const QStringList attributes{u"type"_s, u"status"_s, u"scope"_s};
    for (const QStringList &supply : std::as_const(supplies)) {
        const QString path = folder.filePath(supply.at(0));
        QVERIFY(QDir().mkpath(path));
        for (qsizetype i = 0; i < attributes.size(); ++i) {
            QFile file(path + u'/' + attributes.at(i));
            QVERIFY(file.open(QIODevice::WriteOnly));
            file.write(supply.at(i + 1).toLatin1() + '\n');
        }
    }
    const std::optional<bool> isOnBattery = SysfsPowerSource(folder.path()).isOnBattery();
    QCOMPARE(isOnBattery ? int(*isOnBattery) : -1, expected);
}

void TestPowerSource::waitsForADayAtMost()
{
    BatteryWait wait;
    ElapsedTime now(100h);
    QVERIFY(wait.heldBack(true, true, now).has_value());
    QVERIFY(wait.heldBack(true, true, now + 23h).has_value());
    QVERIFY(!wait.heldBack(true, true, now + 24h).has_value());
    QVERIFY(!wait.heldBack(true, false, now + 25h).has_value());
    QVERIFY(wait.heldBack(true, true, now + 26h).has_value()); // a plug in between begins a new day
}

void TestPowerSource::doesNotWaitForWhatNobodyKnows()
{
    BatteryWait wait;
    QVERIFY(!wait.heldBack(true, std::nullopt, ElapsedTime(1h)).has_value());
    QVERIFY(!wait.heldBack(false, true, ElapsedTime(1h)).has_value());
}

QTEST_GUILESS_MAIN(TestPowerSource)
#include "tst_powersource.moc"
