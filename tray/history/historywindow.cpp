// SPDX-License-Identifier: MIT
#include "tray/history/historywindow.h"

#include "tray/history/historyexport.h"
#include "tray/history/historypage.h"
#include "tray/history/historyreader.h"
#include "tray/history/stripwidget.h"
#include "tray/history/summarypanel.h"

#include <QFileDialog>
#include <QKeyEvent>
#include <QLabel>
#include <QScreen>
#include <QTimer>
#include <QToolButton>

#include <functional>

namespace dormouse {

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

/// What the window does with its page: asks, shows, exports.
class HistoryWindow::Impl
{
public:
    Impl(HistoryWindow &window, RootPaths paths, const Clock &clock);

    void showRange(HistoryRange range);
    void setCurrent(std::optional<State> state);
    void readSoon();
    void read();
    [[nodiscard]] Result<void> exportImage(const QString &path) const;
    [[nodiscard]] Result<void> exportTable(const QString &path) const;
    [[nodiscard]] HistoryRange range() const { return m_range; }

private:
    using Save = Result<void> (Impl::*)(const QString &) const;
    void connectPage();
    void show(const HistoryQuestion &question, const History &history);
    void askForPath(const QString &title, const QString &filter, const QString &suffix, Save save);
    void tell(const Result<void> &saved, const QString &path);

    HistoryWindow &m_window;
    RootPaths m_paths;
    const Clock &m_clock;
    HistoryPage m_page;
    HistoryReader m_reader;
    QTimer m_soon;
    HistoryRange m_range = HistoryRange::Day;
    std::vector<StripRow> m_rows; ///< of the question under way
    std::optional<State> m_current;
    std::optional<AwakeTime> m_readAt;
};

HistoryWindow::Impl::Impl(HistoryWindow &window, RootPaths paths, const Clock &clock)
    : m_window(window), m_paths(std::move(paths)), m_clock(clock), m_page(window)
{
    m_soon.setSingleShot(true);
    connectPage();
    m_page.setRange(m_range);
}

void HistoryWindow::Impl::connectPage()
{
    for (std::size_t i = 0; i < kAllRanges.size(); ++i)
        QObject::connect(m_page.rangeButtons[i], &QToolButton::clicked, &m_window, [this, i] { showRange(kAllRanges[i]); });
    QObject::connect(m_page.imageButton, &QToolButton::clicked, &m_window, [this] {
        askForPath(HistoryWindow::tr("Save as picture"), HistoryWindow::tr("Pictures (*.png)"), u"png"_s, &Impl::exportImage);
    });
    QObject::connect(m_page.tableButton, &QToolButton::clicked, &m_window, [this] {
        askForPath(HistoryWindow::tr("Save as table"), HistoryWindow::tr("Tables (*.csv)"), u"csv"_s, &Impl::exportTable);
    });
    QObject::connect(m_page.strip, &StripWidget::detailsChanged, m_page.details, &QLabel::setText);
    QObject::connect(&m_soon, &QTimer::timeout, &m_window, [this] { read(); });
    QObject::connect(&m_reader, &HistoryReader::answered, &m_window,
                     [this](const HistoryQuestion &question, const History &history) { show(question, history); });
    QObject::connect(&m_reader, &HistoryReader::progressed, &m_window, [this](int percent) {
        m_page.status->setText(HistoryWindow::tr("Reading the event log… %1 %").arg(QLocale().toString(percent)));
    });
}

void HistoryWindow::Impl::showRange(HistoryRange range)
{
    m_range = range;
    m_page.setRange(range);
    read();
}

void HistoryWindow::Impl::setCurrent(std::optional<State> state)
{
    m_current = state;
    if (m_window.isVisible())
        readSoon();
}

void HistoryWindow::Impl::readSoon()
{
    if (m_soon.isActive())
        return;
    const Millis since = m_readAt ? m_clock.now().awake - *m_readAt : Millis(1s);
    m_soon.start(std::clamp<Millis>(1s - since, 0ms, 1s));
}

void HistoryWindow::Impl::read()
{
    m_soon.stop();
    const Instants now = m_clock.now();
    m_readAt = now.awake;
    m_rows = stripRows(m_range, now.wall, QTimeZone::systemTimeZone());
    m_page.status->setText(HistoryWindow::tr("Reading the event log…"));
    m_reader.ask({m_paths.logs(), m_rows.front().scale.from(), now.wall, m_current});
}

void HistoryWindow::Impl::show(const HistoryQuestion &question, const History &history)
{
    m_page.status->clear();
    m_page.summary->setSummary(summarized(history));
    m_page.strip->setContent({m_range, question.since, question.until, QTimeZone::systemTimeZone(), m_rows, history});
    m_page.details->setText(m_page.strip->details());
    for (QToolButton *button : {m_page.imageButton, m_page.tableButton})
        button->setEnabled(!history.spans.empty());
    Q_EMIT m_window.shown();
}

Result<void> HistoryWindow::Impl::exportImage(const QString &path) const
{
    if (m_page.strip->content().rows.empty())
        return Error{ErrorCode::Unavailable, HistoryWindow::tr("nothing has been read yet"), path};
    return saveHistoryImage(
        historyImage(m_page.strip->content(), m_window.palette(), m_window.font(), m_window.layoutDirection()), path);
}

Result<void> HistoryWindow::Impl::exportTable(const QString &path) const
{
    if (m_page.strip->content().rows.empty())
        return Error{ErrorCode::Unavailable, HistoryWindow::tr("nothing has been read yet"), path};
    return saveHistoryCsv(m_page.strip->content().history, path);
}

void HistoryWindow::Impl::askForPath(const QString &title, const QString &filter, const QString &suffix, Save save)
{
    auto *dialog = new QFileDialog(&m_window, title, QString(), filter);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(suffix);
    dialog->selectFile(u"dormouse-history."_s + suffix);
    QObject::connect(dialog, &QFileDialog::fileSelected, &m_window,
                     [this, save](const QString &path) { tell((this->*save)(path), path); });
    dialog->open();
}

void HistoryWindow::Impl::tell(const Result<void> &saved, const QString &path)
{
    m_page.status->setText(saved ? HistoryWindow::tr("Saved: %1").arg(path)
                                 : HistoryWindow::tr("Not saved: %1").arg(saved.error().text()));
}

HistoryWindow::HistoryWindow(RootPaths paths, const Clock &clock, QWidget *parent) : QWidget(parent, Qt::Window)
{
    setWindowTitle(tr("Dormouse History"));
    setObjectName(u"historyWindow"_s);
    m_impl = std::make_unique<Impl>(*this, std::move(paths), clock);
    constexpr QSize kBest(960, 800);
    resize(kBest.boundedTo(screen()->availableSize() * 0.9));
}

HistoryWindow::~HistoryWindow() = default;

void HistoryWindow::setCurrent(std::optional<State> state)
{
    m_impl->setCurrent(state);
}

void HistoryWindow::showRange(HistoryRange range)
{
    m_impl->showRange(range);
}

Result<void> HistoryWindow::exportImage(const QString &path) const
{
    return m_impl->exportImage(path);
}

Result<void> HistoryWindow::exportTable(const QString &path) const
{
    return m_impl->exportTable(path);
}

void HistoryWindow::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    if (!event->spontaneous())
        m_impl->read();
}

void HistoryWindow::keyPressEvent(QKeyEvent *event)
{
    switch (event->key()) {
    case Qt::Key_1: showRange(HistoryRange::Day); break;
    case Qt::Key_2: showRange(HistoryRange::Week); break;
    case Qt::Key_3: showRange(HistoryRange::Month); break;
    case Qt::Key_F5: m_impl->read(); break;
    case Qt::Key_Escape: close(); break;
    default: QWidget::keyPressEvent(event);
    }
}

} // namespace dormouse
