// SPDX-License-Identifier: MIT
#include "agent/act/digest.h"
#include "shared/records/json.h"
#include "shared/records/timestamp.h"
#include "tests/support/fakeclock.h"

#include <QFile>
#include <QTemporaryDir>
#include <QtTest>

using namespace dormouse;
using namespace Qt::Literals::StringLiterals;

class DigestTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theLastLineCounts_data()
    {
        QTest::addColumn<QByteArray>("output");
        QTest::addColumn<DigestNumbers>("numbers");
        const DigestNumbers two{{u"a"_s, 2}};
        QTest::newRow("alone") << QByteArray("{\"a\":2}") << two;
        QTest::newRow("after text") << QByteArray("{\"a\":1}\nworking\n{\"a\":2}\n") << two;
        QTest::newRow("blank lines behind it") << QByteArray("x\n  {\"a\":2} \r\n\n \n") << two;
        QTest::newRow("not last") << QByteArray("{\"a\":2}\ndone\n") << DigestNumbers();
        QTest::newRow("other values left out") << QByteArray(R"({"a":2,"b":"3","c":true,"d":null,"e":[1],"f":{"g":1}})") << two;
        QTest::newRow("fractions and negatives")
            << QByteArray(R"({"a":0.5,"b":-3})") << DigestNumbers{{u"a"_s, 0.5}, {u"b"_s, -3}};
        QTest::newRow("not ours to say") << QByteArray(R"({"rem_cycles_completed":9,"duration_sec":9,"a":2})") << two;
        QTest::newRow("no object") << QByteArray("[1]\n") << DigestNumbers();
        QTest::newRow("torn by the tail's start") << QByteArray("\"b\":1,\"a\":2}\n") << DigestNumbers();
        QTest::newRow("not finite") << QByteArray(R"({"a":1e999})") << DigestNumbers();
        QTest::newRow("empty") << QByteArray() << DigestNumbers();
        QTest::newRow("a name too long") << QByteArray("{\"" + QByteArray(65, 'n') + "\":1,\"a\":2}") << two;
    }
    void theLastLineCounts()
    {
        QFETCH(const QByteArray, output);
        QFETCH(const DigestNumbers, numbers);
        QCOMPARE(digestNumbers(output), numbers);
    }

    void manyNamesAreCut()
    {
        QByteArrayList members;
        for (int i = 0; i < 100; ++i)
            members.append("\"n" + QByteArray::number(i) + "\":1");
        QCOMPARE(digestNumbers('{' + members.join(',') + '}').size(), 32);
    }

    void cyclesAddUpUntilShown()
    {
        QTemporaryDir folder;
        const FakeClock clock;
        const QString path = folder.filePath(u".daemon-state.json"_s);
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly)
                && file.write(R"({"pending_digest":{"episodes_processed":10,"theirs":"kept","odd":"x"},"other":1})") > 0);
        file.close();
        const DaemonStateFile state(path, clock);
        QVERIFY(addCycleToPendingDigest(state, {{u"episodes_processed"_s, 5}, {u"duration_sec"_s, 1.5}, {u"odd"_s, 2}},
                                        clock.now().wall)
                    .ok());
        QVERIFY(addCycleToPendingDigest(state, {{u"duration_sec"_s, 2}}, clock.now().wall).ok());
        QVERIFY(addToPendingDigest(state, {{u"freed_bytes"_s, 2e9}}).ok());
        const QJsonObject written = state.read().value();
        const auto expected =
            parseJsonObject(R"({"rem_cycles_completed":2,"episodes_processed":15,"schemas_induced_tier0":0,"duration_sec":3.5,
            "freed_bytes":2000000000,"theirs":"kept","odd":2})");
        QCOMPARE(written.value("pending_digest"_L1).toObject(), expected.value());
        QCOMPARE(written.value("other"_L1).toInt(), 1);
        QCOMPARE(written.value("last_learned_at"_L1).toString(), formatTimestamp(clock.now().wall));
        QVERIFY(file.open(QIODevice::ReadOnly));
        QVERIFY2(file.readAll().contains("\"rem_cycles_completed\": 2,"), "counts are whole numbers");
    }
};

QTEST_GUILESS_MAIN(DigestTest)
#include "tst_digest.moc"
