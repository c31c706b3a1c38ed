// SPDX-License-Identifier: MIT
#include "shared/storage/file.h"
#include "tests/unit/storage/storagetest.h"

#include <QtTest>

using namespace dormouse;
using namespace dormouse::test;
using namespace Qt::Literals::StringLiterals;

class LitterTest : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<QTemporaryDir> m_folder;
    [[nodiscard]] QString at(const QString &name) const { return m_folder->path() + u'/' + name; }

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        QVERIFY(m_folder->isValid());
    }

    void aMalformedFileIsKeptAsItWas()
    {
        const QString path = at(u"lifecycle_state.json"_s);
        QVERIFY(put(path, "{broken") && setMode(path, 0644));
        QVERIFY(keepBad(path, u"2026-05-02T15:14:30"_s));
        QCOMPARE(contentOf(path), QByteArray("{broken"));
        const QString kept = path + u".bad-2026-05-02T15:14:30"_s;
        QVERIFY(put(path, "overwritten in place"));
        QCOMPARE(contentOf(kept), QByteArray("{broken"));
        QCOMPARE(modeOf(kept), 0600);
    }

    void theNewestThreeStay()
    {
        const QString path = at(u"f.json"_s);
        for (int i = 1; i <= 5; ++i) {
            QVERIFY(put(path, QByteArray::number(i)));
            QVERIFY(keepBad(path, u"2026-05-0%1"_s.arg(i)));
        }
        QCOMPARE(namesIn(m_folder->path()),
                 (QStringList{u"f.json"_s, u"f.json.bad-2026-05-03"_s, u"f.json.bad-2026-05-04"_s, u"f.json.bad-2026-05-05"_s}));
        QCOMPARE(contentOf(path + u".bad-2026-05-05"_s), QByteArray("5"));
        // The clock was set back: what was found just now is worth most.
        QVERIFY(put(path, "6"));
        QVERIFY(keepBad(path, u"2001-01-01"_s));
        QCOMPARE(contentOf(path + u".bad-2001-01-01"_s), QByteArray("6"));
    }

    void anAgentThatRestartsOverAndOverPushesNothingOut()
    {
        const QString path = at(u"f.json"_s);
        QVERIFY(put(path, "first"));
        QVERIFY(keepBad(path, u"1"_s));
        QVERIFY(put(path, "second"));
        for (int i = 2; i < 9; ++i)
            QVERIFY(keepBad(path, QString::number(i)));
        QCOMPARE(namesIn(m_folder->path()), (QStringList{u"f.json"_s, u"f.json.bad-1"_s, u"f.json.bad-2"_s}));
    }

    void twoInTheSameSecondAreBothKept()
    {
        const QString path = at(u"f.json"_s);
        QVERIFY(put(path, "one"));
        QVERIFY(keepBad(path, u"t"_s));
        QVERIFY(put(path, "two"));
        QVERIFY(keepBad(path, u"t"_s));
        QCOMPARE(contentOf(path + u".bad-t"_s), QByteArray("one"));
        QCOMPARE(contentOf(path + u".bad-t-2"_s), QByteArray("two"));
    }

    void aTagCannotLeaveTheFolder()
    {
        const QString path = at(u"f.json"_s);
        QVERIFY(put(path, "x"));
        QVERIFY(keepBad(path, u"../../x y"_s));
        QCOMPARE(namesIn(m_folder->path()), (QStringList{u"f.json"_s, u"f.json.bad-..-..-x-y"_s}));
    }

    void whatIsNoRegularFileIsNotKept()
    {
        QVERIFY(QDir().mkdir(at(u"folder"_s)));
        const auto kept = keepBad(at(u"folder"_s), u"t"_s);
        QVERIFY(!kept);
        QCOMPARE(kept.error().code, ErrorCode::Refused);
        const auto missing = keepBad(at(u"gone"_s), u"t"_s);
        QVERIFY(!missing);
        QCOMPARE(missing.error().code, ErrorCode::NotFound);
    }

    void ourTemporariesGoAndNothingElse()
    {
        const QStringList ours{u"dormouse.json.JuWdNG"_s, u".daemon-state.json.abcDEf"_s};
        const QStringList others{
            u"dormouse.json"_s,         u"dormouse.json.backup"_s, u"dormouse.json.Abc123"_s,   u"dormouse.json.abcde"_s,
            u"dormouse.json.abcdefg"_s, u"other.json.JuWdNG"_s,    u"dormouse.json.x.JuWdNG"_s, u"JuWdNG"_s};
        for (const QString &name : ours + others)
            QVERIFY(put(at(name), "x"));
        QVERIFY(QDir().mkdir(at(u"dormouse.json.FoLder"_s)));
        QVERIFY(QFile::link(at(u"other.json.JuWdNG"_s), at(u"dormouse.json.LinKed"_s)));
        QCOMPARE(sweepOwnTemporaries(m_folder->path(), {u"dormouse.json"_s, u".daemon-state.json"_s}), 2);
        const QStringList left = namesIn(m_folder->path());
        for (const QString &name : others + QStringList{u"dormouse.json.FoLder"_s, u"dormouse.json.LinKed"_s})
            QVERIFY2(left.contains(name), qPrintable(name));
        QCOMPARE(left.size(), others.size() + 2);
    }

    void foreignTemporariesGoOnlyWhenOld()
    {
        const WallTime limit{std::chrono::seconds(1'000'000)};
        for (const QString &name : {u".heartbeat-1-a.json.tmp"_s, u"x.tmp"_s, u"young.tmp"_s, u"x.tmp.json"_s, u"plain"_s})
            QVERIFY(put(at(name), "x") && setMtime(at(name), 999'999));
        QVERIFY(setMtime(at(u"young.tmp"_s), 1'000'000)); // just as old as allowed
        QVERIFY(QDir().mkdir(at(u"folder.tmp"_s)));
        QVERIFY(setMtime(at(u"folder.tmp"_s), 1));
        QCOMPARE(sweepForeignTemporaries(m_folder->path(), limit), 2);
        QCOMPARE(namesIn(m_folder->path()), (QStringList{u"folder.tmp"_s, u"plain"_s, u"x.tmp.json"_s, u"young.tmp"_s}));
        QCOMPARE(sweepForeignTemporaries(at(u"gone"_s), limit), 0);
    }
};

QTEST_GUILESS_MAIN(LitterTest)
#include "tst_litter.moc"
