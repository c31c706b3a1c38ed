// SPDX-License-Identifier: MIT
#include "shared/presence/plainheartbeat.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRandomGenerator>
#include <QtTest>

using namespace dormouse;

/// The quick way must never answer otherwise than the thorough one, or a first scan would see other wrappers than the next.
class TestPlainHeartbeat : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void takesWhatWrappersWrite()
    {
        const QByteArray compact = sample();
        const QByteArray spaced =
            R"({ "pid": 7, "uuid": "u", "started_at": "2026-05-02T15:14:30Z", "last_refresh": "2026-05-02 15:14:30.5+02:00" })";
        for (const QByteArray &bytes : {compact, spaced}) {
            const std::optional<Heartbeat> plain = parse(bytes);
            QVERIFY(plain.has_value());
            QCOMPARE(plain, parseHeartbeat(bytes));
        }
    }

    void leavesTheRestToTheParser_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        const QByteArray time = R"("last_refresh":"2026-05-02T15:14:30Z")";
        QTest::newRow("escape") << "{\"pid\":1,\"uuid\":\"\\u0041\"," + time + "}";
        QTest::newRow("not ASCII") << "{\"pid\":1,\"uuid\":\"ü\"," + time + "}";
        QTest::newRow("nested") << "{\"pid\":1,\"x\":{}," + time + "}";
        QTest::newRow("twice") << "{\"pid\":1,\"pid\":2," + time + "}";
        QTest::newRow("fraction") << "{\"pid\":1.0," + time + "}";
        QTest::newRow("leading zero") << "{\"pid\":01," + time + "}";
        QTest::newRow("true") << "{\"pid\":true," + time + "}";
        QTest::newRow("comma at the end") << "{\"pid\":1," + time + ",}";
        QTest::newRow("text after it") << "{\"pid\":1," + time + "} x";
        QTest::newRow("no pid") << "{" + time + "}";
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("bad last_active") << "{\"pid\":1,\"last_active\":\"never\"," + time + "}";
    }
    void leavesTheRestToTheParser()
    {
        QFETCH(const QByteArray, bytes);
        QVERIFY(!parse(bytes));
    }

    void agreesWithTheVectors()
    {
        const QString folder =
            qEnvironmentVariable("DORMOUSE_VECTORS", qEnvironmentVariable("DORMOUSE_SOURCE") + QStringLiteral("/tests/vectors"));
        QFile file(folder + QStringLiteral("/heartbeats.json"));
        QVERIFY2(file.open(QIODevice::ReadOnly), qPrintable(file.fileName()));
        const QJsonArray cases = QJsonDocument::fromJson(file.readAll()).object().value(QLatin1StringView("cases")).toArray();
        QVERIFY(!cases.isEmpty());
        int plainOnes = 0;
        for (const QJsonValue &one : cases) {
            const QByteArray bytes = QByteArray::fromBase64(one[QLatin1StringView("content_b64")].toString().toLatin1());
            plainOnes += parse(bytes) ? 1 : 0;
            QVERIFY2(agrees(bytes), bytes.constData());
        }
        QVERIFY(plainOnes > 0);
    }

    void agreesWhenBytesAreBroken()
    {
        QRandomGenerator random(20260502);
        const QByteArray alphabet = "{}[]\",:\\0123456789-+.eEtruefalsn TZ\n\x01\x7f\xc3\xbc";
        int accepted = 0;
        for (int round = 0; round < 200'000; ++round) {
            QByteArray bytes = sample();
            for (int change = random.bounded(3); change >= 0 && !bytes.isEmpty(); --change) {
                const int at = random.bounded(int(bytes.size()));
                const char letter = alphabet[random.bounded(int(alphabet.size()))];
                switch (random.bounded(4)) {
                case 0: bytes.remove(at, 1); break;
                case 1: bytes.insert(at, letter); break;
                case 2: bytes.truncate(at + 1); break;
                default: bytes[at] = letter;
                }
            }
            accepted += parse(bytes) ? 1 : 0;
            QVERIFY2(agrees(bytes), bytes.constData());
        }
        QVERIFY(accepted > 1'000);
    }

private:
    static QByteArray sample()
    {
        return R"({"pid":12345,"uuid":"6f96-19ff","started_at":"2026-05-02T15:14:30.123+00:00","last_refresh":"2026-05-02T15:14:30.123+00:00",)"
               R"("last_active":"2026-05-02T15:10:00Z","name":"claude-code","wrapper_version":"1.0.0","ready":true,"schema_version":1})";
    }
    static std::optional<Heartbeat> parse(const QByteArray &bytes)
    {
        return parsePlainHeartbeat({bytes.constData(), static_cast<std::size_t>(bytes.size())});
    }
    static bool agrees(const QByteArray &bytes)
    {
        const std::optional<Heartbeat> plain = parse(bytes);
        return !plain || plain == parseHeartbeat(bytes);
    }
};

QTEST_GUILESS_MAIN(TestPlainHeartbeat)
#include "tst_plainheartbeat.moc"
