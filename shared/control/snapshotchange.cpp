// SPDX-License-Identifier: MIT
#include "shared/control/snapshot.h"

#include "shared/records/timestamp.h"

#include <chrono>

using namespace Qt::Literals::StringLiterals;

namespace dormouse {
namespace {

constexpr std::chrono::seconds kNextMoved{30};
constexpr auto kPauseMoved = std::chrono::seconds(1); // counted down on another clock than it is shown in

bool isUnit(QStringView word)
{
    static constexpr QLatin1StringView kUnits[] = {"ms"_L1, "s"_L1,  "min"_L1, "h"_L1,  "d"_L1,
                                                   "B"_L1,  "kB"_L1, "MB"_L1,  "GB"_L1, "TB"_L1};
    while (!word.isEmpty() && word.back().isPunct())
        word.chop(1);
    for (const QLatin1StringView unit : kUnits) {
        if (word == unit)
            return true;
    }
    return false;
}

/// The sentence without its figures: "last active 7 h 2 min ago" and "last active 45 s ago" say the same.
QString withoutFigures(const QString &sentence)
{
    QString result;
    result.reserve(sentence.size());
    bool afterNumber = false;
    for (const QStringView word : QStringView(sentence).split(u' ', Qt::SkipEmptyParts)) {
        if (afterNumber && isUnit(word))
            continue; // still after a number: "2 h 5 min"
        bool hasLetter = false;
        bool hasDigit = false;
        for (const QChar character : word) {
            hasLetter = hasLetter || character.isLetter();
            hasDigit = hasDigit || character.isDigit();
        }
        afterNumber = hasDigit && !hasLetter;
        if (afterNumber)
            continue;
        for (const QChar character : word) {
            if (!character.isDigit())
                result.append(character);
        }
        result.append(u' ');
    }
    return result;
}

/// The snapshot with all that changes by itself taken out. Whether something is known at all stays.
Snapshot settled(Snapshot snapshot)
{
    snapshot.lastActivityTs.clear();
    snapshot.sequence = 0;
    snapshot.uptimeSec = 0;
    if (snapshot.idleSec)
        snapshot.idleSec = 0;
    if (snapshot.userIdleSec)
        snapshot.userIdleSec = 0;
    snapshot.freedBytes.reset();
    snapshot.why = withoutFigures(snapshot.why);
    for (Attention &mark : snapshot.attention)
        mark.text = withoutFigures(mark.text);
    for (ServiceView &service : snapshot.services) {
        service.rssBytes.reset();
        if (service.readyInSec)
            service.readyInSec = 0;
    }
    snapshot.next.reset(); // compared on its own
    if (snapshot.pausedUntil)
        snapshot.pausedUntil = QString(); // compared on its own
    return snapshot;
}

bool hasMoved(const QString &before, const QString &after, Millis tolerance)
{
    if (before == after)
        return false;
    const std::optional<WallTime> from = parseTimestamp(before);
    const std::optional<WallTime> to = parseTimestamp(after);
    if (!from || !to)
        return true;
    return *to - *from > tolerance || *from - *to > tolerance;
}

bool hasNextMoved(const std::optional<NextState> &before, const std::optional<NextState> &after)
{
    if (!before || !after)
        return before.has_value() != after.has_value();
    return before->state != after->state || hasMoved(before->at, after->at, kNextMoved);
}

} // namespace

bool isWorthTelling(const Snapshot &before, const Snapshot &after)
{
    return hasNextMoved(before.next, after.next)
           || hasMoved(before.pausedUntil.value_or(QString()), after.pausedUntil.value_or(QString()), kPauseMoved)
           || settled(before) != settled(after);
}

} // namespace dormouse
