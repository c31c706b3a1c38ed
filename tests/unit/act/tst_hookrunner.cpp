// SPDX-License-Identifier: MIT
#include "agent/act/hookrunner.h"
#include "tests/unit/act/marked.h"

#include <QFile>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QtTest>

using namespace dormouse;
using namespace dormouse::test;
using namespace Qt::Literals::StringLiterals;

namespace {

const SystemClock kClock;

QStringList sh(const QString &script)
{
    return {u"/bin/sh"_s, u"-c"_s, script};
}

/// Hooks that write into a file of their own.
struct Hooks {
    QTemporaryDir folder;
    Mark mark;
    HookRunner runner{folder.path(), kClock};
    QSignalSpy idle{&runner, &HookRunner::idle};
    QSignalSpy logged{&runner, &HookRunner::logged};

    void configure(const QMap<State, QList<QStringList>> &hooks) { runner.configure(hooks, mark.environment()); }
    [[nodiscard]] bool isIdle() { return !idle.isEmpty() || idle.wait(20'000); }
    [[nodiscard]] QByteArray notes() const
    {
        QFile file(folder.filePath(u"notes"_s));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
};

QString note(const QString &text)
{
    return u"echo "_s + text + u" >> $DORMOUSE_ROOT/notes"_s;
}

} // namespace

class HookRunnerTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
#ifndef Q_OS_LINUX
        QSKIP("looks into /proc");
#endif
    }
    void init()
    {
        QTest::failOnWarning(QRegularExpression(u"."_s));
    }
    void cleanup()
    {
        QTRY_VERIFY(zombies().isEmpty());
    }

    void runInOrderAndDoNotBlock()
    {
        Hooks hooks;
        hooks.configure({{State::Wake, {sh(u"sleep 0.2; "_s + note(u"1 $DORMOUSE_STATE"_s)), sh(note(u"2"_s))}},
                         {State::Drowsy, {sh(note(u"3 $DORMOUSE_STATE"_s))}}});
        hooks.runner.entered(State::Wake);
        hooks.runner.entered(State::Drowsy);
        hooks.runner.entered(State::Sleep); // has none
        QVERIFY(hooks.runner.isRunning());
        QVERIFY2(hooks.notes().isEmpty(), "entered() waited for them");
        QVERIFY(hooks.isIdle());
        QCOMPARE(hooks.notes(), "1 WAKE\n2\n3 DROWSY\n");
        QVERIFY(!hooks.runner.isRunning());
        QVERIFY(hooks.logged.isEmpty());
    }

    void aFailureIsToldAndTheRestRuns()
    {
        Hooks hooks;
        hooks.configure({{State::Wake, {sh(u"echo oops >&2; exit 3"_s), {u"dormouse-no-such"_s}, sh(note(u"after"_s))}}});
        QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"/bin/sh.*WAKE.*exit code 3"_s));
        QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"dormouse-no-such.*failed: "_s));
        hooks.runner.entered(State::Wake);
        QVERIFY(hooks.isIdle());
        QCOMPARE(hooks.notes(), "after\n");
        QCOMPARE(hooks.logged.size(), 2);
        const auto entry = hooks.logged.at(0).at(0).value<LogEntry>();
        QCOMPARE(entry.kind, logkind::kHookFailed);
        QCOMPARE(entry.fields, (QJsonObject{{u"state"_s, u"WAKE"_s},
                                            {u"command"_s, u"/bin/sh"_s},
                                            {u"error"_s, u"exit code 3"_s},
                                            {u"output"_s, u"oops\n"_s}}));
    }

    void flappingStatesDoNotPileUp()
    {
        Hooks hooks;
        hooks.configure({{State::Wake, {sh(u"while ! test -e $DORMOUSE_ROOT/go; do sleep 0.02; done; "_s + note(u"wake"_s))}},
                         {State::Drowsy, {sh(note(u"drowsy"_s))}}});
        hooks.runner.entered(State::Wake);
        for (int i = 0; i < 16; ++i)
            hooks.runner.entered(State::Drowsy);
        for (int i = 0; i < 4; ++i) {
            QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"hooks of DROWSY are left out"_s));
            hooks.runner.entered(State::Drowsy);
        }
        QFile go(hooks.folder.filePath(u"go"_s));
        QVERIFY(go.open(QIODevice::WriteOnly));
        QVERIFY(hooks.isIdle());
        QCOMPARE(hooks.notes().count("wake\n"), 1);
        QCOMPARE(hooks.notes().count("drowsy\n"), 16);
    }

    void theyDoNotOutliveTheRunner()
    {
        const Mark mark;
        QTemporaryDir folder;
        auto runner = std::make_unique<HookRunner>(folder.path(), kClock);
        runner->configure({{State::Wake, {sh(u"trap '' TERM; sleep 60 & touch $DORMOUSE_ROOT/up; sleep 60"_s)}}},
                          mark.environment());
        runner->entered(State::Wake);
        QTRY_VERIFY(QFile::exists(folder.filePath(u"up"_s)));
        QVERIFY(!mark.processes().isEmpty());
        runner.reset();
        QTRY_COMPARE(mark.processes(), QList<qint64>());
    }
};

QTEST_GUILESS_MAIN(HookRunnerTest)
#include "tst_hookrunner.moc"
