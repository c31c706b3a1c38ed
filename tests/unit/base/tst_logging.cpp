// SPDX-License-Identifier: MIT
#include "shared/base/logging.h"

#include <QTemporaryFile>
#include <QtTest>

#include <unistd.h>

#include <functional>

using namespace dormouse;
using namespace Qt::Literals::StringLiterals;

namespace {

/// What `action` writes to stderr; Qt Test's own message handler is put back before anything is judged.
QByteArray stderrOf(const std::function<void()> &action)
{
    QTemporaryFile file;
    if (!file.open())
        return "no temporary file";
    const QtMessageHandler handler = qInstallMessageHandler(nullptr);
    const int kept = ::dup(STDERR_FILENO);
    ::dup2(file.handle(), STDERR_FILENO);
    action();
    ::dup2(kept, STDERR_FILENO);
    ::close(kept);
    qInstallMessageHandler(handler);
    file.seek(0);
    return file.readAll();
}

} // namespace

/// What a person greps when something went wrong: a line a message, in order, harmless on a terminal.
class TestLogging : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void oneLineWithTimeLevelAndArea();
    void levelsBelowAreSilent();
    void debugIsOursOnly();
    void foreignTextStaysOnItsLine();
    void unknownLevelIsRefused();
};

void TestLogging::oneLineWithTimeLevelAndArea()
{
    const QByteArray output = stderrOf([] {
        QVERIFY(installLogging(u"info"_s));
        qCInfo(lcLifecycle).noquote() << "WAKE → DROWSY";
    });
    const QRegularExpression shape(uR"(^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z info dormouse\.lifecycle: WAKE → DROWSY\n$)"_s);
    QVERIFY2(shape.match(QString::fromUtf8(output)).hasMatch(), output.constData());
}

void TestLogging::levelsBelowAreSilent()
{
    const QByteArray output = stderrOf([] {
        QVERIFY(installLogging(u"warning"_s));
        qCDebug(lcAgent) << "one";
        qCInfo(lcAgent) << "two";
        qCWarning(lcAgent) << "three";
        qCCritical(lcAgent) << "four";
    });
    QVERIFY2(!output.contains("one") && !output.contains("two"), output.constData());
    QVERIFY2(output.contains("warning dormouse.agent: three") && output.contains("critical dormouse.agent: four"),
             output.constData());
}

void TestLogging::debugIsOursOnly()
{
    const QByteArray output = stderrOf([] {
        QVERIFY(installLogging(u"debug"_s));
        qCDebug(lcSense) << "ours";
        qDebug() << "a library's";
    });
    QVERIFY2(output.contains("debug dormouse.sense: ours"), output.constData());
    QVERIFY2(!output.contains("library"), output.constData());
}

void TestLogging::foreignTextStaysOnItsLine()
{
    const QByteArray output = stderrOf([] {
        QVERIFY(installLogging(u"info"_s));
        qCWarning(lcControl).noquote() << u"name\n2026-01-01T00:00:00.000Z info dormouse.agent: forged \x1b[2J"_s;
        qCWarning(lcControl).noquote() << QString(100'000, u'x');
    });
    QCOMPARE(output.count('\n'), 2);
    QVERIFY(!output.contains('\x1b'));
    QVERIFY(output.size() < 10'000);
}

void TestLogging::unknownLevelIsRefused()
{
    QVERIFY(!installLogging(u"loud"_s));
    QVERIFY(!installLogging(QString()));
}

QTEST_GUILESS_MAIN(TestLogging)
#include "tst_logging.moc"
