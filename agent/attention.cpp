// SPDX-License-Identifier: MIT
#include "agent/attention.h"

#include "shared/records/timestamp.h"

namespace dormouse {

void AttentionBoard::set(const QString &what, const std::optional<QString> &text, WallTime now)
{
    if (!text) {
        m_marks.remove(what);
        m_acknowledged.remove(what);
        return;
    }
    auto mark = m_marks.find(what);
    if (mark == m_marks.end())
        m_marks.insert(what, {*text, now});
    else
        mark->text = *text;
}

bool AttentionBoard::acknowledge(const QString &what)
{
    const auto mark = m_marks.constFind(what);
    if (mark == m_marks.constEnd())
        return false;
    m_acknowledged.insert(what, mark->text);
    return true;
}

std::vector<Attention> AttentionBoard::shown() const
{
    std::vector<Attention> result;
    for (auto mark = m_marks.constBegin(); mark != m_marks.constEnd(); ++mark) {
        if (m_acknowledged.value(mark.key()) != mark->text)
            result.push_back({mark.key(), mark->text, formatTimestamp(mark->since)});
    }
    return result;
}

} // namespace dormouse
