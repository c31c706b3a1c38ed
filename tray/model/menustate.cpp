// SPDX-License-Identifier: MIT
#include "shared/records/timestamp.h"
#include "tray/model/headline.h"
#include "tray/model/menuparts.h"
#include "tray/model/words.h"

#include <algorithm>

namespace dormouse {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr std::size_t kCausesMax = 10;
constexpr int kCauseLinesMax = 6;

/// As much of the cause as fits a line of the menu; all of it stands inside.
QString causeTitle(const Cause &cause)
{
    const QStringList first = wrapped(cause.text, 1);
    return withoutMnemonics(TrayView::tr("Attention: %1").arg(first.value(0)));
}

MenuEntry dismissibleEntry(const Cause &cause, WallTime now)
{
    MenuEntries children = wrappedEntries(cause.id + u".text"_s, cause.text, kCauseLinesMax);
    if (const auto since = parseTimestamp(cause.since))
        children.push_back(labelEntry(cause.id + u".since"_s, TrayView::tr("Since %1", "time").arg(timeText(*since, now))));
    children.push_back(separatorEntry(cause.id + u".separator"_s));
    TrayCommand command;
    command.verb = TrayCommand::Verb::Dismiss;
    command.name = cause.what;
    children.push_back(actionEntry(cause.id + u".dismiss"_s, TrayView::tr("&Dismiss"), command,
                                   TrayView::tr("Takes the mark away until its cause comes again.")));
    return submenuEntry(cause.id, causeTitle(cause), std::move(children), cause.text);
}

} // namespace

MenuEntries stateEntries(const AgentPicture &picture, WallTime now)
{
    MenuEntries entries = labelEntries(u"state"_s, listedLines(stateParts(picture, now)));
    append(entries, wrappedEntries(u"why"_s, whyLine(picture)));
    // Lines that can be chosen are drawn so that they can be read; those that cannot, in grey.
    for (MenuEntry &line : entries) {
        line.isEnabled = true;
        line.command.verb = TrayCommand::Verb::ShowStatus;
    }
    const std::vector<Cause> all = causes(picture, now);
    const QString why = whyLine(picture);
    for (std::size_t i = 0; i < std::min(all.size(), kCausesMax); ++i) {
        const Cause &cause = all[i];
        if (!cause.what.isEmpty())
            entries.push_back(dismissibleEntry(cause, now));
        else if (cause.text != why) // told by the why line already
            append(entries, wrappedEntries(cause.id, TrayView::tr("Attention: %1").arg(cause.text)));
    }
    append(entries, moreEntries(u"attention"_s, all.size(), kCausesMax));
    return entries;
}

} // namespace dormouse
