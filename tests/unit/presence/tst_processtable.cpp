// SPDX-License-Identifier: MIT
#include "shared/presence/bootid.h"
#include "shared/presence/processtable.h"

#include <QProcess>
#include <QtTest>

#include <limits>

#include <sys/wait.h>
#include <unistd.h>

using namespace dormouse;

/// A wrong answer here makes live wrappers orphans, or dead ones keep the machine awake.
class TestProcessTable : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void knowsTheLiving()
    {
        QVERIFY(m_table->isAlive(::getpid()));
        QVERIFY(m_table->isAlive(1)); // EPERM for others than root
    }

    void knowsTheDead()
    {
        const pid_t child = ::fork();
        if (child == 0)
            ::_exit(0);
        QCOMPARE(::waitpid(child, nullptr, 0), child);
        QVERIFY(!m_table->isAlive(child));
        QVERIFY(!m_table->facts(child).startTime);
        QVERIFY(!m_table->facts(child).parent);
    }

    void impossiblePidsAreDead_data()
    {
        QTest::addColumn<qint64>("pid");
        QTest::newRow("0: would ask for our own group") << qint64{0};
        QTest::newRow("-1: would ask for every process") << qint64{-1};
        QTest::newRow("over int") << qint64{std::numeric_limits<int>::max()} + 1;
        QTest::newRow("wraps around to 1") << (qint64{1} << 32) + 1;
        QTest::newRow("largest") << std::numeric_limits<qint64>::max();
        QTest::newRow("smallest") << std::numeric_limits<qint64>::min();
    }
    void impossiblePidsAreDead()
    {
        QFETCH(const qint64, pid);
        QVERIFY(!m_table->isAlive(pid));
        QVERIFY(!m_table->facts(pid).startTime);
        QVERIFY(!m_table->isReaper(pid));
    }

    void factsOfOurselves()
    {
        const ProcessFacts facts = m_table->facts(::getpid());
        QVERIFY(facts.startTime && *facts.startTime > 0);
        QCOMPARE(facts.startTime, m_table->facts(::getpid()).startTime);
        QCOMPARE(facts.parent, std::optional<qint64>(::getppid()));
        QVERIFY(!m_table->isReaper(::getpid()));
    }

    /// A process may call itself anything: "a) S 1 (b" must not shift the fields.
    void namesDoNotConfuse()
    {
        QTemporaryDir dir;
        const QString program = dir.path() + QStringLiteral("/a) S 1 (b");
        QVERIFY(QFile::copy(QStringLiteral("/bin/sleep"), program));
        QProcess process;
        process.start(program, {QStringLiteral("60")});
        QVERIFY(process.waitForStarted());
        const ProcessFacts facts = m_table->facts(process.processId());
        QCOMPARE(facts.parent, std::optional<qint64>(::getpid()));
        QVERIFY(facts.startTime && *facts.startTime >= *m_table->facts(::getpid()).startTime);
        process.kill();
        QVERIFY(process.waitForFinished());
    }

    void theFirstProcessAdoptsOrphans() { QVERIFY(m_table->isReaper(1)); }

    void bootIdStaysTheSame()
    {
        QCOMPARE(currentBootId().size(), 36); // a UUID
        QCOMPARE(currentBootId(), currentBootId());
    }

private:
    const std::unique_ptr<ProcessTable> m_table = systemProcessTable();
};

QTEST_GUILESS_MAIN(TestProcessTable)
#include "tst_processtable.moc"
