// SPDX-License-Identifier: MIT
#include "shared/records/timestamp.h"
#include "tray/model/headline.h"
#include "tray/model/menuparts.h"
#include "tray/model/words.h"

#include <QLocale>

#include <array>

namespace dormouse {

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

namespace {

using Verb = TrayCommand::Verb;

MenuEntry wakeEntry(const AgentPicture &picture)
{
    if (picture.isWaking)
        return disabledIf(TrayView::tr("A wake is under way; the services start."),
                          actionEntry(u"wake"_s, TrayView::tr("&Waking…"), {Verb::WakeNow, {}, {}, 0}));
    const QString hint = picture.link == LinkState::Connected ? TrayView::tr("Starts the services, and counts as use.")
                                                              : TrayView::tr("Starts the agent, and the services.");
    return actionEntry(u"wake"_s, TrayView::tr("&Wake Now"), {Verb::WakeNow, {}, {}, 0}, hint);
}

/// The services that run and that a sleep leads to the end of.
QString stoppingHint(const Snapshot &snapshot)
{
    QStringList names;
    for (const ServiceView &service : snapshot.services) {
        if (service.state == "ready"_L1 || service.state == "starting"_L1)
            names.append(foreign(service.name, 64));
    }
    const auto more = names.size() - static_cast<qsizetype>(kListedMax);
    if (more > 0) {
        names.resize(static_cast<qsizetype>(kListedMax));
        names.append(TrayView::tr("%Ln more", nullptr, static_cast<int>(more)));
    }
    return names.isEmpty() ? TrayView::tr("Goes to sleep now, although clients are attached.")
                           : TrayView::tr("Leads to the end of: %1").arg(QLocale().createSeparatedList(names));
}

MenuEntry sleepEntry(const AgentPicture &picture)
{
    const TrayCommand command{Verb::SleepNow, {}, {}, 0};
    const auto entry = [&command](const QString &text, const QString &whyNot) {
        return disabledIf(whyNot, actionEntry(u"sleep"_s, text, command));
    };
    switch (picture.link) {
    case LinkState::Searching:
    case LinkState::Broken: return entry(TrayView::tr("&Sleep Now"), whyNoAgent(picture));
    case LinkState::Frozen: return entry(TrayView::tr("&Sleep Now (the agent does not answer)"), whyNoAgent(picture));
    case LinkState::Absent:
        if (picture.record && picture.record->state == State::Hibernation)
            return entry(TrayView::tr("&Sleep Now (already hibernating)"), TrayView::tr("It hibernates already."));
        return entry(TrayView::tr("&Sleep Now (no agent is running)"), whyNoAgent(picture));
    case LinkState::Connected: break;
    }
    if (!picture.snapshot)
        return entry(TrayView::tr("&Sleep Now"), whyNoAgent(picture));
    if (picture.snapshot->state == State::Sleep)
        return entry(TrayView::tr("&Sleep Now (already asleep)"), TrayView::tr("It sleeps already."));
    if (picture.snapshot->state == State::Hibernation)
        return entry(TrayView::tr("&Sleep Now (already hibernating)"), TrayView::tr("It hibernates already."));
    return actionEntry(u"sleep"_s, TrayView::tr("&Sleep Now"), command, stoppingHint(*picture.snapshot));
}

MenuEntry keepEntry(int seconds, const QString &text)
{
    return actionEntry(u"hold."_s + QString::number(seconds), text, {Verb::KeepAwake, {}, {}, seconds},
                       TrayView::tr("Until then nothing goes to sleep by itself."));
}

/// "Until 16:10 (42 min left)", and the end of it.
MenuEntries holdEnd(const Snapshot &snapshot, WallTime now)
{
    const std::optional<WallTime> until = snapshot.pausedUntil ? parseTimestamp(*snapshot.pausedUntil) : std::nullopt;
    const QString left = until ? TrayView::tr("Until %1 (%2 left)", "time, duration")
                                     .arg(timeText(*until, now), durationText(std::chrono::duration_cast<Millis>(*until - now)))
                               : TrayView::tr("Until turned off");
    return {labelEntry(u"hold.left"_s, left),
            actionEntry(u"hold.end"_s, TrayView::tr("&End Now"), {Verb::EndHold, {}, {}, 0},
                        TrayView::tr("From then on services may go to sleep again.")),
            separatorEntry(u"hold.separator"_s)};
}

} // namespace

MenuEntries sleepEntries(const AgentPicture &picture, const TrayContext &context, WallTime now)
{
    MenuEntries entries{wakeEntry(picture), sleepEntry(picture)};
    if (context.undoUntil && *context.undoUntil > now)
        entries.push_back(actionEntry(u"undo"_s, TrayView::tr("&Undo Sleep"), {Verb::UndoSleep, {}, {}, 0},
                                      TrayView::tr("Wakes again what has just been sent to sleep.")));
    return entries;
}

MenuEntry holdEntry(const AgentPicture &picture, WallTime now)
{
    MenuEntries children;
    const bool isHeld = picture.snapshot && picture.snapshot->schedulerPaused;
    if (isHeld)
        children = holdEnd(*picture.snapshot, now);
    children.push_back(keepEntry(15 * 60, TrayView::tr("For &15 Minutes")));
    children.push_back(keepEntry(60 * 60, TrayView::tr("For 1 &Hour")));
    children.push_back(keepEntry(4 * 60 * 60, TrayView::tr("For &4 Hours")));
    children.push_back(keepEntry(0, TrayView::tr("Until &Turned Off")));
    const QString title = picture.link == LinkState::Absent ? TrayView::tr("&Keep Services Awake (no agent is running)")
                                                            : TrayView::tr("&Keep Services Awake");
    return disabledIf(whyNoAgent(picture), submenuEntry(u"hold"_s, title, std::move(children)));
}

} // namespace dormouse
