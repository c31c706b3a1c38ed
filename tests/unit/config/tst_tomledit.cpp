// SPDX-License-Identifier: MIT
#include "shared/config/tomledit.h"
#include "shared/config/tomlvalue.h"

#include <QRandomGenerator>
#include <QtTest>

#include <variant>

using namespace dormouse;
using namespace Qt::Literals::StringLiterals;

namespace {

std::optional<TomlValue> parsed(const QByteArray &text)
{
    auto outcome = parseToml(text);
    if (auto *value = std::get_if<TomlValue>(&outcome))
        return std::move(*value);
    return std::nullopt;
}

/// The value at "a.b" as text; empty when there is none.
QString valueOf(const QByteArray &text, const QString &key)
{
    std::optional<TomlValue> value = parsed(text);
    for (const QString &part : key.split(u'.')) {
        if (!value)
            return {};
        std::optional<TomlValue> inner;
        for (const TomlEntry &entry : value->entries) {
            if (entry.key == part)
                inner = entry.value;
        }
        value = inner;
    }
    return value ? value->text : QString();
}

/// A document of many kinds of lines, each with its own line end, in which `key`'s line is number `place`.
class RandomDocument
{
public:
    explicit RandomDocument(quint32 seed) : m_random(seed), m_end(seed % 3 == 0 ? "\r\n" : "\n")
    {
        noise();
        section("lifecycle", {"presence = 'active'", "ignore_leaked = false   # why"});
        const QByteArrayList timers{"sleep_after = \"40m\"", "hibernate_after=7200#short", "tick\t=\t15", "\"stale_after\" = 90",
                                    "notes = '''\r\n[timers]\r\ndrowsy_after = 1\r\n'''"};
        section("timers", timers);
        if (m_random.bounded(2) == 0)
            section("env", {"\"a.b\" = \"x # y\"", "C = 'timers.drowsy_after = 5'"});
        for (quint32 i = m_random.bounded(3U); i > 0; --i)
            section("[service]", {"name = \"s\"", "command = [ # [timers]\n  \"a\", 'b]',\n]", "ready = { tcp = 1 } # }"});
        if (m_random.bounded(4) == 0 && m_text.endsWith('\n'))
            m_text.chop(m_text.endsWith("\r\n") ? 2 : 1);
    }

    [[nodiscard]] const QByteArray &text() const { return m_text; }
    [[nodiscard]] QRandomGenerator &random() { return m_random; }

private:
    void line(const QByteArray &text) { m_text += text + m_end; }
    void noise()
    {
        static const QByteArrayList kNoise{"", "# timers.drowsy_after = 5", "   ", "#[timers]", "\t# \xC3\xA9"};
        while (m_random.bounded(2) == 0)
            line(kNoise.at(m_random.bounded(int(kNoise.size()))));
    }
    void section(const QByteArray &name, const QByteArrayList &pairs)
    {
        line('[' + name + ']');
        noise();
        for (const QByteArray &pair : pairs) {
            if (m_random.bounded(3) != 0)
                line(QByteArray(m_random.bounded(3), ' ') + pair);
            noise();
        }
    }

    QRandomGenerator m_random;
    QByteArray m_end;
    QByteArray m_text;
};

} // namespace

/// People write comments and an order of their own into dormouse.toml; an editor that loses one byte of it is not used twice.
class TestTomlEdit : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void changesAndAdditions_data();
    void changesAndAdditions() { checkEdit(); }
    void removals_data();
    void removals() { checkEdit(); }
    void whatIsNotSafeIsRefused_data();
    void whatIsNotSafeIsRefused();
    void theValueMustBeOneValue_data();
    void theValueMustBeOneValue();
    void aRandomReplacementTouchesTheValueOnly();
    void aRandomAdditionAddsOneLine();
    void aRandomRemovalTakesOneLine();
    void anyBytesAreTakenOrRefused();

private:
    static void checkEdit();
};

namespace {

/// The key is timers.drowsy_after.
void addColumns()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<QByteArray>("expected");
}

void row(const char *name, const QByteArray &text, const QByteArray &value, const QByteArray &expected)
{
    QTest::newRow(name) << text << value << expected;
}

} // namespace

void TestTomlEdit::changesAndAdditions_data()
{
    addColumns();
    const QByteArray bom = "\xEF\xBB\xBF";
    row("empty file", "", "5", "[timers]\ndrowsy_after = 5\n");
    row("byte order mark alone", bom, "5", bom + "[timers]\ndrowsy_after = 5\n");
    row("comment alone", "# mine\n", "5", "# mine\n\n[timers]\ndrowsy_after = 5\n");
    row("comment without an end", "# mine", "5", "# mine\n\n[timers]\ndrowsy_after = 5\n");
    row("blank line at the end", "# mine\n\n", "5", "# mine\n\n[timers]\ndrowsy_after = 5\n");
    row("replaced", "[timers]\ndrowsy_after = 300\n", "\"10m\"", "[timers]\ndrowsy_after = \"10m\"\n");
    row("comments before and behind", "# a\n[timers] # b\n# c\ndrowsy_after = \"5m\"   # d \"=\" 'e'\n# f\n", "600",
        "# a\n[timers] # b\n# c\ndrowsy_after = 600   # d \"=\" 'e'\n# f\n");
    row("a comment touches the value", "[timers]\ndrowsy_after=300#x\n", "5", "[timers]\ndrowsy_after=5#x\n");
    row("CRLF", "[timers]\r\ndrowsy_after = 300\r\ntick = 1\r\n", "5", "[timers]\r\ndrowsy_after = 5\r\ntick = 1\r\n");
    row("CRLF, added", "[timers]\r\ntick = 1\r\n", "5", "[timers]\r\ntick = 1\r\ndrowsy_after = 5\r\n");
    row("CRLF, section added", "a = 1\r\n", "5", "a = 1\r\n\r\n[timers]\r\ndrowsy_after = 5\r\n");
    row("CRLF and no end", "[timers]\r\ntick = 1", "5", "[timers]\r\ntick = 1\r\ndrowsy_after = 5\r\n");
    row("byte order mark", bom + "[timers]\ndrowsy_after = 300\n", "5", bom + "[timers]\ndrowsy_after = 5\n");
    row("no final newline", "[timers]\ndrowsy_after = 300", "5", "[timers]\ndrowsy_after = 5");
    row("no final newline, added", "[timers]\ntick = 1", "5", "[timers]\ntick = 1\ndrowsy_after = 5\n");
    row("no final newline, header alone", "[timers]", "5", "[timers]\ndrowsy_after = 5\n");
    row("dotted key", "timers.drowsy_after = 300 # x\n[sleep]\n", "5", "timers.drowsy_after = 5 # x\n[sleep]\n");
    row("dotted key with spaces", " timers . drowsy_after = 300\n", "5", " timers . drowsy_after = 5\n");
    row("dotted neighbour", "timers.tick = 1\n\n[sleep]\n", "5", "timers.tick = 1\ntimers.drowsy_after = 5\n\n[sleep]\n");
    row("inline table", "timers = { drowsy_after = 300, tick = 1 } # x\n", "5", "timers = { drowsy_after = 5, tick = 1 } # x\n");
    row("inline table without spaces", "timers={drowsy_after=300}\n", "5", "timers={drowsy_after=5}\n");
    row("inline neighbour", "timers = { tick = 1 }\n", "5", "timers = { tick = 1, drowsy_after = 5 }\n");
    row("empty inline table", "timers = {}\n", "5", "timers = { drowsy_after = 5 }\n");
    row("quoted keys", "[\"timers\"]\n'drowsy_after' = 300\n", "5", "[\"timers\"]\n'drowsy_after' = 5\n");
    row("quoted dotted keys", "\"timers\".'drowsy_after' = 300\n", "5", "\"timers\".'drowsy_after' = 5\n");
    row("header with spaces", "[ timers ]\n\tdrowsy_after = 300\n", "5", "[ timers ]\n\tdrowsy_after = 5\n");
    row("indented neighbour", "[timers]\n    tick = 1\n\n[sleep]\n", "5",
        "[timers]\n    tick = 1\n    drowsy_after = 5\n\n[sleep]\n");
    row("look-alikes in a string", "x = \"\"\"\n[timers]\ndrowsy_after = 1\n\"\"\"\n[timers]\ndrowsy_after = 300\n", "5",
        "x = \"\"\"\n[timers]\ndrowsy_after = 1\n\"\"\"\n[timers]\ndrowsy_after = 5\n");
    row("look-alikes in a raw string", "x = '''\n[timers]\ndrowsy_after = 1'''\n", "5",
        "x = '''\n[timers]\ndrowsy_after = 1'''\n\n[timers]\ndrowsy_after = 5\n");
    row("quotes at a long string's end", "x = \"\"\"a\"\"\"\"\"\n[timers]\ndrowsy_after = 1\n", "5",
        "x = \"\"\"a\"\"\"\"\"\n[timers]\ndrowsy_after = 5\n");
    row("look-alikes in an array", "x = [ # [timers]\n 'drowsy_after = 1', [\n]\n]\n[timers]\ndrowsy_after=1\n", "5",
        "x = [ # [timers]\n 'drowsy_after = 1', [\n]\n]\n[timers]\ndrowsy_after=5\n");
    row("arrays of tables behind", "[timers]\n\n# mine\n[[service]]\nname = \"a\"\n[[service]]\nname = \"b\"\n", "5",
        "[timers]\ndrowsy_after = 5\n\n# mine\n[[service]]\nname = \"a\"\n[[service]]\nname = \"b\"\n");
    row("no section, arrays of tables", "[[service]]\nname = \"a\"\n", "5",
        "[[service]]\nname = \"a\"\n\n[timers]\ndrowsy_after = 5\n");
    row("a section below it alone", "[timers.x]\na = 1\n", "5", "[timers.x]\na = 1\n\n[timers]\ndrowsy_after = 5\n");
    row("same key elsewhere", "[other]\ndrowsy_after = 1\n[timers]\n[more]\ndrowsy_after = 2\n", "5",
        "[other]\ndrowsy_after = 1\n[timers]\ndrowsy_after = 5\n[more]\ndrowsy_after = 2\n");
    row("a date as value", "[timers]\ndrowsy_after = 1979-05-27 07:32:00 # x\n", "5", "[timers]\ndrowsy_after = 5 # x\n");
    row("an array as value", "[timers]\ndrowsy_after = [\n 1, # one\n 2\n] # x\n", "5", "[timers]\ndrowsy_after = 5 # x\n");
    row("the same value", "[timers]\ndrowsy_after = 5 # x\n", "5", "[timers]\ndrowsy_after = 5 # x\n");
}

void TestTomlEdit::removals_data()
{
    addColumns();
    row("taken away", "[timers]\n# a\ndrowsy_after = 5 # b\n# c\ntick = 1\n", "", "[timers]\n# a\n# c\ntick = 1\n");
    row("taken away, alone", "[timers]\ndrowsy_after = 5\n", "", "[timers]\n");
    row("taken away, dotted and alone", "# a\ntimers.drowsy_after = 5\n", "", "# a\n");
    row("taken away, CRLF", "[timers]\r\ndrowsy_after = 5\r\ntick = 1\r\n", "", "[timers]\r\ntick = 1\r\n");
    row("taken away, no final newline", "[timers]\ntick = 1\ndrowsy_after = 5", "", "[timers]\ntick = 1\n");
    row("taken away, many lines", "[timers]\ndrowsy_after = '''\na\n''' # b\ntick = 1\n", "", "[timers]\ntick = 1\n");
    row("taken away, inline first", "timers = { drowsy_after = 5, tick = 1 } # a\n", "", "timers = { tick = 1 } # a\n");
    row("taken away, inline last", "timers = { tick = 1, drowsy_after = 5 }\n", "", "timers = { tick = 1 }\n");
    row("taken away, inline alone", "timers = { drowsy_after = 5 }\n", "", "timers = {}\n");
    row("taken away, not there", "[timers]\ntick = 1 # a\n", "", "[timers]\ntick = 1 # a\n");
    row("taken away, empty file", "", "", "");
}

void TestTomlEdit::checkEdit()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, value);
    QFETCH(QByteArray, expected);
    const auto edited = editToml(text, u"timers.drowsy_after"_s, value);
    QVERIFY2(edited.ok(), qPrintable(edited.ok() ? QString() : edited.error().message));
    QCOMPARE(edited.value(), expected);
}

void TestTomlEdit::whatIsNotSafeIsRefused_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("key");
    const auto row = [](const char *name, const QByteArray &text, const QString &key = u"timers.drowsy_after"_s) {
        QTest::newRow(name) << text << key;
    };
    row("no TOML", "[timers\ndrowsy_after = 5\n");
    row("missing value", "[timers]\ndrowsy_after =\n");
    row("key twice", "[timers]\ndrowsy_after = 5\ndrowsy_after = 6\n");
    row("section twice", "[timers]\n[sleep]\n[timers]\n");
    row("not UTF-8", "[timers]\n# \xFF\n");
    row("a section of that name", "[timers.drowsy_after]\nx = 1\n");
    row("dots below that name", "timers.drowsy_after.x = 1\n");
    row("sections of that name", "[[timers]]\ndrowsy_after = 5\n");
    row("a number for the section", "timers = 5\n");
    row("a list for the section", "timers = [1]\n");
    row("an escape in the key", "[timers]\n\"drowsy\\u005Fafter\" = 5\n");
    row("no key", "", u""_s);
    row("a key with a gap", "", u"timers..tick"_s);
    row("a key with a line end", "", u"timers.tick\n"_s);
    row("a key with a space", "", u"timers.drowsy after"_s);
}

void TestTomlEdit::whatIsNotSafeIsRefused()
{
    QFETCH(QByteArray, text);
    QFETCH(QString, key);
    for (const QByteArray &value : {QByteArray("7"), QByteArray("\"7m\"")}) {
        const auto edited = editToml(text, key, value);
        QVERIFY2(!edited.ok(), edited.ok() ? edited.value().constData() : "");
        QCOMPARE(edited.error().code, ErrorCode::Malformed);
        QVERIFY(!edited.error().message.isEmpty());
    }
}

void TestTomlEdit::theValueMustBeOneValue_data()
{
    QTest::addColumn<QByteArray>("value");
    for (const char *value :
         {"5m", "5 # comment", "5\n", "5\ntick = 1", "\"\"\"\n\"\"\"", "\"open", " ", "#", "[1", "1, 2", "5\r", " 5", "5 "})
        QTest::newRow(value) << QByteArray(value);
}

/// A value that brought lines of its own with it would write what nobody asked for.
void TestTomlEdit::theValueMustBeOneValue()
{
    QFETCH(QByteArray, value);
    const auto edited = editToml("[timers]\ntick = 3\n", u"timers.tick"_s, value);
    QVERIFY(!edited.ok());
    QCOMPARE(edited.error().code, ErrorCode::Malformed);
}

namespace {

const QStringList kKeys{u"timers.drowsy_after"_s, u"timers.sleep_after"_s,     u"timers.tick"_s,
                        u"timers.stale_after"_s,  u"lifecycle.presence"_s,     u"sleep.require_ac"_s,
                        u"sleep.strikes"_s,       u"timers.hibernate_after"_s, u"control.connections_max"_s};
const std::vector<std::pair<QByteArray, QString>> kValues{
    {"5", u"5"_s}, {"\"5m\"", u"5m"_s}, {"true", u"true"_s}, {"'a = [b] # c'", u"a = [b] # c"_s}, {"\"\\\"\"", u"\""_s}};

/// How many bytes both have alike at the beginning and, of the rest, at the end.
std::pair<qsizetype, qsizetype> alike(const QByteArray &a, const QByteArray &b)
{
    const qsizetype shorter = std::min(a.size(), b.size());
    qsizetype head = 0;
    while (head < shorter && a.at(head) == b.at(head))
        ++head;
    qsizetype tail = 0;
    while (tail < shorter - head && a.at(a.size() - 1 - tail) == b.at(b.size() - 1 - tail))
        ++tail;
    return {head, tail};
}

} // namespace

void TestTomlEdit::aRandomReplacementTouchesTheValueOnly()
{
    int replaced = 0;
    for (quint32 seed = 1; seed <= 400; ++seed) {
        RandomDocument document(seed);
        const QString key = kKeys.at(document.random().bounded(int(kKeys.size())));
        const auto &[value, meaning] = kValues.at(document.random().bounded(quint32(kValues.size())));
        const QString before = valueOf(document.text(), key);
        const auto edited = editToml(document.text(), key, value);
        QVERIFY2(edited.ok(), document.text().constData());
        QCOMPARE(valueOf(edited.value(), key), meaning);
        if (before.isEmpty() || before == meaning)
            continue;
        ++replaced;
        const auto [head, tail] = alike(document.text(), edited.value());
        const QByteArray gone = document.text().sliced(head, document.text().size() - head - tail);
        const QByteArray come = edited.value().sliced(head, edited.value().size() - head - tail);
        QVERIFY2(!gone.contains('\n') && !gone.contains('#'), gone.constData());
        QVERIFY2(value.contains(come), come.constData());
        // There and back again.
        const auto back = editToml(edited.value(), key, value);
        QVERIFY(back.ok());
        QCOMPARE(back.value(), edited.value());
    }
    QVERIFY(replaced > 50);
}

void TestTomlEdit::aRandomAdditionAddsOneLine()
{
    int added = 0;
    for (quint32 seed = 1; seed <= 400; ++seed) {
        RandomDocument document(seed);
        const QString key = kKeys.at(document.random().bounded(int(kKeys.size())));
        const auto &[value, meaning] = kValues.at(document.random().bounded(quint32(kValues.size())));
        if (!valueOf(document.text(), key).isEmpty())
            continue;
        ++added;
        const auto edited = editToml(document.text(), key, value);
        QVERIFY2(edited.ok(), document.text().constData());
        QCOMPARE(valueOf(edited.value(), key), meaning);
        const auto [head, tail] = alike(document.text(), edited.value());
        QCOMPARE(head + tail, document.text().size()); // nothing went
        // Taking it away again leaves what there was, but for a section and a line end that it had to bring along.
        const auto back = editToml(edited.value(), key, {});
        QVERIFY(back.ok());
        QVERIFY2(back.value().startsWith(document.text()) || back.value() == document.text(), back.value().constData());
        const QByteArray left = back.value().mid(document.text().size()).trimmed();
        QVERIFY2(left.isEmpty() || left == '[' + key.section(u'.', 0, 0).toUtf8() + ']', left.constData());
    }
    QVERIFY(added > 50);
}

void TestTomlEdit::aRandomRemovalTakesOneLine()
{
    int removed = 0;
    for (quint32 seed = 1; seed <= 400; ++seed) {
        RandomDocument document(seed);
        const QString key = kKeys.at(document.random().bounded(int(kKeys.size())));
        if (valueOf(document.text(), key).isEmpty())
            continue;
        ++removed;
        const auto edited = editToml(document.text(), key, {});
        QVERIFY2(edited.ok(), document.text().constData());
        QVERIFY(valueOf(edited.value(), key).isEmpty());
        QByteArrayList lines = document.text().split('\n');
        const QByteArrayList left = edited.value().split('\n');
        qsizetype differs = 0;
        while (differs < left.size() && lines.at(differs) == left.at(differs))
            ++differs;
        const bool isLast = differs == left.size() - 1 && left.last().isEmpty() && differs == lines.size() - 1;
        QVERIFY2(lines.at(differs).contains(key.section(u'.', 1).toUtf8()), lines.at(differs).constData());
        lines.replace(differs, "");
        if (!isLast)
            lines.removeAt(differs);
        QCOMPARE(left, lines);
    }
    QVERIFY(removed > 50);
}

/// Whatever stands in the file: an answer that the parser takes, with the key set, or a refusal; never a crash.
void TestTomlEdit::anyBytesAreTakenOrRefused()
{
    QRandomGenerator random(20240807);
    const QByteArrayList pieces{"[",           "]",
                                "{",           "}",
                                "=",           ".",
                                ",",           "\"",
                                "'",           "\"\"\"",
                                "'''",         "\n",
                                "\r\n",        "#",
                                "\\",          " ",
                                "timers",      "drowsy_after",
                                "5",           "a",
                                "[timers]\n",  "drowsy_after = 5\n",
                                "x = [\n1]\n", "b = {c = 1}\n"};
    int taken = 0;
    for (int round = 0; round < 20'000; ++round) {
        QByteArray text;
        for (int i = random.bounded(12); i >= 0; --i)
            text += pieces.at(random.bounded(int(pieces.size())));
        for (const QByteArray &value : {QByteArray("7"), QByteArray()}) {
            const auto edited = editToml(text, u"timers.drowsy_after"_s, value);
            if (!edited.ok())
                continue;
            ++taken;
            QCOMPARE(valueOf(edited.value(), u"timers.drowsy_after"_s).toUtf8(), value);
        }
    }
    QVERIFY(taken > 500);
}

QTEST_GUILESS_MAIN(TestTomlEdit)
#include "tst_tomledit.moc"
