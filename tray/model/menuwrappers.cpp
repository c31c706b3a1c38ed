// SPDX-License-Identifier: MIT
#include "tray/model/menuparts.h"
#include "tray/model/words.h"

#include <algorithm>

namespace dormouse {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int kNameMax = 60;

QString nameOf(const WrapperView &wrapper)
{
    return wrapper.name.isEmpty() ? TrayView::tr("unnamed", "wrapper") : foreign(wrapper.name, kNameMax);
}

QString ageText(const WrapperView &wrapper)
{
    if (!wrapper.ageSec)
        return {};
    const QString age = durationText(fromJsonSeconds(*wrapper.ageSec));
    return wrapper.isLease ? TrayView::tr("lease held for %1", "duration").arg(age)
                           : TrayView::tr("last heartbeat %1 ago", "duration").arg(age);
}

QString idOf(const WrapperView &wrapper)
{
    if (wrapper.isLease)
        return u"lease."_s + wrapper.name;
    return u"wrapper."_s + (wrapper.uuid.isEmpty() ? QString::number(wrapper.pid) : wrapper.uuid);
}

MenuEntry ignoreEntry(const WrapperView &wrapper)
{
    TrayCommand command;
    command.verb = TrayCommand::Verb::IgnoreWrapper;
    command.name = wrapper.isLease ? wrapper.name : QString(u"heartbeat "_s + wrapper.uuid);
    const QString hint =
        wrapper.isLease ? TrayView::tr("Ends the lease.") : TrayView::tr("It no longer counts, until it is used again.");
    QString whyNot;
    if (!wrapper.counts)
        whyNot = TrayView::tr("It does not count as it is.");
    else if (!wrapper.isLease && wrapper.uuid.isEmpty())
        whyNot = TrayView::tr("Its heartbeat has no uuid, so that it cannot be named.");
    return disabledIf(whyNot, actionEntry(idOf(wrapper) + u".ignore"_s, TrayView::tr("&Ignore"), command, hint));
}

QString countsText(const WrapperView &wrapper)
{
    if (wrapper.counts)
        return TrayView::tr("Counts: it keeps the services awake");
    return wrapper.whyNot.isEmpty() ? TrayView::tr("Does not count")
                                    : TrayView::tr("Does not count: %1", "reason").arg(foreign(wrapper.whyNot));
}

MenuEntry wrapperEntry(const WrapperView &wrapper)
{
    const QString id = idOf(wrapper);
    MenuEntries children = wrappedEntries(id + u".counts"_s, countsText(wrapper));
    if (wrapper.isLeaked)
        children.push_back(labelEntry(id + u".leaked"_s, TrayView::tr("Leaked: the program that started it is gone")));
    if (wrapper.pid > 0)
        children.push_back(labelEntry(id + u".process"_s, TrayView::tr("Process %1").arg(QString::number(wrapper.pid))));
    children.push_back(separatorEntry(id + u".separator"_s));
    children.push_back(ignoreEntry(wrapper));
    const QString title =
        listed({nameOf(wrapper), ageText(wrapper), wrapper.isLeaked ? TrayView::tr("leaked", "wrapper") : QString(),
                wrapper.counts ? TrayView::tr("counts", "wrapper") : TrayView::tr("does not count", "wrapper")});
    return submenuEntry(id, withoutMnemonics(title), std::move(children));
}

} // namespace

MenuEntry wrappersEntry(const AgentPicture &picture, const TrayContext &context)
{
    const QString id = u"wrappers"_s;
    if (picture.link == LinkState::Absent)
        return disabledIf(whyNoAgent(picture), submenuEntry(id, TrayView::tr("Wra&ppers (no agent is running)"), {}));
    const QString title = TrayView::tr("Wra&ppers");
    if (const QString why = whyNoAgent(picture); !why.isEmpty())
        return disabledIf(why, submenuEntry(id, title, {}));
    if (!context.wrappers)
        return submenuEntry(id, title, {labelEntry(u"wrappers.asking"_s, TrayView::tr("Asking the agent…"))});
    const std::vector<WrapperView> &wrappers = *context.wrappers;
    if (wrappers.empty())
        return disabledIf(TrayView::tr("No wrapper is attached, and no lease is held."),
                          submenuEntry(id, TrayView::tr("Wra&ppers (none)"), {}));
    MenuEntries children;
    for (std::size_t i = 0; i < std::min(wrappers.size(), kListedMax); ++i)
        children.push_back(wrapperEntry(wrappers[i]));
    append(children, moreEntries(u"wrappers.more"_s, wrappers.size(), kListedMax));
    return submenuEntry(id, title, std::move(children));
}

} // namespace dormouse
