// SPDX-License-Identifier: MIT
#include "shared/base/text.h"

#include <QtTest>

using namespace dormouse;
using namespace Qt::Literals::StringLiterals;

/// What people type and read: durations, sizes, misspelt words, and foreign text on their terminal.
class TestText : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void parsesDurations_data();
    void parsesDurations();
    void formatsDurations_data();
    void formatsDurations();
    void countsDown();
    void formatsBytes_data();
    void formatsBytes();
    void suggestsTheWordThatWasMeant_data();
    void suggestsTheWordThatWasMeant();
    void foreignTextCannotControlATerminal_data();
    void foreignTextCannotControlATerminal();
    void longForeignTextIsCutBetweenCharacters();
};

void TestText::parsesDurations_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<qint64>("millis"); // -1: refused
    const auto row = [](const char *text, qint64 millis) { QTest::newRow(text) << QString::fromUtf8(text) << millis; };
    row("90", 90'000);
    row("0.5", 500);
    row(".5", 500);
    row("5.", 5'000);
    row("0", 0);
    row("90s", 90'000);
    row("1.5s", 1'500);
    row("5m", 300'000);
    row("2h", 7'200'000);
    row("1d", 86'400'000);
    row("250ms", 250);
    row("0.0004", 0);
    row("0.0006", 1);
    for (const char *wrong : {"",
                              "s",
                              "ms",
                              ".",
                              "-1",
                              "+1",
                              "1e3",
                              "inf",
                              "nan",
                              "0x10",
                              "1,5",
                              "5 m",
                              " 5",
                              "5mm",
                              "5min",
                              "1h30m",
                              "1.2.3",
                              "٣",
                              "99999999999999999999",
                              "999999999999999999999999",
                              "100000000000d"})
        row(wrong, -1);
}

void TestText::parsesDurations()
{
    QFETCH(const QString, text);
    QFETCH(const qint64, millis);
    const std::optional<Millis> parsed = parseDuration(text);
    QCOMPARE(parsed ? qint64{parsed->count()} : qint64{-1}, millis);
}

void TestText::formatsDurations_data()
{
    QTest::addColumn<qint64>("millis");
    QTest::addColumn<QString>("text");
    QTest::newRow("negative") << qint64{-5} << u"0 s"_s;
    QTest::newRow("zero") << qint64{0} << u"0 s"_s;
    QTest::newRow("under a second") << qint64{250} << u"250 ms"_s;
    QTest::newRow("seconds") << qint64{45'900} << u"45 s"_s;
    QTest::newRow("minutes") << qint64{12 * 60'000 + 59'999} << u"12 min"_s;
    QTest::newRow("hours") << qint64{125 * 60'000} << u"2 h 5 min"_s;
    QTest::newRow("whole hours") << qint64{120 * 60'000} << u"2 h"_s;
    QTest::newRow("days") << qint64{76 * 3'600'000} << u"3 d 4 h"_s;
    QTest::newRow("whole days") << qint64{72 * 3'600'000} << u"3 d"_s;
}

void TestText::formatsDurations()
{
    QFETCH(const qint64, millis);
    QTEST(formatDuration(Millis(millis)), "text");
}

void TestText::countsDown()
{
    QCOMPARE(formatCountdown(Millis(281'000)), u"04:41"_s);
    QCOMPARE(formatCountdown(Millis(280'001)), u"04:41"_s); // rounded up: never "00:00" while there is time left
    QCOMPARE(formatCountdown(Millis(1)), u"00:01"_s);
    QCOMPARE(formatCountdown(Millis(0)), u"00:00"_s);
    QCOMPARE(formatCountdown(Millis(-10'000)), u"00:00"_s);
    QCOMPARE(formatCountdown(Millis(3'881'000)), u"1:04:41"_s);
    QCOMPARE(formatCountdown(Millis(49 * 3'600'000)), u"49:00:00"_s);
}

void TestText::formatsBytes_data()
{
    QTest::addColumn<qint64>("bytes");
    QTest::addColumn<QString>("text");
    QTest::newRow("bytes") << qint64{12} << u"12 B"_s;
    QTest::newRow("999") << qint64{999} << u"999 B"_s;
    QTest::newRow("1000") << qint64{1'000} << u"1.0 kB"_s;
    QTest::newRow("kB") << qint64{640'000} << u"640 kB"_s;
    QTest::newRow("GB") << qint64{1'900'000'000} << u"1.9 GB"_s;
    QTest::newRow("never 1000 of a unit") << qint64{999'900} << u"1.0 MB"_s;
    QTest::newRow("rounds to 10") << qint64{9'970'000} << u"10 MB"_s;
    QTest::newRow("largest") << std::numeric_limits<qint64>::max() << u"9.2 EB"_s;
    QTest::newRow("negative") << qint64{-1'500} << u"-1.5 kB"_s;
}

void TestText::formatsBytes()
{
    QFETCH(const qint64, bytes);
    QTEST(formatBytes(bytes), "text");
}

void TestText::suggestsTheWordThatWasMeant_data()
{
    QTest::addColumn<QString>("word");
    QTest::addColumn<QString>("meant"); // empty: no suggestion
    QTest::newRow("letter left out") << u"staus"_s << u"status"_s;
    QTest::newRow("letters swapped") << u"stauts"_s << u"status"_s;
    QTest::newRow("case") << u"Status"_s << u"status"_s;
    QTest::newRow("a part of it") << u"hiber"_s << u"hibernate"_s;
    QTest::newRow("nearest wins") << u"wakes"_s << u"wake"_s;
    QTest::newRow("nothing near") << u"xyzzy"_s << QString();
    QTest::newRow("empty") << QString() << QString();
    QTest::newRow("huge") << QString(100'000, u's') << QString();
}

void TestText::suggestsTheWordThatWasMeant()
{
    QFETCH(const QString, word);
    const QStringList known{u"wake"_s, u"sleep"_s, u"status"_s, u"hibernate"_s};
    QTEST(nearestWord(word, known).value_or(QString()), "meant");
}

void TestText::foreignTextCannotControlATerminal_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("shown");
    QTest::newRow("plain") << u"claude-code ünï 日本 😀"_s << u"claude-code ünï 日本 😀"_s;
    QTest::newRow("one line") << u"a\r\nb\tc\u2028d"_s << u"a  b c d"_s;
    QTest::newRow("escape") << u"\x1b[2Jx"_s << u"\uFFFD[2Jx"_s;
    QTest::newRow("NUL and C1") << QString::fromUtf16(u"a\0b\u009bc", 5) << u"a\uFFFDb\uFFFDc"_s;
    QTest::newRow("bidi override") << u"a\u202Eb\u2066c"_s << u"a\uFFFDb\uFFFDc"_s;
    QTest::newRow("lone surrogate") << QString(QChar(0xD800)) << u"\uFFFD"_s;
    QTest::newRow("joiners stay") << u"क्\u200Dष"_s << u"क्\u200Dष"_s;
}

void TestText::foreignTextCannotControlATerminal()
{
    QFETCH(const QString, text);
    QTEST(sanitized(text), "shown");
}

void TestText::longForeignTextIsCutBetweenCharacters()
{
    QCOMPARE(sanitized(u"abcdef", 6), u"abcdef"_s);
    QCOMPARE(sanitized(u"abcdefg", 6), u"abcde…"_s);
    QCOMPARE(sanitized(u"abcd😀fg", 6), u"abcd…"_s); // never half of a pair
    QCOMPARE(sanitized(u"abc", 0), QString());
    QCOMPARE(sanitized(QString(10'000'000, u'x'), 10).size(), 10);
}

QTEST_GUILESS_MAIN(TestText)
#include "tst_text.moc"
