// SPDX-License-Identifier: MIT
#pragma once

#include "cli/palette.h"

#include <QJsonObject>
#include <QString>

namespace dormouse {

/// Standard output or standard error: unbuffered, knows whether it is a terminal. A failed write is remembered. Main thread.
class Output
{
public:
    explicit Output(int descriptor);

    [[nodiscard]] bool isTerminal() const { return m_terminal; }
    /// A terminal that understands cursor movement.
    [[nodiscard]] bool canRedraw() const { return m_redraw; }
    [[nodiscard]] const Palette &palette() const { return m_palette; }
    /// errno of the first write that failed, 0 while all went well.
    [[nodiscard]] int failure() const { return m_failure; }

    void write(const QString &text);
    void line(const QString &text);
    void json(const QJsonObject &object);     ///< indented
    void jsonLine(const QJsonObject &object); ///< one line

private:
    void writeBytes(const QByteArray &bytes);

    int m_descriptor;
    bool m_terminal;
    bool m_redraw;
    Palette m_palette;
    int m_failure = 0;
};

} // namespace dormouse
