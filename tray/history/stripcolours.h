// SPDX-License-Identifier: MIT
#pragma once

#include "shared/lifecycle/lifecycle.h"

#include <QColor>
#include <QPalette>

#include <optional>

namespace dormouse {

/// Colours of the strip for one theme. The five of the states keep 3:1 against card and window, and apart from each other for people who see no
/// red, no green or no blue. None of them says anything alone: each state has its own height too.
struct StripColours {
    QColor awake;
    QColor drowsy;
    QColor asleep;
    QColor hibernating;
    QColor off;

    QColor card;   ///< what the strip lies on
    QColor border; ///< of the card
    QColor track;  ///< behind each row
    QColor grid;
    QColor text;
    QColor faintText; ///< still 4.5:1 against the card
    QColor accent;    ///< the selection and the present moment

    [[nodiscard]] QColor of(std::optional<State> state) const;
};

/// Light or dark, by the lightness of the palette's window colour.
[[nodiscard]] StripColours stripColours(const QPalette &palette);

/// How much of a row's height a state fills: the more is awake, the higher. 0 is a line at the bottom.
[[nodiscard]] double heightPart(std::optional<State> state);

} // namespace dormouse
