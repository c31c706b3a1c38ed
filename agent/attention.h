// SPDX-License-Identifier: MIT
#pragma once

#include "shared/base/clock.h"
#include "shared/control/snapshot.h"

#include <QMap>
#include <QString>

#include <optional>
#include <vector>

namespace dormouse {

/// The attention marks: what is wrong now, since when, and what of it a person has dismissed. A dismissed mark comes back when its cause changes, or recurs after
/// it was gone. Main thread.
class AttentionBoard
{
public:
    /// Sets the cause of a mark, or takes the mark away.
    void set(const QString &what, const std::optional<QString> &text, WallTime now);
    /// False when there is no such mark.
    [[nodiscard]] bool acknowledge(const QString &what);
    /// The marks to show, those not acknowledged.
    [[nodiscard]] std::vector<Attention> shown() const;

    [[nodiscard]] const QMap<QString, QString> &acknowledged() const { return m_acknowledged; }
    void restore(const QMap<QString, QString> &acknowledged) { m_acknowledged = acknowledged; }

private:
    struct Mark {
        QString text;
        WallTime since;
    };
    QMap<QString, Mark> m_marks;
    QMap<QString, QString> m_acknowledged; ///< what → the cause that was dismissed
};

} // namespace dormouse
