// SPDX-License-Identifier: MIT
#pragma once

#include "tray/model/trayview.h"

#include <QString>
#include <QStringList>

#include <vector>

namespace dormouse {

using MenuEntries = std::vector<MenuEntry>;

inline constexpr std::size_t kListedMax = 20; ///< services and wrappers; the rest is counted

// The kinds of lines. Texts of ours may carry a mnemonic; labels and titles may hold foreign text, so that each "&" in them is shown.

[[nodiscard]] MenuEntry actionEntry(const QString &id, const QString &text, const TrayCommand &command, const QString &hint = {});
/// The same entry, if `whyNot` is empty; else disabled, with this as its hint.
[[nodiscard]] MenuEntry disabledIf(const QString &whyNot, MenuEntry entry);
[[nodiscard]] MenuEntry labelEntry(const QString &id, const QString &text, const QString &hint = {});
/// One label a line: `id`.0, `id`.1 …
[[nodiscard]] MenuEntries labelEntries(const QString &id, const QStringList &lines, const QString &hint = {});
/// A text over several labels; the whole of it is the hint of each where it had to be cut.
[[nodiscard]] MenuEntries wrappedEntries(const QString &id, const QString &text, int linesMax = 3);
[[nodiscard]] MenuEntry separatorEntry(const QString &id);
/// `title` as for an action: escaped by the caller where it is foreign.
[[nodiscard]] MenuEntry submenuEntry(const QString &id, const QString &title, MenuEntries children, const QString &hint = {});
/// "and 12 more…"; nothing for none.
[[nodiscard]] MenuEntries moreEntries(const QString &id, std::size_t total, std::size_t shown);

void append(MenuEntries &entries, MenuEntries more);

/// The last touch of a whole menu: each mnemonic stands once on its level (translations collide), each id once, no hint looks like markup.
[[nodiscard]] MenuEntries finished(MenuEntries entries);

/// Why nothing can be asked of the agent now, one sentence; empty while it answers.
[[nodiscard]] QString whyNoAgent(const AgentPicture &picture);

} // namespace dormouse
