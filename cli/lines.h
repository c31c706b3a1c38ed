// SPDX-License-Identifier: MIT
#pragma once

#include "cli/palette.h"

#include <QString>

namespace dormouse {

/// Collects labelled lines, aligned behind their labels; a label is shown once, at its first line.
class Lines
{
public:
    /// The palette must outlive this object.
    explicit Lines(const Palette &palette) : m_palette(palette) {}

    /// `text` is safe to show.
    void add(QLatin1StringView label, const QString &text);
    [[nodiscard]] QString text() const { return m_text; }

private:
    const Palette &m_palette;
    QLatin1StringView m_last;
    QString m_text;
};

} // namespace dormouse
