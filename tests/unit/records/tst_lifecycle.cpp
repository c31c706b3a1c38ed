// SPDX-License-Identifier: MIT
#include "shared/lifecycle/lifecycle.h"

#include <QSet>
#include <QtTest>

using namespace dormouse;

// The table is a compile-time function: a rule that reads a clock or a file would not compile here.
static_assert(transition(State::Wake, Event::RequestArrived) == State::Wake);
static_assert(transition(State::Drowsy, Event::Idle30Min, {true, false}) == State::Sleep);
static_assert(!transition(State::Drowsy, Event::Idle30Min));
static_assert(!transition(State::Sleep, Event::HeartbeatRefresh));

/// The table itself is replayed by the conformance test; here are the names that files and the socket carry.
class TestLifecycle : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void namesReadBack();
    void foreignNamesAreRefused();
    void activityIsWhatSomebodyDid();
};

void TestLifecycle::namesReadBack()
{
    QSet<QString> names;
    for (const State state : kAllStates) {
        names.insert(toString(state));
        QCOMPARE(stateFromString(QString(toString(state))), std::optional(state));
    }
    for (const Event event : kAllEvents) {
        names.insert(toString(event));
        QCOMPARE(eventFromString(QString(toString(event))), std::optional(event));
    }
    QCOMPARE(names.size(), 13); // no two alike
}

void TestLifecycle::foreignNamesAreRefused()
{
    for (const QStringView name : {u"wake", u"WAKE ", u"", u"DREAMING"})
        QVERIFY(!stateFromString(name));
    for (const QStringView name : {u"TICK", u"idle_5", u""})
        QVERIFY(!eventFromString(name));
}

void TestLifecycle::activityIsWhatSomebodyDid()
{
    for (const Event event : kAllEvents) {
        const bool expected = event == Event::HeartbeatRefresh || event == Event::RequestArrived || event == Event::WakeSignal;
        QCOMPARE(isActivity(event), expected);
    }
}

QTEST_GUILESS_MAIN(TestLifecycle)
#include "tst_lifecycle.moc"
