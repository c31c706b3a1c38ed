// SPDX-License-Identifier: MIT
#include "shared/config/checkedconfiguration.h"

#include <QDir>
#include <QFile>
#include <QtTest>

using namespace dormouse;
using namespace Qt::Literals::StringLiterals;

namespace {

constexpr QLatin1StringView kSyntax{"not valid TOML: "};

QString dataFolder()
{
    return qEnvironmentVariable("DORMOUSE_SOURCE") + u"/tests/data/config/broken/"_s;
}

QByteArray contentOf(const QString &name)
{
    QFile file(dataFolder() + name);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

/// What follows the mark of a syntax error is the library's own text, known for one version of it.
QString comparable(const QString &line)
{
    const qsizetype at = line.indexOf(kSyntax);
    if (at < 0 || qEnvironmentVariable("DORMOUSE_TOMLPLUSPLUS").startsWith("3.3."_L1))
        return line;
    const qsizetype place = line.indexOf(u':') + 1; // its column, too
    return line.left(line.indexOf(u':', place)) + u' ' + kSyntax;
}

} // namespace

/// Each file of tests/data/config/broken with the words that a person reads about it, kept beside it in NAME.expected.
class TestConfigurationBroken : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void message_data();
    void message();
    void everyFileHasItsMessage();
};

void TestConfigurationBroken::message_data()
{
    QTest::addColumn<QString>("name");
    for (const QString &file : QDir(dataFolder()).entryList({u"*.toml"_s}, QDir::Files, QDir::Name))
        QTest::newRow(qPrintable(file)) << file.chopped(5);
}

void TestConfigurationBroken::message()
{
    QFETCH(const QString, name);
    const QByteArray text = contentOf(name + u".toml"_s);
    const CheckedConfiguration checked = checkConfiguration(text, UnitFolders());
    QStringList told;
    for (const ConfigurationFault &fault : checked.faults)
        told.append(comparable(locatedText(u"dormouse.toml"_s, fault)));
    QStringList expected;
    for (const QString &line : QString::fromUtf8(contentOf(name + u".expected"_s)).split(u'\n', Qt::SkipEmptyParts))
        expected.append(comparable(line));
    QVERIFY(!told.isEmpty());
    QCOMPARE(told.join(u'\n'), expected.join(u'\n'));

    const Result<Configuration> parsed = parseConfiguration(text, u"dormouse.toml"_s);
    QVERIFY(!parsed);
    QCOMPARE(parsed.error().code, ErrorCode::Configuration);
    QVERIFY2(comparable(parsed.error().text()).startsWith(expected.first()), qPrintable(parsed.error().text()));
}

void TestConfigurationBroken::everyFileHasItsMessage()
{
    const QDir folder(dataFolder());
    const auto files = folder.entryList({u"*.toml"_s}, QDir::Files);
    QVERIFY(files.size() >= 40);
    QCOMPARE(folder.entryList({u"*.expected"_s}, QDir::Files).size(), files.size());
}

QTEST_GUILESS_MAIN(TestConfigurationBroken)
#include "tst_configuration_broken.moc"
