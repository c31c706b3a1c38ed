// SPDX-License-Identifier: MIT
#pragma once

#include "shared/lifecycle/lifecycle.h"

#include <QString>

namespace dormouse {

enum class Style { Plain, Bold, Dim, Good, Warning, Bad, Calm };

/// Colours for a terminal, or none.
class Palette
{
public:
    explicit Palette(bool coloured = false) : m_coloured(coloured) {}

    [[nodiscard]] bool isColoured() const { return m_coloured; }
    [[nodiscard]] QString paint(Style style, const QString &text) const;

private:
    bool m_coloured;
};

/// How a state's name looks.
[[nodiscard]] Style styleOf(State state);

/// Whether colour is wanted: on a terminal, unless NO_COLOR is set and not empty, or TERM is empty or "dumb".
[[nodiscard]] bool wantsColour(bool terminal, const QByteArray &noColor, const QByteArray &term);

} // namespace dormouse
