// SPDX-License-Identifier: MIT
#pragma once

#include "shared/base/clock.h"

#include <QtGlobal>

namespace dormouse {

/// What all connections together ask of the agent, so that many of them cannot do what one may not: keep others waiting, and have it hold what they do not
/// read. Owned by the server, shared by its connections; main thread.
class ServingLoad
{
public:
    void addLine(AwakeTime now)
    {
        if (now - m_windowBegan >= kWindow) {
            m_windowBegan = now;
            m_linesInWindow = 0;
        }
        ++m_linesInWindow;
    }
    /// Each connection gets one line answered, and then it is the others' turn.
    [[nodiscard]] bool isHigh(AwakeTime now) const { return m_linesInWindow > kLinesMax && now - m_windowBegan < kWindow; }

    void changeUnread(qint64 bytes) { m_unread += bytes; }
    /// The most that one connection may leave unread now.
    [[nodiscard]] qint64 unreadAllowed(qint64 limit) const
    {
        return m_unread > kUnreadMax ? qMin(limit, kUnreadWhenHigh) : limit;
    }

private:
    static constexpr Millis kWindow{10};
    static constexpr int kLinesMax = 64;                  ///< 2 to 3 ms of answers
    static constexpr qint64 kUnreadMax = 2 * 1024 * 1024; ///< of all connections; beyond it each may have little
    static constexpr qint64 kUnreadWhenHigh = 16 * 1024;

    AwakeTime m_windowBegan;
    int m_linesInWindow = 0;
    qint64 m_unread = 0;
};

} // namespace dormouse
