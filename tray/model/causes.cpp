// SPDX-License-Identifier: MIT
#include "shared/records/timestamp.h"
#include "tray/model/headline.h"
#include "tray/model/words.h"

#include <algorithm>

namespace dormouse {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int kSentenceMax = 500;
constexpr QLatin1StringView kQuarantine{"quarantine"};

QString quarantineText(const QJsonObject &quarantine, WallTime now)
{
    const QString reason = foreign(quarantine.value("reason"_L1).toString(), kSentenceMax);
    const std::optional<WallTime> until = parseTimestamp(quarantine.value("until_ts"_L1).toString());
    return until ? TrayView::tr("No sleep cycle until %1: %2", "time, reason").arg(timeText(*until, now), reason)
                 : TrayView::tr("No sleep cycle for now: %1", "reason").arg(reason);
}

/// The mark's own sentence; but times in the user's way where the parts are at hand.
QString markText(const Attention &mark, const Snapshot &snapshot, WallTime now)
{
    return mark.what == kQuarantine && snapshot.quarantine ? quarantineText(*snapshot.quarantine, now)
                                                           : foreign(mark.text, kSentenceMax);
}

} // namespace

std::vector<Cause> causes(const AgentPicture &picture, WallTime now)
{
    std::vector<Cause> result;
    if (!picture.wakeFailure.isEmpty()) {
        const QString text = TrayView::tr("Wake Now failed: %1").arg(foreign(picture.wakeFailure, kSentenceMax));
        result.push_back({u"failure.wake"_s, {}, text, {}});
    }
    if (picture.link != LinkState::Connected || !picture.snapshot)
        return result;
    const Snapshot &snapshot = *picture.snapshot;
    bool isQuarantineTold = false;
    bool isErrorTold = false;
    for (const Attention &mark : snapshot.attention) {
        isQuarantineTold = isQuarantineTold || mark.what == kQuarantine;
        isErrorTold = isErrorTold || mark.text == snapshot.lastError;
        result.push_back({u"attention."_s + mark.what, mark.what, markText(mark, snapshot, now), mark.since});
    }
    if (snapshot.quarantine && !isQuarantineTold)
        result.push_back({u"failure.quarantine"_s,
                          {},
                          quarantineText(*snapshot.quarantine, now),
                          snapshot.quarantine->value("since_ts"_L1).toString()});
    if (snapshot.lastError && !isErrorTold)
        result.push_back({u"failure.error"_s, {}, foreign(*snapshot.lastError, kSentenceMax), {}});
    return result;
}

} // namespace dormouse
