// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>

#include <functional>

namespace dormouse {

/// Takes a child's output of any length and keeps its last 4 KiB. A value; one thread.
class OutputTail
{
public:
    static constexpr qsizetype kBytesMax = 4096;

    /// `line` is called for each line that is complete, without its end and cut at 4 KiB; empty: lines are not looked for.
    void add(const QByteArray &bytes, const std::function<void(const QByteArray &)> &line = {});
    [[nodiscard]] const QByteArray &tail() const { return m_tail; }

private:
    QByteArray m_tail;
    QByteArray m_line; ///< the one that is not complete
};

} // namespace dormouse
