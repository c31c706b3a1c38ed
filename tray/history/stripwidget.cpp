// SPDX-License-Identifier: MIT
#include "tray/history/stripwidget.h"

#include "tray/history/historytext.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QPainter>
#include <QToolTip>

namespace dormouse {

StripWidget::StripWidget(QWidget *parent) : QWidget(parent)
{
    setObjectName(QLatin1StringView("strip"));
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
    setAccessibleName(tr("Strip of states"));
    tellDetails();
}

void StripWidget::setContent(StripContent content)
{
    std::optional<HistorySpan> selected;
    if (m_selected)
        selected = m_content.history.spans.at(m_layout.segments().at(*m_selected).span);
    m_content = std::move(content);
    m_selected.reset();
    m_pointed.reset();
    arrange();
    for (std::size_t i = 0; selected && i < m_layout.segments().size(); ++i) {
        const HistorySpan &span = m_content.history.spans[m_layout.segments()[i].span];
        if (span.from == selected->from && span.state == selected->state) {
            m_selected = i;
            break;
        }
    }
    updateGeometry();
    tellDetails();
    update();
}

QFont StripWidget::smallFont() const
{
    QFont small = font();
    if (small.pointSizeF() > 0)
        small.setPointSizeF(std::max(small.pointSizeF() * 0.88, 7.0));
    return small;
}

void StripWidget::arrange()
{
    const int rows = static_cast<int>(m_content.rows.size());
    m_geometry = StripGeometry::fitted(rect(), rows, labelWidth(m_content, smallFont()), smallFont(), layoutDirection());
    const StripLayout before = std::exchange(m_layout, StripLayout(m_content.history, m_content.rows, m_geometry.plot.width()));
    const auto moved = [this, &before](std::optional<std::size_t> segment) -> std::optional<std::size_t> {
        for (std::size_t i = 0; segment && *segment < before.segments().size() && i < m_layout.segments().size(); ++i) {
            if (m_layout.segments()[i].span == before.segments()[*segment].span)
                return i;
        }
        return std::nullopt;
    };
    m_selected = moved(m_selected);
    m_pointed.reset();
}

QString StripWidget::textOf(std::size_t segment) const
{
    return historytext::details(m_content.history, m_layout.segments().at(segment), m_content.zone);
}

QString StripWidget::details() const
{
    if (m_content.rows.empty())
        return {};
    if (m_layout.segments().empty())
        return historytext::nothingYet().replace(QLatin1Char('\n'), QLatin1Char(' '));
    if (const std::optional<std::size_t> shown = m_pointed ? m_pointed : m_selected)
        return textOf(*shown);
    return tr("Point at a stretch, or walk with the arrow keys, to read about it.");
}

/// The description alone is not read out while the focus stays where it is; a change of it is.
void StripWidget::tellDetails()
{
    const QString text = details();
    if (m_details == text)
        return;
    m_details = text;
    setAccessibleDescription(text);
    Q_EMIT detailsChanged(text);
}

QSize StripWidget::sizeHint() const
{
    const int rows = std::max(static_cast<int>(m_content.rows.size()), 1);
    return {760, StripGeometry::bestHeight(rows, smallFont())};
}

QSize StripWidget::minimumSizeHint() const
{
    const int rows = std::max(static_cast<int>(m_content.rows.size()), 1);
    return {360, StripGeometry::leastHeight(rows, smallFont())};
}

bool StripWidget::event(QEvent *event)
{
    if (event->type() != QEvent::ToolTip)
        return QWidget::event(event);
    const auto *help = static_cast<QHelpEvent *>(event);
    if (const std::optional<std::size_t> segment = segmentAt(help->pos()))
        QToolTip::showText(help->globalPos(), textOf(*segment), this);
    else
        QToolTip::hideText();
    return true;
}

void StripWidget::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setFont(smallFont());
    const StripColours colours = stripColours(palette());
    paintStrip(painter, m_content, m_layout, m_geometry, colours, m_pointed ? m_pointed : m_selected);
    if (!hasFocus())
        return;
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(palette().color(QPalette::Highlight), 2));
    painter.setBrush(Qt::NoBrush);
    painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), 10, 10);
}

void StripWidget::resizeEvent(QResizeEvent *)
{
    arrange();
    tellDetails();
}

void StripWidget::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::FontChange || event->type() == QEvent::LayoutDirectionChange) {
        arrange();
        updateGeometry();
        update();
    }
}

std::optional<std::size_t> StripWidget::segmentAt(QPoint position) const
{
    const std::optional<int> row = m_geometry.rowAt(position.y());
    return row ? m_layout.segmentAt(*row, position.x() - m_geometry.plot.left()) : std::nullopt;
}

std::optional<std::size_t> StripWidget::afterKey(int key) const
{
    const std::size_t last = m_layout.segments().size() - 1;
    const std::size_t from = m_selected.value_or(last);
    switch (key) {
    case Qt::Key_Left: return m_selected ? m_layout.neighbour(from, -1) : last;
    case Qt::Key_Right: return m_selected ? m_layout.neighbour(from, 1) : last;
    case Qt::Key_Up: return m_selected ? m_layout.neighbourRow(from, -1) : last;
    case Qt::Key_Down: return m_selected ? m_layout.neighbourRow(from, 1) : last;
    case Qt::Key_Home: return 0;
    case Qt::Key_End: return last;
    default: return std::nullopt;
    }
}

void StripWidget::keyPressEvent(QKeyEvent *event)
{
    const std::optional<std::size_t> next = m_layout.segments().empty() ? std::nullopt : afterKey(event->key());
    if (!next) {
        QWidget::keyPressEvent(event);
        return;
    }
    m_pointed.reset(); // the keys have the last word while the mouse rests
    select(next);
}

void StripWidget::select(std::optional<std::size_t> segment)
{
    m_selected = segment;
    tellDetails();
    update();
}

void StripWidget::point(std::optional<std::size_t> segment)
{
    if (m_pointed == segment)
        return;
    m_pointed = segment;
    tellDetails();
    update();
}

void StripWidget::mouseMoveEvent(QMouseEvent *event)
{
    point(segmentAt(event->position().toPoint()));
}

void StripWidget::mousePressEvent(QMouseEvent *event)
{
    select(segmentAt(event->position().toPoint()));
}

void StripWidget::leaveEvent(QEvent *)
{
    point(std::nullopt);
}

void StripWidget::focusInEvent(QFocusEvent *event)
{
    QWidget::focusInEvent(event);
    update();
}

} // namespace dormouse
