// SPDX-License-Identifier: MIT
#pragma once

#include "tray/model/agentpicture.h"

#include <QString>
#include <QStringList>

#include <vector>

namespace dormouse {

/// Something to tell the user once.
struct Notice {
    enum class Kind { Information, Warning };
    QString id; ///< the occasion: the same one is never told twice
    Kind kind = Kind::Information;
    QString title;
    QString text;

    bool operator==(const Notice &) const = default;
};

/// Decides what is told, and when: attention marks (quarantine, a service that keeps crashing, configuration errors) each once an occasion, and whether
/// the digest is due. A value; what was told is handed in and out, so that it outlives the tray.
class NoticeBook
{
public:
    /// `told`: ids of earlier sessions, newest last; bounded.
    explicit NoticeBook(QStringList told = {});
    /// What is new in `picture`.
    [[nodiscard]] std::vector<Notice> observe(const AgentPicture &picture);
    /// True once, when the state is WAKE and a digest waits: the caller then asks the agent for it (which applies the 18 h gate).
    [[nodiscard]] bool isDigestDue(const AgentPicture &picture);
    [[nodiscard]] const QStringList &told() const { return m_told; }

private:
    QStringList m_told;
    QString m_digestAsked; ///< the occasion for which the digest was asked for
};

/// The notice of a digest that the agent gave out; its counters in words. Context "Notices".
[[nodiscard]] Notice digestNotice(const QJsonObject &digest, WallTime now);
/// The lines of a digest for a window: name and value, in words for the known counters.
[[nodiscard]] std::vector<std::pair<QString, QString>> digestLines(const QJsonObject &digest, WallTime now);

} // namespace dormouse
