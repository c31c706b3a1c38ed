// SPDX-License-Identifier: MIT
#include "shared/records/json.h"

#include <QtTest>

using namespace dormouse;
using namespace Qt::Literals::StringLiterals;

/// What Qt's parser lets pass or rounds in silence would otherwise corrupt files that others own.
class TestJson : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void refusesWhatIsNoJsonObject_data();
    void refusesWhatIsNoJsonObject();
    void readsWhatIs();
    void deepNestingIsRefusedNotACrash();
    void filesAreIndentedByTwo();
    void filesReadBack();
    void textsKeepAMarkAtTheirBeginning();
    void linesHaveNoNewline();
    void tellsIntegersFromTheRest();
    void memberIntegersAreLexical_data();
    void memberIntegersAreLexical();
    void findsIntegersThatWouldBeRounded_data();
    void findsIntegersThatWouldBeRounded();
};

void TestJson::refusesWhatIsNoJsonObject_data()
{
    QTest::addColumn<QByteArray>("bytes");
    const auto row = [](const char *name, const QByteArray &bytes) { QTest::newRow(name) << bytes; };
    row("empty", "");
    row("blank", " \n");
    row("torn", "{\"a\": 1");
    row("array", "[1]");
    row("null", "null");
    row("string", "\"x\"");
    row("trailing comma", "{\"a\":1,}");
    row("trailing garbage", "{\"a\":1} x");
    row("trailing NUL", QByteArray("{\"a\":1}\0", 8));
    row("two objects", "{}{}");
    row("NaN", "{\"a\":NaN}");
    row("Infinity", "{\"a\":-Infinity}");
    row("byte order mark", "\xef\xbb\xbf{\"a\":1}");
    row("not UTF-8", "{\"a\":\"\xff\"}");
    row("overlong", "{\"a\":\"\xc0\xaf\"}");
    row("surrogate in UTF-8", "{\"a\":\"\xed\xa0\x80\"}");
    row("UTF-16", QByteArray("{\0}\0", 4));
    row("comment", "{/**/}");
    row("control character", "{\"a\":\"\x01\"}");
    row("newline in a string", "{\"a\":\"x\ny\"}");
    row("control character in a key", "{\"a\tb\":1}");
    row("unknown escape", R"({"a":"\x41"})");
    row("half an escape", R"({"a":"\u12"})");
    row("leading zero", "{\"a\":01}");
    row("point without digits", "{\"a\":1.}");
    row("plus", "{\"a\":+1}");
    row("beyond double", "{\"a\":1e400}");
}

void TestJson::refusesWhatIsNoJsonObject()
{
    QFETCH(const QByteArray, bytes);
    const Result<QJsonObject> result = parseJsonObject(bytes);
    QVERIFY(!result);
    QCOMPARE(result.error().code, ErrorCode::Malformed);
    QVERIFY(!result.error().message.isEmpty());
}

void TestJson::readsWhatIs()
{
    QVERIFY(parseJsonObject("{}").ok());
    QVERIFY(parseJsonObject(" \r\n\t{} \n").ok());
    const Result<QJsonObject> twice = parseJsonObject(R"({"a":1,"a":2})");
    QVERIFY(twice.ok());
    QCOMPARE(twice.value().value("a"_L1).toInt(), 2); // as Python: the last one
    const Result<QJsonObject> escapes = parseJsonObject(R"({"a":"\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00","b":[-1.5e-3,0,{}]})");
    QVERIFY(escapes.ok());
    QCOMPARE(escapes.value().value("a"_L1).toString(), u"\"\\/\b\f\n\r\té😀"_s);
}

void TestJson::deepNestingIsRefusedNotACrash()
{
    const auto nested = [](int depth) -> QByteArray { return "{\"a\":" + QByteArray(depth, '[') + QByteArray(depth, ']') + '}'; };
    QVERIFY(parseJsonObject(nested(500)).ok());
    QVERIFY(!parseJsonObject(nested(1024)));
    QVERIFY(!parseJsonObject(nested(1'000'000)));
}

void TestJson::filesAreIndentedByTwo()
{
    const QJsonObject object{{u"a"_s, QJsonObject{{u"b"_s, QJsonArray{1, u"    x {\n}"_s}}}},
                             {u"c"_s, QJsonObject()},
                             {u"d"_s, QJsonArray()},
                             {u"e"_s, QJsonValue()}};
    QCOMPARE(formatJsonFile(object), QByteArray("{\n"
                                                "  \"a\": {\n"
                                                "    \"b\": [\n"
                                                "      1,\n"
                                                "      \"    x {\\n}\"\n"
                                                "    ]\n"
                                                "  },\n"
                                                "  \"c\": {},\n"
                                                "  \"d\": [],\n"
                                                "  \"e\": null\n"
                                                "}\n"));
    QCOMPARE(formatJsonFile({}), QByteArray("{}\n"));
}

void TestJson::filesReadBack()
{
    const QByteArray odd =
        R"({"":{"x":[[],[{}],{"y":[{},[]]}]},"\u0000\ud800":"\u007f\u2028 {","n":[9223372036854775807,-1,0.1,1e22,true,null],"{":"["})";
    const Result<QJsonObject> first = parseJsonObject(odd);
    QVERIFY(first.ok());
    const Result<QJsonObject> second = parseJsonObject(formatJsonFile(first.value()));
    QVERIFY(second.ok());
    QCOMPARE(second.value(), first.value());
    QVERIFY(parseJsonObject(formatJsonLine(first.value())).value() == first.value());
}

/// Qt would drop U+FEFF there, and with it a key of others' would change.
void TestJson::textsKeepAMarkAtTheirBeginning()
{
    const QByteArray raw = "{\"\xef\xbb\xbfpid\":\"\xef\xbb\xbf\xef\xbb\xbfx\\\"\xef\xbb\xbf\",\"pid\":5}";
    const Result<QJsonObject> first = parseJsonObject(raw);
    QVERIFY(first.ok());
    QCOMPARE(first.value().value(u"\ufeffpid"_s).toString(), u"\ufeff\ufeffx\"\ufeff"_s);
    QCOMPARE(first.value().value(u"pid"_s).toInt(), 5);
    QCOMPARE(jsonIntegerMember(raw, "pid"_L1), std::optional<qint64>(5));
    QVERIFY(parseJsonObject(formatJsonFile(first.value())).value() == first.value());
    QVERIFY(parseJsonObject(formatJsonLine(first.value())).value() == first.value());
}

void TestJson::linesHaveNoNewline()
{
    QCOMPARE(formatJsonLine({{u"a"_s, u"x\ny"_s}}), QByteArray(R"({"a":"x\ny"})"));
}

void TestJson::tellsIntegersFromTheRest()
{
    QCOMPARE(jsonInteger(3), std::optional<qint64>(3));
    QCOMPARE(jsonInteger(0), std::optional<qint64>(0));
    QCOMPARE(jsonInteger(1), std::optional<qint64>(1));
    QCOMPARE(jsonInteger(std::numeric_limits<qint64>::min()), std::optional(std::numeric_limits<qint64>::min()));
    QCOMPARE(jsonInteger(std::numeric_limits<qint64>::max()), std::optional(std::numeric_limits<qint64>::max()));
    for (const QJsonValue &value :
         {QJsonValue(true), QJsonValue(2.5), QJsonValue(u"3"_s), QJsonValue(), QJsonValue(QJsonValue::Undefined),
          QJsonValue(9.3e18), QJsonValue(QJsonArray{3}), QJsonValue(QJsonObject())})
        QVERIFY(!jsonInteger(value));
}

void TestJson::memberIntegersAreLexical_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<std::optional<qint64>>("integer");
    const std::optional<qint64> none;
    const auto row = [](const char *bytes, std::optional<qint64> integer) {
        QTest::newRow(bytes) << QByteArray(bytes) << integer;
    };
    row(R"({"pid":12})", 12);
    row(R"({"pid" : -12 })", -12);
    row(R"({"x":"\"pid\":1","pid":12})", 12);
    row(R"({"x":{"pid":1},"pid":12,"y":{"pid":2}})", 12);
    row(R"({"p\u0069d":12})", 12);
    row(R"({"pid":9223372036854775807})", std::numeric_limits<qint64>::max());
    row(R"({"pid":-9223372036854775809})", none);
    row(R"({"pid":9223372036854775808})", none);
    row(R"({"pid":12.0})", none);
    row(R"({"pid":1e2})", none);
    row(R"({"pid":"12"})", none);
    row(R"({"pid":true})", none);
    row(R"({"pid":[12]})", none);
    row(R"({"other":12})", none);
    row(R"({"other":"pid","x":12})", none);
    row(R"({"pid":12,"pid":13})", 13);
    row(R"({"pid":12,"pid":"x"})", none);
    row(R"({"pid":12,"pid":[13]})", none);
}

void TestJson::memberIntegersAreLexical()
{
    QFETCH(const QByteArray, bytes);
    QFETCH(const std::optional<qint64>, integer);
    QVERIFY(parseJsonObject(bytes).ok());
    QCOMPARE(jsonIntegerMember(bytes, "pid"_L1), integer);
}

void TestJson::findsIntegersThatWouldBeRounded_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<bool>("found");
    QTest::newRow("largest") << QByteArray(R"({"a":9223372036854775807})") << false;
    QTest::newRow("smallest") << QByteArray(R"({"a":-9223372036854775808})") << false;
    QTest::newRow("2^63") << QByteArray(R"({"a":9223372036854775808})") << true;
    QTest::newRow("-2^63-1") << QByteArray(R"({"a":-9223372036854775809})") << true;
    QTest::newRow("deep") << QByteArray(R"({"a":[{"b":[1,18446744073709551615]}]})") << true;
    QTest::newRow("in a string") << QByteArray(R"({"a":"18446744073709551615 \" 18446744073709551615"})") << false;
    QTest::newRow("a float") << QByteArray(R"({"a":18446744073709551615.0,"b":1e30})") << false;
    QTest::newRow("none") << QByteArray("{}") << false;
}

void TestJson::findsIntegersThatWouldBeRounded()
{
    QFETCH(const QByteArray, bytes);
    QTEST(hasIntegerBeyond64Bits(bytes), "found");
}

QTEST_GUILESS_MAIN(TestJson)
#include "tst_json.moc"
