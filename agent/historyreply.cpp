// SPDX-License-Identifier: MIT
#include "agent/historyreply.h"

#include "shared/records/history.h"
#include "shared/records/timestamp.h"
#include "shared/storage/eventlog.h"

#include <QJsonArray>

#include <algorithm>

namespace dormouse {

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

namespace {

QJsonArray transitionsToJson(const std::vector<HistoryTransition> &transitions, int limit, int offset)
{
    QJsonArray array;
    const auto total = static_cast<int>(transitions.size());
    const qint64 end = std::min<qint64>(total, qint64(offset) + limit);
    for (int i = offset; i < end; ++i) {
        const HistoryTransition &transition = transitions[static_cast<std::size_t>(i)];
        array.append(QJsonObject{{"ts"_L1, formatTimestamp(transition.at)},
                                 {"from"_L1, toString(transition.from)},
                                 {"to"_L1, toString(transition.to)},
                                 {"trigger"_L1, transition.trigger}});
    }
    return array;
}

} // namespace

QJsonObject historyFields(const QString &logFolder, const HistoryQuery &query, WallTime now, State current,
                          const std::atomic<bool> *isOver)
{
    const WallTime until = query.until.value_or(now);
    const WallTime since = query.since.value_or(until - 24h);
    HistoryBuilder builder(since, until);
    // To the end, even when `until` is past: what came later tells how long the last state before it went on.
    readHistory(logFolder, since, now + 1min, true, builder, isOver);
    const History history = builder.finish(current);

    QJsonObject secondsIn;
    for (auto item = history.timeIn.constBegin(); item != history.timeIn.constEnd(); ++item)
        secondsIn.insert(item.key(), double(item.value().count()) / 1000.0);
    QJsonArray wakeToReady;
    for (const Millis time : history.wakeToReady)
        wakeToReady.append(double(time.count()) / 1000.0);
    return {{"since"_L1, formatTimestamp(since)},
            {"until"_L1, formatTimestamp(until)},
            {"total"_L1, static_cast<qint64>(history.transitions.size())},
            {"transitions"_L1, transitionsToJson(history.transitions, query.limit, query.offset)},
            {"seconds"_L1, secondsIn},
            {"saved_gb_hours"_L1, history.savedGigabyteHours},
            {"wake_to_ready_sec"_L1, wakeToReady}};
}

} // namespace dormouse
