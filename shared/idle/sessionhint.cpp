// SPDX-License-Identifier: MIT
#include "shared/idle/sessionhint.h"

#include <algorithm>

namespace dormouse {

using namespace Qt::Literals::StringLiterals;

namespace {

QVariant property(const QVariantList &properties, QLatin1StringView name)
{
    for (const QVariant &entry : properties) {
        const QVariantList pair = entry.toList();
        if (pair.size() == 2 && pair.first().toString() == name)
            return pair.last();
    }
    return {};
}

} // namespace

QList<LoginSession> seatedSessions(const QVariantList &answer, quint32 uid)
{
    QList<LoginSession> result;
    for (const QVariant &entry : answer) {
        const QVariantList fields = entry.toList(); // id, uid, user, seat, path
        if (fields.size() != 5)
            continue;
        const LoginSession session{fields.at(1).toUInt(), fields.at(3).toString(), fields.at(4).toString()};
        if (session.uid == uid && !session.seat.isEmpty() && !session.path.isEmpty())
            result.append(session);
    }
    return result;
}

std::optional<Millis> idlenessOfSession(const QVariantList &properties, AwakeTime now)
{
    const QVariant hint = property(properties, "IdleHint"_L1);
    const auto since =
        property(properties, "IdleSinceHintMonotonic"_L1).toULongLong(); // microseconds of CLOCK_MONOTONIC, 0: never set
    if (hint.metaType() != QMetaType::fromType<bool>() || since == 0)
        return std::nullopt;
    const bool isText = property(properties, "Type"_L1).toString() == "tty"_L1;
    if (!hint.toBool() && !isText)
        return Millis(0);
    const auto age =
        now.time_since_epoch() - std::chrono::duration_cast<Millis>(std::chrono::duration<quint64, std::micro>(since));
    return std::max(age, Millis(0));
}

} // namespace dormouse
