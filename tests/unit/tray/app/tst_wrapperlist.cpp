// SPDX-License-Identifier: MIT
#include "tray/wrapperlist.h"

#include <QJsonArray>
#include <QTest>

using namespace dormouse;
using namespace Qt::Literals::StringLiterals;

/// The wrappers in the menu are those the agent told of, and nothing it sends can make the menu grow or lie.
class TestWrapperList : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsWhatTheAgentTells()
    {
        const QJsonObject heartbeat{{"name"_L1, u"claude\u202Ecode"_s},
                                    {"uuid"_L1, u"u-1"_s},
                                    {"pid"_L1, 812},
                                    {"status"_L1, u"fresh"_s},
                                    {"age_sec"_L1, 3.5},
                                    {"leaked"_L1, true},
                                    {"counts"_L1, false},
                                    {"why_not"_L1, u"its process sleeps"_s}};
        const QJsonObject lease{{"name"_L1, u"backup"_s}, {"status"_L1, u"lease"_s}, {"counts"_L1, true}};
        const std::vector<WrapperView> wrappers = wrappersFromJson({{"wrappers"_L1, QJsonArray{heartbeat, lease}}});
        QCOMPARE(wrappers.size(), std::size_t(2));
        QVERIFY2(!wrappers[0].name.contains(u'\u202E'), "a name cannot turn the menu's writing round");
        QCOMPARE(wrappers[0].uuid, u"u-1"_s);
        QCOMPARE(wrappers[0].pid, 812);
        QCOMPARE(wrappers[0].ageSec, std::optional<double>(3.5));
        QVERIFY(wrappers[0].isLeaked && !wrappers[0].counts && !wrappers[0].isLease);
        QCOMPARE(wrappers[0].whyNot, u"its process sleeps"_s);
        QVERIFY(wrappers[1].isLease && wrappers[1].counts && !wrappers[1].ageSec);
    }

    void bearsNonsense()
    {
        QJsonArray many;
        for (int i = 0; i < 5000; ++i)
            many.append(QJsonObject{{"name"_L1, QString(10'000, u'x')}});
        const std::vector<WrapperView> wrappers = wrappersFromJson({{"wrappers"_L1, many}});
        QCOMPARE(wrappers.size(), std::size_t(kWrappersShown));
        QVERIFY(wrappers[0].name.size() <= 60);
        QVERIFY(wrappersFromJson({{"wrappers"_L1, u"none"_s}}).empty());
        QVERIFY(wrappersFromJson({{"wrappers"_L1, QJsonArray{1, u"two"_s, QJsonValue()}}}).empty());
    }
};

QTEST_GUILESS_MAIN(TestWrapperList)
#include "tst_wrapperlist.moc"
