// SPDX-License-Identifier: MIT
#include "tray/model/trayview.h"

#include "tray/model/headline.h"
#include "tray/model/menuparts.h"
#include "tray/model/words.h"

namespace dormouse {

using namespace Qt::Literals::StringLiterals;

namespace {

IconShape shapeOf(State state)
{
    switch (state) {
    case State::Wake: return IconShape::Awake;
    case State::Drowsy: return IconShape::Drowsy;
    case State::Sleep: return IconShape::Asleep;
    case State::Hibernation: return IconShape::Hibernating;
    }
    return IconShape::NoAgent;
}

/// Shows only what is known to be true now: of a frozen agent, nothing is.
IconLook iconLook(const AgentPicture &picture, WallTime now)
{
    IconLook look;
    look.hasAttention = picture.link == LinkState::Frozen || picture.link == LinkState::Broken || !causes(picture, now).empty();
    if (picture.link == LinkState::Connected && picture.snapshot) {
        look.shape = shapeOf(picture.snapshot->state);
        look.isHeld = picture.snapshot->schedulerPaused;
    } else if (picture.link == LinkState::Absent && picture.record && picture.record->state == State::Hibernation) {
        look.shape = IconShape::Hibernating; // it has exited, as it should
    }
    return look;
}

MenuEntries menuOf(const AgentPicture &picture, const TrayContext &context, WallTime now)
{
    MenuEntries menu = stateEntries(picture, now);
    menu.push_back(separatorEntry(u"separator.state"_s));
    append(menu, sleepEntries(picture, context, now));
    menu.push_back(holdEntry(picture, now));
    menu.push_back(separatorEntry(u"separator.services"_s));
    menu.push_back(servicesEntry(picture));
    menu.push_back(wrappersEntry(picture, context));
    menu.push_back(separatorEntry(u"separator.look"_s));
    append(menu, lookEntries(picture));
    menu.push_back(separatorEntry(u"separator.settings"_s));
    append(menu, programEntries(picture, context));
    return finished(std::move(menu));
}

} // namespace

TrayView trayView(const AgentPicture &picture, const TrayContext &context, WallTime now)
{
    TrayView view;
    view.icon = iconLook(picture, now);
    view.headline = withoutMarkup(headline(picture, now));
    const QString why = whyLine(picture);
    view.toolTip = withoutMarkup(why.isEmpty() ? view.headline : QString(view.headline + u'\n' + why));
    view.menu = menuOf(picture, context, now);
    return view;
}

} // namespace dormouse
