// SPDX-License-Identifier: MIT
#include "cli/historytext.h"

#include "cli/table.h"
#include "cli/times.h"
#include "shared/base/text.h"
#include "shared/records/timestamp.h"

#include <QJsonArray>

#include <algorithm>
#include <cmath>

namespace dormouse {
namespace {

using namespace Qt::Literals::StringLiterals;

constexpr QLatin1StringView kNotRunning{"not_running"};
constexpr int kBarWidth = 30;

double seconds(Millis duration)
{
    return std::chrono::duration<double>(duration).count();
}

/// The rows in their fixed order, whether there is time in them or not.
std::vector<std::pair<QString, Style>> rows()
{
    std::vector<std::pair<QString, Style>> result;
    for (const State state : kAllStates)
        result.emplace_back(toString(state), styleOf(state));
    result.emplace_back(kNotRunning, Style::Dim);
    return result;
}

QString stateTable(const History &history, const Palette &palette, bool bars)
{
    Millis whole{0};
    for (const Millis part : history.timeIn)
        whole += part;
    if (whole <= Millis(0))
        return u"nothing is known of this time\n"_s;
    Table table;
    for (const auto &[name, style] : rows()) {
        const Millis spent = history.timeIn.value(name);
        const double part = seconds(spent) / seconds(whole);
        std::vector<Cell> row{Cell{name == kNotRunning ? u"not running"_s : name, style},
                              Cell{formatDuration(spent), Style::Plain, true},
                              Cell{QString::number(part * 100, 'f', 1) + u" %"_s, Style::Plain, true}};
        if (bars)
            row.push_back(Cell{blockBar(part, kBarWidth), style});
        table.addRow(std::move(row));
    }
    return table.text(palette);
}

Millis median(std::vector<Millis> values)
{
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

/// "1.3 GB·h", "12 MB·h"; nothing for what nobody would notice.
QString savedText(double gigabyteHours)
{
    const double megabyteHours = gigabyteHours * 1000;
    if (megabyteHours < 0.5)
        return {};
    if (megabyteHours < 999.5)
        return QString::number(megabyteHours, 'f', 0) + u" MB·h"_s;
    return QString::number(gigabyteHours, 'f', gigabyteHours < 99.95 ? 1 : 0) + u" GB·h"_s;
}

QString readyText(const std::vector<Millis> &times)
{
    const QString middle = tookText(median(times));
    return times.size() == 1 ? middle : QString(middle + u" (median of "_s + QString::number(times.size()) + u" wakes)"_s);
}

QString gains(const History &history)
{
    QString text;
    if (const QString saved = savedText(history.savedGigabyteHours); !saved.isEmpty())
        text += u"Memory saved:   "_s + saved + u'\n';
    if (!history.wakeToReady.empty())
        text += u"Wake to ready:  "_s + readyText(history.wakeToReady) + u'\n';
    return text;
}

QString transitionTable(const History &history, const HistoryRange &range, const Palette &palette)
{
    Table table;
    for (const HistoryTransition &transition : history.transitions) {
        table.addRow({Cell{localTime(transition.at, range.now)}, Cell{toString(transition.from), styleOf(transition.from)},
                      Cell{u"→"_s}, Cell{toString(transition.to), styleOf(transition.to)},
                      Cell{sanitized(transition.trigger, 60), Style::Dim}});
    }
    return table.text(palette);
}

} // namespace

QString blockBar(double part, int width)
{
    if (part <= 0)
        return {};
    const int eighths = std::max(1, static_cast<int>(std::lround(std::min(part, 1.0) * width * 8)));
    QString bar(eighths / 8, QChar(0x2588));
    if (eighths % 8 != 0)
        bar += QChar(0x2590 - eighths % 8); // U+258F is one eighth, U+2589 seven
    return bar;
}

QString historyText(const History &history, const HistoryRange &range, const Palette &palette, bool bars)
{
    const QString since = localTime(range.since, range.now);
    const QString heading = range.until >= range.now ? QString(u"Since "_s + since)
                                                     : u"From %1 to %2"_s.arg(since, localTime(range.until, range.now));
    QString text = palette.paint(Style::Bold, heading) + u"\n\n"_s + stateTable(history, palette, bars);
    if (const QString gained = gains(history); !gained.isEmpty())
        text += u'\n' + gained;
    if (!history.transitions.empty())
        text += u'\n' + palette.paint(Style::Bold, u"Transitions"_s) + u'\n' + transitionTable(history, range, palette);
    return text;
}

QJsonObject historyJson(const History &history, const HistoryRange &range)
{
    QJsonArray transitions;
    for (const HistoryTransition &transition : history.transitions) {
        transitions.append(QJsonObject{{"ts"_L1, formatTimestamp(transition.at)},
                                       {"from"_L1, QString(toString(transition.from))},
                                       {"to"_L1, QString(toString(transition.to))},
                                       {"trigger"_L1, transition.trigger}});
    }
    QJsonObject inState;
    for (const auto &[name, style] : rows())
        inState.insert(name, seconds(history.timeIn.value(name)));
    QJsonArray ready;
    for (const Millis took : history.wakeToReady)
        ready.append(seconds(took));
    return {{"since"_L1, formatTimestamp(range.since)},
            {"until"_L1, formatTimestamp(range.until)},
            {"total"_L1, static_cast<qint64>(history.transitions.size())},
            {"transitions"_L1, transitions},
            {"seconds"_L1, inState},
            {"saved_gb_hours"_L1, history.savedGigabyteHours},
            {"wake_to_ready_sec"_L1, ready}};
}

QString historyCsv(const History &history)
{
    QString text = u"from,to,state,duration_sec\n"_s;
    for (const HistorySpan &span : history.spans) {
        const QLatin1StringView state = span.state ? toString(*span.state) : kNotRunning;
        const double lasted = std::chrono::duration<double>(span.to - span.from).count();
        text += formatTimestamp(span.from) + u',' + formatTimestamp(span.to) + u',' + state + u','
                + QString::number(lasted, 'f', 3) + u'\n';
    }
    return text;
}

} // namespace dormouse
