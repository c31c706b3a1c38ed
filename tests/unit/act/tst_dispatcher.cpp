// SPDX-License-Identifier: MIT
#include "agent/act/dispatcher.h"

#include <QFile>
#include <QTemporaryDir>
#include <QtTest>

using namespace dormouse;
using namespace Qt::Literals::StringLiterals;

/// What stands on the disk while the agent takes several steps at once: a kill may come between any two.
class TestDispatcher : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theLogIsAtMostOneLineBehindTheRecord();
};

void TestDispatcher::theLogIsAtMostOneLineBehindTheRecord()
{
    QTemporaryDir folder;
    QVERIFY(folder.isValid());
    const RootPaths paths{folder.filePath(u"root"_s)};
    QVERIFY(prepareRoot(paths));
    const SystemClock clock;
    const WallTime now = clock.now().wall;
    Dispatcher dispatcher(paths, clock, false);
    dispatcher.load(now);
    const auto lines = [&paths] {
        QByteArray all;
        const QStringList names = QDir(paths.logs()).entryList({u"*.jsonl"_s}, QDir::Files);
        for (const QString &name : names) {
            QFile file(paths.logs() + u'/' + name);
            if (file.open(QIODevice::ReadOnly))
                all += file.readAll();
        }
        return all.count('\n');
    };
    QVERIFY(dispatcher.dispatch(Event::Idle5Min, {}, now));
    QVERIFY(dispatcher.dispatch(Event::Idle30Min, {.sleepEligible = true}, now));
    QCOMPARE(lines(), 1); // WAKE -> DROWSY: its successor is in the record
    QVERIFY(dispatcher.dispatch(Event::SleepCycleDone, {.stillIdle = true}, now));
    QCOMPARE(lines(), 2);
    dispatcher.flushLog();
    QCOMPARE(lines(), 3);
    QVERIFY(dispatcher.state() == State::Hibernation);
}

QTEST_GUILESS_MAIN(TestDispatcher)
#include "tst_dispatcher.moc"
