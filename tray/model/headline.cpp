// SPDX-License-Identifier: MIT
#include "tray/model/headline.h"

#include "shared/records/timestamp.h"
#include "tray/model/words.h"

#include <QLocale>

namespace dormouse {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int kSentenceMax = 500;

/// The state by its own name, as the record, the documents and the command line have it.
QString stateSince(State state, const QString &since, WallTime now)
{
    const std::optional<WallTime> at = parseTimestamp(since);
    return at ? TrayView::tr("%1 since %2", "state, time").arg(toString(state), timeText(*at, now)) : QString(toString(state));
}

QString sinceOf(const Snapshot &snapshot)
{
    return snapshot.stateSinceTs.isEmpty() ? snapshot.sinceTs : snapshot.stateSinceTs;
}

QString nextText(const Snapshot &snapshot, WallTime now)
{
    const std::optional<WallTime> at = snapshot.next ? parseTimestamp(snapshot.next->at) : std::nullopt;
    if (!at)
        return {};
    const QString time = timeText(*at, now);
    switch (snapshot.next->state) {
    case State::Wake: return TrayView::tr("wakes at %1").arg(time);
    case State::Drowsy: return TrayView::tr("gets drowsy at %1").arg(time);
    case State::Sleep: return TrayView::tr("sleeps at %1").arg(time);
    case State::Hibernation: return TrayView::tr("hibernates at %1").arg(time);
    }
    return {};
}

QString nextTextWithCountdown(const Snapshot &snapshot, WallTime now)
{
    const QString text = nextText(snapshot, now);
    if (text.isEmpty())
        return text;
    const auto left = std::chrono::duration_cast<Millis>(*parseTimestamp(snapshot.next->at) - now);
    if (left <= Millis(0))
        return TrayView::tr("%1 (due)", "what comes next").arg(text);
    return TrayView::tr("%1 (in %2)", "what comes next, time until then").arg(text, durationText(left));
}

QString heldText(const Snapshot &snapshot, WallTime now)
{
    return snapshot.schedulerPaused ? TrayView::tr("kept awake %1", "until 16:10, until turned off").arg(holdText(snapshot, now))
                                    : QString();
}

QString maintenanceText(const Snapshot &snapshot)
{
    return snapshot.runningStep ? TrayView::tr("maintenance runs: %1").arg(foreign(*snapshot.runningStep, 60)) : QString();
}

/// What was freed says nothing any more once the services run again.
QString freedText(const Snapshot &snapshot)
{
    const qint64 bytes = snapshot.freedBytes.value_or(0);
    return bytes > 0 && snapshot.state != State::Wake ? TrayView::tr("%1 freed").arg(bytesText(bytes)) : QString();
}

QString shadowText(const Snapshot &snapshot)
{
    return snapshot.shadowRun ? TrayView::tr("shadow run: nothing is really stopped") : QString();
}

// "1" has a text of its own, so that English reads well without a translation file.
QString wrappersText(int count)
{
    if (count <= 0)
        return {};
    return count == 1 ? TrayView::tr("1 wrapper") : TrayView::tr("%Ln wrappers", nullptr, count);
}

QString leasesText(int count)
{
    if (count <= 0)
        return {};
    return count == 1 ? TrayView::tr("1 lease") : TrayView::tr("%Ln leases", nullptr, count);
}

QString attentionText(std::size_t count)
{
    if (count == 0)
        return {};
    return count == 1 ? TrayView::tr("1 thing needs attention")
                      : TrayView::tr("%Ln things need attention", nullptr, static_cast<int>(count));
}

QString connectedHeadline(const AgentPicture &picture, const Snapshot &snapshot, WallTime now)
{
    return listed({stateSince(snapshot.state, sinceOf(snapshot), now), nextText(snapshot, now), heldText(snapshot, now),
                   maintenanceText(snapshot), wrappersText(snapshot.wrappers.fresh), leasesText(snapshot.wrappers.leases),
                   freedText(snapshot), attentionText(causes(picture, now).size()), shadowText(snapshot)});
}

QStringList absentParts(const AgentPicture &picture, WallTime now)
{
    const QString remedy = picture.isWaking ? TrayView::tr("waking…") : TrayView::tr("Wake Now starts it");
    if (!picture.record)
        return {TrayView::tr("No agent is running"), remedy};
    const QString last = stateSince(picture.record->state, picture.record->sinceTs, now);
    if (picture.record->state == State::Hibernation)
        return {last, TrayView::tr("no agent is running"), remedy};
    return {TrayView::tr("No agent is running"), TrayView::tr("last known: %1", "state").arg(last), remedy};
}

QString frozenHeadline(const AgentPicture &picture, WallTime now)
{
    if (!picture.snapshot)
        return TrayView::tr("The agent does not answer");
    const QString last = stateSince(picture.snapshot->state, sinceOf(*picture.snapshot), now);
    return TrayView::tr("The agent does not answer (last known: %1)", "state").arg(last);
}

QString brokenHeadline(const AgentPicture &picture)
{
    return picture.trouble.isEmpty() ? TrayView::tr("What answers is no agent that can be understood")
                                     : foreign(picture.trouble, kSentenceMax);
}

QString stateForText(State state, const QString &duration)
{
    switch (state) {
    case State::Wake: return TrayView::tr("Awake for %1").arg(duration);
    case State::Drowsy: return TrayView::tr("Drowsy for %1").arg(duration);
    case State::Sleep: return TrayView::tr("Asleep for %1").arg(duration);
    case State::Hibernation: return TrayView::tr("Hibernating for %1").arg(duration);
    }
    return {};
}

QString stateFor(State state, const QString &since, WallTime now)
{
    const std::optional<WallTime> at = parseTimestamp(since);
    return at ? stateForText(state, durationText(std::chrono::duration_cast<Millis>(now - *at))) : stateName(state);
}

} // namespace

QString holdText(const Snapshot &snapshot, WallTime now)
{
    const std::optional<WallTime> until = snapshot.pausedUntil ? parseTimestamp(*snapshot.pausedUntil) : std::nullopt;
    return until ? TrayView::tr("until %1", "time").arg(timeText(*until, now)) : TrayView::tr("until turned off");
}

QString headline(const AgentPicture &picture, WallTime now)
{
    switch (picture.link) {
    case LinkState::Searching: break;
    case LinkState::Connected:
        if (picture.snapshot)
            return connectedHeadline(picture, *picture.snapshot, now);
        break;
    case LinkState::Frozen: return frozenHeadline(picture, now);
    case LinkState::Absent: return listed(absentParts(picture, now));
    case LinkState::Broken: return brokenHeadline(picture);
    }
    return TrayView::tr("Looking for the agent…");
}

QString whyLine(const AgentPicture &picture)
{
    if (!picture.wakeFailure.isEmpty() && picture.link != LinkState::Connected)
        return TrayView::tr("Wake Now failed: %1").arg(foreign(picture.wakeFailure, kSentenceMax));
    if (picture.link == LinkState::Frozen && !picture.trouble.isEmpty())
        return foreign(picture.trouble, kSentenceMax);
    const bool hasWhy = picture.link == LinkState::Connected && picture.snapshot && !picture.snapshot->why.isEmpty();
    return hasWhy ? foreign(picture.snapshot->why, kSentenceMax) : QString();
}

QStringList stateParts(const AgentPicture &picture, WallTime now)
{
    if (picture.link == LinkState::Connected && picture.snapshot) {
        const Snapshot &snapshot = *picture.snapshot;
        return {stateFor(snapshot.state, sinceOf(snapshot), now),
                nextTextWithCountdown(snapshot, now),
                heldText(snapshot, now),
                maintenanceText(snapshot),
                freedText(snapshot),
                shadowText(snapshot)};
    }
    if (picture.link != LinkState::Absent)
        return {headline(picture, now)};
    QStringList parts = absentParts(picture, now);
    if (picture.record && picture.record->state == State::Hibernation)
        parts.first() = stateFor(State::Hibernation, picture.record->sinceTs, now);
    return parts;
}

} // namespace dormouse
