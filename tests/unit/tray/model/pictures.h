// SPDX-License-Identifier: MIT
#pragma once

#include "shared/records/timestamp.h"
#include "tray/model/trayview.h"

#include <QJsonObject>
#include <QStringList>

#include <functional>

/// Pictures of agents for the tests of the tray's model, all as of 15:42 on a Saturday, UTC.
namespace dormouse::pictures {

using namespace Qt::Literals::StringLiterals;

inline WallTime at(const QString &time)
{
    return *parseTimestamp(QString(u"2026-05-02T"_s + time + u"Z"_s));
}

inline QString stamp(const QString &time)
{
    return formatTimestamp(at(time));
}

inline const WallTime kNow = at(u"15:42:00"_s);

inline AgentPicture connected(State state, const QString &since = u"15:30:00"_s)
{
    Snapshot snapshot;
    snapshot.state = state;
    snapshot.stateSinceTs = stamp(since);
    snapshot.sinceTs = stamp(u"15:41:30"_s); // of a WAKE to WAKE: never what a person is told
    snapshot.pid = 812;
    AgentPicture picture;
    picture.link = LinkState::Connected;
    picture.snapshot = snapshot;
    return picture;
}

/// The example of the specification.
inline AgentPicture drowsy()
{
    AgentPicture picture = connected(State::Drowsy);
    picture.snapshot->next = NextState{State::Sleep, stamp(u"15:55:00"_s)};
    picture.snapshot->wrappers.fresh = 2;
    picture.snapshot->freedBytes = 1'900'000'000;
    picture.snapshot->why = u"nobody for 12 min"_s;
    return picture;
}

inline AgentPicture absent(std::optional<State> state, const QString &since = u"15:30:00"_s)
{
    AgentPicture picture;
    picture.link = LinkState::Absent;
    if (state) {
        picture.record = defaultRecord(kNow);
        picture.record->state = *state;
        picture.record->sinceTs = stamp(since);
    }
    return picture;
}

inline AgentPicture frozen()
{
    AgentPicture picture = drowsy();
    picture.link = LinkState::Frozen;
    picture.trouble = u"no answer for 2 s"_s;
    return picture;
}

inline AgentPicture broken()
{
    AgentPicture picture;
    picture.link = LinkState::Broken;
    picture.trouble = u"what answers on agent.sock is not Dormouse"_s;
    return picture;
}

inline ServiceView service(const QString &name, const QString &state)
{
    ServiceView view;
    view.name = name;
    view.state = state;
    return view;
}

inline WrapperView wrapper(const QString &name, bool counts = true)
{
    WrapperView view;
    view.name = name;
    view.uuid = u"uuid-"_s + name;
    view.pid = 900;
    view.ageSec = 12;
    view.counts = counts;
    return view;
}

inline WrapperView lease(const QString &name)
{
    WrapperView view = wrapper(name);
    view.uuid.clear();
    view.ageSec = 300;
    view.isLease = true;
    return view;
}

/// Without the marks that isolate foreign text from its surroundings: as a person sees it.
inline QString seen(QString text)
{
    return text.remove(QChar(0x2068)).remove(QChar(0x2069));
}

/// Calls `visit` with every entry, depth first.
inline void visitAll(const std::vector<MenuEntry> &entries, const std::function<void(const MenuEntry &)> &visit)
{
    for (const MenuEntry &entry : entries) {
        visit(entry);
        visitAll(entry.children, visit);
    }
}

inline std::optional<MenuEntry> entryOf(const std::vector<MenuEntry> &entries, const QString &id)
{
    std::optional<MenuEntry> found;
    visitAll(entries, [&](const MenuEntry &entry) {
        if (entry.id == id)
            found = entry;
    });
    return found;
}

/// The menu as lines: "=" a label, "*" an action, "x" a disabled one with its reason, ">" a submenu, "[ ]" and "[x]" where checkable.
inline QStringList dumped(const std::vector<MenuEntry> &entries, const QString &indent = {})
{
    QStringList lines;
    for (const MenuEntry &entry : entries) {
        const QString check = entry.isChecked ? (*entry.isChecked ? u"[x] "_s : u"[ ] "_s) : QString();
        const QString text = check + seen(entry.text);
        const QString why = u" - "_s + seen(entry.hint);
        switch (entry.kind) {
        case MenuEntry::Kind::Separator: lines.append(indent + u"--"_s); break;
        case MenuEntry::Kind::Label: lines.append(indent + u"= "_s + text); break;
        case MenuEntry::Kind::Action:
            lines.append(indent + (entry.isEnabled ? QString(u"* "_s + text) : QString(u"x "_s + text + why)));
            break;
        case MenuEntry::Kind::Submenu:
            lines.append(indent + (entry.isEnabled ? QString(u"> "_s + text) : QString(u"x> "_s + text + why)));
            lines.append(dumped(entry.children, indent + u"  "_s));
            break;
        }
    }
    return lines;
}

} // namespace dormouse::pictures
