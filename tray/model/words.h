// SPDX-License-Identifier: MIT
#pragma once

#include "shared/base/clock.h"
#include "shared/lifecycle/lifecycle.h"
#include "tray/model/trayview.h" // for TrayView::tr()

#include <QString>
#include <QStringList>

namespace dormouse {

// Times and sizes for people, in the words of the user's language; digits and order by the default QLocale.

/// Local time: "15:42" on the same day, "Tue 15:42" within six days, else with the date.
[[nodiscard]] QString timeText(WallTime at, WallTime now);
/// Two units at most: "45 s", "12 min", "2 h 5 min", "3 d 4 h". Negative is "0 s".
[[nodiscard]] QString durationText(Millis duration);
/// Powers of 1000: "1.9 GB", "640 kB", "12 B".
[[nodiscard]] QString bytesText(qint64 bytes);
/// Seconds as JSON has them; never negative, and bounded far inside what Millis holds.
[[nodiscard]] Millis fromJsonSeconds(double seconds);

/// "Awake", "Drowsy", "Asleep", "Hibernating": the state in a menu or a sentence.
[[nodiscard]] QString stateName(State state);

/// Foreign text (names, causes, sentences of the agent) inside a text of ours: sanitized, and isolated, so that it cannot reorder what stands around it.
[[nodiscard]] QString foreign(const QString &text, int maximum = 200);
/// For a menu: "&" doubled, so that none is taken for a mnemonic.
[[nodiscard]] QString withoutMnemonics(QString text);
/// For tooltips and notifications, which take what looks like markup for markup: without "<", ">" and entities.
[[nodiscard]] QString withoutMarkup(QString text);

/// One after the other: "DROWSY since 15:30 · sleeps at 15:42". Empty parts are left out.
[[nodiscard]] QString listed(const QStringList &parts);
/// The same over lines of about `width` characters, which end between parts.
[[nodiscard]] QStringList listedLines(const QStringList &parts, int width = 70);
/// At most `linesMax` lines of about `width` characters, the last one cut with "…" where there would be more. A number counts as three
/// characters whatever its length, so that lines do not break elsewhere when only numbers change.
[[nodiscard]] QStringList wrapped(const QString &text, int linesMax = 3, int width = 60);

} // namespace dormouse
