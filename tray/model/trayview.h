// SPDX-License-Identifier: MIT
#pragma once

#include "tray/model/agentpicture.h"

#include <QCoreApplication>
#include <QString>

#include <optional>
#include <vector>

namespace dormouse {

/// The shapes of the icon family.
enum class IconShape { Awake, Drowsy, Asleep, Hibernating, NoAgent };

/// What the icon shows: a shape, and up to two marks.
struct IconLook {
    IconShape shape = IconShape::NoAgent;
    bool hasAttention = false; ///< something a person should look at
    bool isHeld = false;       ///< held awake by the user

    bool operator==(const IconLook &) const = default;
};

/// What choosing a menu entry asks for. The controller carries it out.
struct TrayCommand {
    enum class Verb {
        None,
        WakeNow,
        SleepNow,
        UndoSleep,
        KeepAwake, ///< for `seconds`; 0: until turned off
        EndHold,
        Service,       ///< `name`, `action` as on the control socket
        IgnoreWrapper, ///< `name`: what `release` takes
        Dismiss,       ///< `name`: what `acknowledge` takes
        ShowStatus,    ///< the window with everything in it
        ShowHistory,
        ShowDigest,
        RunMaintenance,
        ResetQuarantine,
        ShowSettings,
        OpenConfiguration,
        OpenLogs,
        SetStartAtLogin, ///< `seconds` 1 on, 0 off
        ShowWelcome,
        ShowAbout,
        Quit,
        QuitAndStop,
    };
    Verb verb = Verb::None;
    QString name;
    QString action;
    int seconds = 0;

    bool operator==(const TrayCommand &) const = default;
};

/// One line of the menu. `id` is stable from one view to the next, so that an open menu can be updated in place.
struct MenuEntry {
    enum class Kind { Action, Label, Separator, Submenu };
    Kind kind = Kind::Action;
    QString id;
    QString text; ///< with a mnemonic ("&") where it is an action of ours; foreign text has its "&" doubled
    QString hint; ///< why it is disabled, or what it does
    bool isEnabled = true;
    std::optional<bool> isChecked; ///< nothing: not checkable
    TrayCommand command;
    std::vector<MenuEntry> children; ///< of a Submenu

    bool operator==(const MenuEntry &) const = default;
};

/// What the tray shows: a pure function of what it knows.
struct TrayView {
    IconLook icon;
    /// "DROWSY since 15:30 · sleeps at 15:42 · 2 wrappers · 1.9 GB freed"; no text that a clock alone would make wrong
    QString headline;
    QString toolTip; ///< the headline, then the why line
    std::vector<MenuEntry> menu;

    bool operator==(const TrayView &) const = default;

    /// Where the texts of tooltip and menu are translated: context "TrayView".
    Q_DECLARE_TR_FUNCTIONS(TrayView)
};

/// What the view needs to know beside the agent.
struct TrayContext {
    std::optional<std::vector<WrapperView>> wrappers; ///< nothing: not asked yet
    std::optional<WallTime> undoUntil;                ///< a Sleep Now of ours can be taken back until then
    std::optional<bool> startsAtLogin;                ///< nothing: cannot be set here
    bool isConfigured = true;                         ///< dormouse.toml exists

    bool operator==(const TrayContext &) const = default;
};

/// The view at `now`. Texts come through tr() (context "TrayView"). Ages in the menu are as of `now`; the menu is made anew when it opens.
[[nodiscard]] TrayView trayView(const AgentPicture &picture, const TrayContext &context, WallTime now);

} // namespace dormouse
