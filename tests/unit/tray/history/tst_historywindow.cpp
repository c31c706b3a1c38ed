// SPDX-License-Identifier: MIT
#include "tests/support/fakeclock.h"
#include "tests/unit/tray/history/historyroot.h"
#include "tray/history/historyexport.h"
#include "tray/history/historytext.h"
#include "tray/history/historywindow.h"
#include "tray/history/stripwidget.h"

#include <QAbstractButton>
#include <QAccessible>
#include <QFileDialog>
#include <QHelpEvent>
#include <QImage>
#include <QLabel>
#include <QSignalSpy>
#include <QToolTip>
#include <QtTest>

using namespace dormouse;
using namespace dormouse::test;
using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

/// The window as a person meets it: by mouse, by keys, by ear.
class TestHistoryWindow : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();
    void theButtonsAndKeysChooseTheRange();
    void theStripIsWalkedByKeys();
    void theMouseTellsWhatItPointsAt();
    void theSumsAreShown();
    void anEmptyLogSaysSo();
    void theStateNowClosesTheStrip();
    void itReadsAtMostOnceASecond();
    void thePictureHasItsSize();
    void theTableIsWritten();
    void aFailedExportIsTold();
    void theDialogIsNoTrap();
    void everythingHasAName();
    void timeRunsFromLeftToRightEverywhere();
    void aSelectionOutlivesANewReading();

private:
    [[nodiscard]] StripWidget *strip() const { return m_window->findChild<StripWidget *>(); }
    [[nodiscard]] QString text(const QString &name) const { return m_window->findChild<QLabel *>(name)->text(); }
    [[nodiscard]] WallTime now() const { return m_clock.now().wall; }
    void open();
    void press(int key) { QTest::keyClick(strip(), Qt::Key(key)); }

    FakeClock m_clock;
    std::unique_ptr<HistoryRoot> m_root;
    std::unique_ptr<HistoryWindow> m_window;
    std::unique_ptr<QSignalSpy> m_shown;
};

void TestHistoryWindow::initTestCase()
{
    QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedKingdom));
}

void TestHistoryWindow::init()
{
    m_root = std::make_unique<HistoryRoot>();
    m_clock = FakeClock();
    m_clock.advance(10h); // mid-morning, UTC
    // Twelve hours awake, six drowsy, six asleep until two hours ago, and awake since; before, the same as hibernation.
    QVERIFY(m_root->write({moved(now() - 20 * 24h, State::Wake, State::Hibernation),
                           moved(now() - 26h, State::Hibernation, State::Wake), moved(now() - 14h, State::Wake, State::Drowsy),
                           moved(now() - 8h, State::Drowsy, State::Sleep), moved(now() - 2h, State::Sleep, State::Wake),
                           LogEntry{now() - 2h + 4s, logkind::kServiceReady, {{u"service"_s, u"ollama"_s}}}}));
    m_window = std::make_unique<HistoryWindow>(m_root->paths(), m_clock);
    m_window->setCurrent(State::Wake);
    m_shown = std::make_unique<QSignalSpy>(m_window.get(), &HistoryWindow::shown);
}

void TestHistoryWindow::cleanup()
{
    m_window.reset();
    QApplication::setLayoutDirection(Qt::LeftToRight);
}

void TestHistoryWindow::open()
{
    m_window->resize(960, 800);
    m_window->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_window.get()));
    QTRY_COMPARE(m_shown->size(), 1);
}

void TestHistoryWindow::theButtonsAndKeysChooseTheRange()
{
    open();
    QCOMPARE(strip()->content().range, HistoryRange::Day);
    const auto isChosen = [this](const QString &name) { return m_window->findChild<QAbstractButton *>(name)->isChecked(); };
    QVERIFY(isChosen(u"range1"_s));
    const std::array expected{std::tuple(Qt::Key_2, HistoryRange::Week, std::size_t{7}),
                              std::tuple(Qt::Key_3, HistoryRange::Month, std::size_t{30}),
                              std::tuple(Qt::Key_1, HistoryRange::Day, std::size_t{1})};
    for (const auto &[key, range, rows] : expected) {
        press(key);
        QTRY_COMPARE(strip()->content().range, range);
        QCOMPARE(strip()->content().rows.size(), rows);
        const QString name = u"range"_s + QString::number(key - Qt::Key_0);
        QVERIFY(isChosen(name));
    }
    m_window->findChild<QAbstractButton *>(u"range3"_s)->click();
    QTRY_COMPARE(strip()->content().range, HistoryRange::Month);
    for (const QString &name : {u"range1"_s, u"range2"_s, u"range3"_s})
        QVERIFY(m_window->findChild<QAbstractButton *>(name)->text().contains(u'&'));
}

void TestHistoryWindow::theStripIsWalkedByKeys()
{
    open();
    strip()->setFocus();
    const QStringList expected{u"Awake"_s, u"Asleep"_s, u"Drowsy"_s, u"Awake"_s, u"Awake"_s};
    QAccessibleInterface *face = QAccessible::queryAccessibleInterface(strip());
    QVERIFY(face);
    for (const QString &state : expected) {
        press(Qt::Key_Left);
        QVERIFY2(text(u"details"_s).startsWith(state), qPrintable(text(u"details"_s)));
        QCOMPARE(face->text(QAccessible::Description), text(u"details"_s)); // who listens hears what others read
    }
    press(Qt::Key_End);
    QVERIFY(text(u"details"_s).contains(u"2 h"_s));
    press(Qt::Key_Home);
    QVERIFY(text(u"details"_s).contains(u"10 h"_s));
    press(Qt::Key_Right);
    QVERIFY(text(u"details"_s).startsWith(u"Drowsy"_s));
}

void TestHistoryWindow::theMouseTellsWhatItPointsAt()
{
    open();
    const QRect row = strip()->stripGeometry().rowRect(0);
    const auto at = [&row](double hoursAgo) { return QPoint(row.right() - int(row.width() * hoursAgo / 24), row.center().y()); };
    QTest::mouseMove(strip(), at(5));
    QTRY_VERIFY(text(u"details"_s).startsWith(u"Asleep"_s));
    QHelpEvent help(QEvent::ToolTip, at(10), strip()->mapToGlobal(at(10)));
    QApplication::sendEvent(strip(), &help);
    QVERIFY2(QToolTip::text().startsWith(u"Drowsy"_s), qPrintable(QToolTip::text()));
    QToolTip::hideText();
    QTest::mouseClick(strip(), Qt::LeftButton, {}, at(10));
    QTest::mouseMove(strip(), QPoint(2, 2));
    QTRY_VERIFY(text(u"details"_s).startsWith(u"Drowsy"_s)); // stays selected
}

void TestHistoryWindow::theSumsAreShown()
{
    open();
    QCOMPARE(text(u"time_WAKE"_s), u"12 h"_s);
    QCOMPARE(text(u"percent_WAKE"_s), u"50.0 %"_s);
    QCOMPARE(text(u"time_SLEEP"_s), u"6 h"_s);
    QCOMPARE(text(u"time_HIBERNATION"_s), u"–"_s);
    QCOMPARE(text(u"wakes"_s), u"1"_s);
    QCOMPARE(text(u"ready"_s), u"4.0 s"_s);
    QVERIFY(text(u"status"_s).isEmpty());
}

void TestHistoryWindow::anEmptyLogSaysSo()
{
    m_window = std::make_unique<HistoryWindow>(RootPaths{m_root->at(u"empty"_s)}, m_clock);
    m_shown = std::make_unique<QSignalSpy>(m_window.get(), &HistoryWindow::shown);
    open();
    QVERIFY(text(u"details"_s).contains(u"Nothing has been recorded"_s));
    QCOMPARE(strip()->accessibleDescription(), text(u"details"_s));
    for (const int key : {Qt::Key_Left, Qt::Key_Right, Qt::Key_Up, Qt::Key_Home})
        press(key); // nowhere to go, nothing to crash
    QVERIFY(!m_window->findChild<QAbstractButton *>(u"exportImage"_s)->isEnabled());
    QVERIFY(!strip()->grab().isNull());
}

void TestHistoryWindow::theStateNowClosesTheStrip()
{
    open();
    QCOMPARE(strip()->content().history.spans.back().state, std::optional(State::Wake));
    m_window->setCurrent(std::nullopt); // the agent is gone, without a word
    QTRY_COMPARE(m_shown->size(), 2);
    QCOMPARE(strip()->content().history.spans.back().state, std::optional<State>());
}

void TestHistoryWindow::itReadsAtMostOnceASecond()
{
    open();
    QElapsedTimer time;
    time.start();
    for (int i = 0; i < 50; ++i)
        m_window->setCurrent(i % 2 == 0 ? State::Drowsy : State::Wake);
    QTRY_COMPARE(m_shown->size(), 2);
    QVERIFY(time.elapsed() >= 900); // all 50 in one reading, a second after the last
    m_window->hide();
    m_window->setCurrent(State::Drowsy);
    QVERIFY(!m_shown->wait(1200)); // nobody looks
}

void TestHistoryWindow::thePictureHasItsSize()
{
    open();
    for (const HistoryRange range : kAllRanges) {
        m_window->showRange(range);
        QTRY_COMPARE(strip()->content().range, range);
        const QString path = m_root->at(u"picture.png"_s);
        const Result<void> saved = m_window->exportImage(path);
        QVERIFY2(saved.ok(), saved ? "" : qPrintable(saved.error().text()));
        const QImage image(path);
        const QSize size = historyImageSize(strip()->content(), m_window->font());
        QCOMPARE(image.size(), size * 2);
        // The bars and their legend are in it, as the screen has them.
        int awake = 0;
        const QRgb colour = stripColours(m_window->palette()).awake.rgb();
        for (int y = 0; y < image.height(); ++y) {
            for (int x = 0; x < image.width(); ++x)
                awake += image.pixel(x, y) == colour ? 1 : 0;
        }
        QVERIFY(awake > 500);
    }
}

void TestHistoryWindow::theTableIsWritten()
{
    open();
    const QString path = m_root->at(u"table.csv"_s);
    QVERIFY(m_window->exportTable(path).ok());
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QByteArrayList lines = file.readAll().split('\n');
    QCOMPARE(lines.size(), 6); // heading, four spans, and the end
    QCOMPARE(lines.first(), QByteArray("from,to,state,duration_sec"));
    QCOMPARE(lines.at(4), QString(formatTimestamp(now() - 2h) + u',' + formatTimestamp(now()) + u",WAKE,7200.000"_s).toLatin1());
}

void TestHistoryWindow::aFailedExportIsTold()
{
    QCOMPARE(m_window->exportTable(m_root->at(u"early.csv"_s)).error().code, ErrorCode::Unavailable);
    open();
    QVERIFY(!m_window->exportTable(m_root->at(u"no/such/folder.csv"_s)).ok());
    QVERIFY(!m_window->exportImage(m_root->at(u"no/such/folder.png"_s)).ok());
}

void TestHistoryWindow::theDialogIsNoTrap()
{
    QApplication::setAttribute(Qt::AA_DontUseNativeDialogs);
    open();
    m_window->findChild<QAbstractButton *>(u"exportTable"_s)->click(); // comes back at once
    auto *dialog = m_window->findChild<QFileDialog *>();
    QVERIFY(dialog);
    QTRY_VERIFY(dialog->isVisible());
    QCOMPARE(dialog->acceptMode(), QFileDialog::AcceptSave);
    const QString path = m_root->at(u"chosen.csv"_s);
    Q_EMIT dialog->fileSelected(path);
    QVERIFY(QFile::exists(path));
    QVERIFY(text(u"status"_s).contains(path));
    Q_EMIT dialog->fileSelected(m_root->at(u"no/such/folder.csv"_s));
    QVERIFY(text(u"status"_s).startsWith(u"Not saved"_s));
    dialog->close();
}

void TestHistoryWindow::everythingHasAName()
{
    open();
    int reached = 0;
    for (QWidget *widget : m_window->findChildren<QWidget *>()) {
        if (!(widget->focusPolicy() & Qt::TabFocus) || !widget->isVisible())
            continue;
        ++reached;
        QAccessibleInterface *face = QAccessible::queryAccessibleInterface(widget);
        QVERIFY2(face && !face->text(QAccessible::Name).isEmpty(), widget->metaObject()->className());
    }
    QCOMPARE(reached, 6); // three ranges, two exports, the strip
}

void TestHistoryWindow::timeRunsFromLeftToRightEverywhere()
{
    QApplication::setLayoutDirection(Qt::RightToLeft);
    open();
    m_window->showRange(HistoryRange::Week);
    QTRY_COMPARE(strip()->content().range, HistoryRange::Week);
    const StripGeometry &geometry = strip()->stripGeometry();
    QVERIFY(geometry.labelRect(0).left() > geometry.plot.right()); // the days' names stand where lines begin
    QVERIFY(strip()->rect().contains(geometry.labelRect(0)));
    press(Qt::Key_End);
    const QString latest = text(u"details"_s);
    QVERIFY(latest.startsWith(u"Awake"_s));
    press(Qt::Key_Left);
    QVERIFY(text(u"details"_s).startsWith(u"Asleep"_s)); // left is earlier
    QVERIFY(m_window->findChild<QWidget *>(u"range1"_s)->x() > m_window->findChild<QWidget *>(u"exportImage"_s)->x());
}

void TestHistoryWindow::aSelectionOutlivesANewReading()
{
    open();
    press(Qt::Key_End);
    press(Qt::Key_Left);
    const QString before = text(u"details"_s);
    QVERIFY(before.startsWith(u"Asleep"_s));
    m_clock.advance(5min);
    QTest::keyClick(strip(), Qt::Key_F5);
    QTRY_COMPARE(m_shown->size(), 2);
    QCOMPARE(text(u"details"_s), before);
    m_window->resize(700, 700);
    QTRY_VERIFY(strip()->width() < 700);
    QCOMPARE(text(u"details"_s), before);
}

QTEST_MAIN(TestHistoryWindow)
#include "tst_historywindow.moc"
