// SPDX-License-Identifier: MIT
#include "shared/idle/dbus/message.h"

#include <QRandomGenerator>
#include <QtTest>

using namespace dormouse::dbus;
using namespace Qt::Literals::StringLiterals;

/// What comes from a bus comes from outside: the agent must understand it exactly, or not at all.
class TestDBusMessage : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsWhatItWrites();
    void readsBothByteOrders();
    void readsADictionary();
    void waitsForTheWhole();
    void refusesWhatIsTooLargeOrNoMessage();
    void refusesHostileSignatures_data();
    void refusesHostileSignatures();
    void survivesAnyBytes();
};

void TestDBusMessage::readsWhatItWrites()
{
    const MethodCall call{
        u"org.example.Service"_s, u"/org/example"_s, u"org.example.Interface"_s, u"Member"_s, {u"one"_s, u""_s, u"zwölf"_s}};
    const QByteArray bytes = encode(call, 0x01020304);
    QCOMPARE(bytes.mid(8, 4), QByteArray::fromHex("04030201"));
    QCOMPARE(frame(bytes).kind, Framing::Kind::Complete);
    QCOMPARE(frame(bytes + "more").size, bytes.size());
    const auto message = decode(bytes);
    QVERIFY(message.has_value());
    QCOMPARE(message->type, Message::Type::Call);
    QCOMPARE(message->path, call.path);
    QCOMPARE(message->interface, call.interface);
    QCOMPARE(message->member, call.member);
    QCOMPARE(message->arguments(), std::optional(QVariantList{u"one"_s, u""_s, u"zwölf"_s}));
}

void TestDBusMessage::readsBothByteOrders()
{
    Message message;
    message.signature = "qu";
    message.body = QByteArray::fromHex("0102000001020304");
    QCOMPARE(message.arguments(), std::optional(QVariantList{0x0201U, 0x04030201U}));
    message.isBigEndian = true;
    QCOMPARE(message.arguments(), std::optional(QVariantList{0x0102U, 0x01020304U}));
    message.signature = "bx";
    message.body = QByteArray::fromHex("0000000100000000fffffffffffffffe");
    QCOMPARE(message.arguments(), std::optional(QVariantList{true, qint64(-2)}));
}

void TestDBusMessage::readsADictionary()
{
    Message message;
    message.signature = "a{sv}";
    message.body = QByteArray::fromHex("140000000000000008000000") + "IdleHint"
                   + QByteArray::fromHex("00016200"
                                         "01000000");
    const QVariantList pair{u"IdleHint"_s, true};
    QCOMPARE(message.arguments(), std::optional(QVariantList{QVariant(QVariantList{QVariant(pair)})}));
}

void TestDBusMessage::waitsForTheWhole()
{
    const QByteArray bytes = encode({u"a.b"_s, u"/"_s, u"a.b"_s, u"C"_s, {u"x"_s}}, 1);
    for (qsizetype size = 0; size < bytes.size(); ++size) {
        QCOMPARE(frame(bytes.left(size)).kind, Framing::Kind::Incomplete);
        QVERIFY(!decode(bytes.left(size)));
    }
}

void TestDBusMessage::refusesWhatIsTooLargeOrNoMessage()
{
    QByteArray bytes = encode({u"a.b"_s, u"/"_s, u"a.b"_s, u"C"_s, {}}, 1);
    const auto with = [&bytes](qsizetype at, const QByteArray &value) {
        return QByteArray(bytes).replace(at, value.size(), value);
    };
    QCOMPARE(frame(with(4, QByteArray::fromHex("00000400"))).kind, Framing::Kind::Malformed); // 256 KiB and the header
    QCOMPARE(frame(with(4, QByteArray::fromHex("ffffffff"))).kind, Framing::Kind::Malformed);
    QCOMPARE(frame(with(12, QByteArray::fromHex("ffffffff"))).kind, Framing::Kind::Malformed);
    QCOMPARE(frame(with(0, "x")).kind, Framing::Kind::Malformed);
    QCOMPARE(frame(with(3, "\2")).kind, Framing::Kind::Malformed);
    QVERIFY(!decode(with(1, "\5")));
    QVERIFY(decode(bytes).has_value());
}

void TestDBusMessage::refusesHostileSignatures_data()
{
    QTest::addColumn<QByteArray>("signature");
    QTest::addColumn<QByteArray>("body");
    QTest::newRow("an array that says it is longer") << QByteArray("au") << QByteArray::fromHex("ffffff7f01000000");
    QTest::newRow("an array that ends amid an element") << QByteArray("au") << QByteArray::fromHex("020000000100000001000000");
    QTest::newRow("an empty struct") << QByteArray("()") << QByteArray(64, '\0');
    QTest::newRow("arrays of nothing") << QByteArray("a") << QByteArray(64, '\0');
    QTest::newRow("an open struct") << QByteArray("(u") << QByteArray(64, '\0');
    QTest::newRow("an unknown type") << QByteArray("r") << QByteArray(64, '\0');
    QTest::newRow("very deep") << QByteArray(200, 'a') + 'u' << QByteArray(64, '\0');
    QTest::newRow("longer than a signature may be") << QByteArray(256, 'y') << QByteArray(256, '\0');
    QTest::newRow("variants in variants") << QByteArray("v") << QByteArray("\1v\0", 3).repeated(200);
    QTest::newRow("text without an end") << QByteArray("s") << QByteArray::fromHex("0400000061626364");
    QTest::newRow("text with a 0 in it") << QByteArray("s") << QByteArray::fromHex("040000006100626300");
    QTest::newRow("a variant of two") << QByteArray("v") << QByteArray::fromHex("027575000000000000000000");
    QTest::newRow("nothing where something is due") << QByteArray("t") << QByteArray();
}

void TestDBusMessage::refusesHostileSignatures()
{
    QFETCH(QByteArray, signature);
    QFETCH(QByteArray, body);
    Message message;
    message.signature = signature;
    message.body = body;
    QVERIFY(!message.arguments());
}

/// Under the sanitizers this finds reads past the end; the seed is told, so that a failure can be repeated.
void TestDBusMessage::survivesAnyBytes()
{
    bool isGiven = false;
    quint32 seed = qEnvironmentVariable("DORMOUSE_SEED").toUInt(&isGiven);
    if (!isGiven)
        seed = QRandomGenerator::global()->generate();
    qInfo("seed %u", seed);
    QRandomGenerator random(seed);
    const QByteArray whole = encode({u"a.b"_s, u"/a"_s, u"a.b"_s, u"C"_s, {u"text"_s, u"more"_s}}, 7);
    const QByteArray types("ybnqiuxtdsogva(){}h");
    int understood = 0;
    for (int round = 0; round < 20'000; ++round) {
        QByteArray bytes = whole;
        for (int i = random.bounded(4); i >= 0; --i)
            bytes[random.bounded(bytes.size())] = char(random.bounded(256));
        if (const auto message = decode(bytes))
            understood += message->arguments().has_value() ? 1 : 0;
        Message message;
        for (int i = random.bounded(8); i >= 0; --i)
            message.signature.append(types.at(random.bounded(types.size())));
        message.body.resize(random.bounded(64));
        for (char &byte : message.body)
            byte = char(random.bounded(4));
        understood += message.arguments().has_value() ? 1 : 0;
    }
    QVERIFY2(understood > 100, qPrintable(u"with seed %1 hardly anything was read"_s.arg(seed)));
}

QTEST_GUILESS_MAIN(TestDBusMessage)
#include "tst_dbusmessage.moc"
