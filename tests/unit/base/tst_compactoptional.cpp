// SPDX-License-Identifier: MIT
#include "shared/base/clock.h"
#include "shared/base/compactoptional.h"

#include <QtTest>

using namespace dormouse;

static_assert(sizeof(CompactOptional<qint64>) == sizeof(qint64));
static_assert(sizeof(CompactOptional<WallTime>) == sizeof(WallTime));

/// It says what a std::optional would.
class TestCompactOptional : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void beginsWithNothing()
    {
        const CompactOptional<WallTime> time;
        QVERIFY(!time);
        QVERIFY(!time.hasValue());
        QVERIFY(time == std::nullopt);
        QVERIFY(!std::optional<WallTime>(time));
    }

    void holdsAValue()
    {
        CompactOptional<qint64> number(7);
        QVERIFY(number && *number == 7 && number == 7);
        QCOMPARE(std::optional<qint64>(number), std::optional<qint64>(7));
        number.reset();
        QVERIFY(!number && number != 7);
        number = 0; // nothing is the least value, not this one
        QVERIFY(number && *number == 0);
    }

    void comparesAsAnOptional()
    {
        const WallTime noon = WallTime() + std::chrono::hours(12);
        for (const std::optional<WallTime> left : {std::optional<WallTime>(), std::optional(WallTime()), std::optional(noon)}) {
            for (const std::optional<WallTime> right :
                 {std::optional<WallTime>(), std::optional(WallTime()), std::optional(noon)}) {
                QCOMPARE(CompactOptional(left) == CompactOptional(right), left == right);
                QCOMPARE(CompactOptional(left) == right, left == right);
                QCOMPARE(left == CompactOptional(right), left == right);
            }
        }
    }
};

QTEST_GUILESS_MAIN(TestCompactOptional)
#include "tst_compactoptional.moc"
