// SPDX-License-Identifier: MIT
#pragma once

#include <QJsonObject>

#include <array>

namespace dormouse {

/// The limits of the control socket whose breaches are counted.
enum class Refusal { Connections, LineTooLong, Rate, Unread, HalfLine, ForeignUid, Invalid, UnknownType };

/// How often each was breached since the start. Owned by the server; main thread.
class Refusals
{
public:
    Refusals();
    /// Logs the first of each kind and, so that nobody can fill the log, only counts the others.
    void add(Refusal refusal, qint64 pid);
    /// "connections", "line_too_long", …: every kind, zero included.
    [[nodiscard]] const QJsonObject &counts() const { return m_object; }

private:
    std::array<qint64, 8> m_counts{};
    QJsonObject m_object; ///< asked for far more often than counted
};

} // namespace dormouse
