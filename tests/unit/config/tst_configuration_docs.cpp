// SPDX-License-Identifier: MIT
#include "shared/config/checkedconfiguration.h"
#include "shared/config/tablereader.h"

#include <QFile>
#include <QtTest>

using namespace dormouse;
using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int kCells = 5; // key, meaning, default, range, example

QString reference()
{
    QFile file(qEnvironmentVariable("DORMOUSE_SOURCE") + u"/docs/configuration.md"_s);
    return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
}

/// The cells of the row that explains `key`; empty when there is none.
QStringList rowOf(const QString &key)
{
    for (const QString &line : reference().split(u'\n')) {
        if (!line.startsWith(u"| `"_s + key + u"` |"))
            continue;
        QStringList cells;
        for (const QString &cell : line.split(u'|'))
            cells.append(cell.trimmed());
        return cells.mid(1, cells.size() - 2);
    }
    return {};
}

QString unticked(const QString &cell)
{
    return cell.startsWith(u'`') && cell.endsWith(u'`') ? cell.mid(1, cell.size() - 2) : QString();
}

/// A file in which the example of `key` stands at its place.
QString fileWith(const QString &key, const QString &example)
{
    const QString section = key.left(key.indexOf(u'.'));
    const QString word = example.left(example.indexOf(u' '));
    QString text;
    const auto unless = [&text](bool given, const QString &line) { text += given ? QString() : QString(line + u'\n'); };
    if (key.startsWith(u"sleep.step."_s)) {
        text = u"[[sleep.step]]\n"_s;
        unless(word == u"name"_s, u"name = \"x\""_s);
        unless(word == u"command"_s, u"command = [\"x\"]"_s);
    } else if (section == u"service"_s) {
        text = u"[[service]]\nname = \"database\"\ncommand = [\"x\"]\n[[service]]\n"_s;
        unless(word == u"name"_s, u"name = \"x\""_s);
        unless(word == u"command"_s || word == u"launchd"_s || word == u"systemd"_s, u"command = [\"x\"]"_s);
    } else {
        text = u'[' + section + u"]\n"_s;
    }
    return text + example + u'\n';
}

} // namespace

/// The reference is what people go by: it names every key, and what it says of each is true.
class TestConfigurationDocs : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyKeyIsExplained_data();
    void everyKeyIsExplained();
    void everyBlockIsAValidFile();
    void recipesSayWhatWasTried();
};

void TestConfigurationDocs::everyKeyIsExplained_data()
{
    QTest::addColumn<QString>("key");
    for (const QString &key : configurationKeys())
        QTest::newRow(qPrintable(key)) << key;
}

void TestConfigurationDocs::everyKeyIsExplained()
{
    QFETCH(const QString, key);
    const QStringList row = rowOf(key);
    QVERIFY2(row.size() == kCells, qPrintable(row.join(u'|')));
    QVERIFY(!row.contains(QString(u""_s)));

    const CheckedConfiguration example = checkConfiguration(fileWith(key, unticked(row.at(4))).toUtf8(), UnitFolders());
    QVERIFY2(example.faults.empty(), example.faults.empty() ? "" : qPrintable(example.faults.front().text));
    QVERIFY2(!(example.configuration == checkConfiguration("").configuration),
             qPrintable(row.at(4))); // an example shows a change

    const bool isSetting = settingKeys().contains(key) && key != u"env.NAME"_s;
    const bool hasDefault = row.at(2) != u"none"_s && row.at(2) != u"required"_s && row.at(2).startsWith(u'`');
    QVERIFY2(!isSetting || hasDefault, qPrintable(row.at(2)));
    if (!hasDefault)
        return;
    const QString word = key.mid(key.startsWith(u"sleep.step."_s) ? 11 : key.indexOf(u'.') + 1);
    const QString withDefault = fileWith(key, word + u" = "_s + unticked(row.at(2)));
    const QString without = fileWith(key, u"# nothing"_s);
    const CheckedConfiguration given = checkConfiguration(withDefault.toUtf8(), UnitFolders());
    const CheckedConfiguration omitted = checkConfiguration(without.toUtf8(), UnitFolders());
    QVERIFY2(given.faults.empty(), given.faults.empty() ? "" : qPrintable(given.faults.front().text));
    QVERIFY2(given.configuration == omitted.configuration, qPrintable(row.at(2)));
}

void TestConfigurationDocs::everyBlockIsAValidFile()
{
    const QStringList parts = reference().split(u"```toml\n"_s);
    QVERIFY(parts.size() > 5);
    for (qsizetype i = 1; i < parts.size(); ++i) {
        const QString block = parts.at(i).left(parts.at(i).indexOf(u"```"_s));
        const CheckedConfiguration checked = checkConfiguration(block.toUtf8(), UnitFolders());
        QVERIFY2(checked.faults.empty(), checked.faults.empty() ? "" : qPrintable(block + checked.faults.front().text));
        QVERIFY2(!crossFault(checked.configuration.settings, {}), qPrintable(block));
    }
}

void TestConfigurationDocs::recipesSayWhatWasTried()
{
    const QString text = reference();
    const qsizetype start = text.indexOf(u"\n## Recipes\n"_s);
    QVERIFY(start > 0);
    const QString recipes =
        text.mid(start + 4, text.indexOf(u"\n## "_s, start + 4) < 0 ? -1 : text.indexOf(u"\n## "_s, start + 4) - start - 4);
    const QStringList sections = recipes.split(u"\n### "_s).mid(1);
    QVERIFY(sections.size() >= 5);
    for (const QString &section : sections) {
        const QString mark = section.section(u'\n', 2, 2);
        QVERIFY2(mark.startsWith(u"*Written from its documentation, not tried.*"_s) || mark.startsWith(u"*Tried "_s),
                 qPrintable(section.left(200)));
    }
}

QTEST_GUILESS_MAIN(TestConfigurationDocs)
#include "tst_configuration_docs.moc"
