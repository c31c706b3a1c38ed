// SPDX-License-Identifier: MIT
#include "agent/act/outputtail.h"

#include <algorithm>

namespace dormouse {

void OutputTail::add(const QByteArray &bytes, const std::function<void(const QByteArray &)> &line)
{
    if (bytes.size() >= kBytesMax) {
        m_tail = bytes.last(kBytesMax);
    } else {
        m_tail += bytes;
        m_tail.remove(0, std::max(qsizetype{0}, m_tail.size() - kBytesMax));
    }
    if (!line)
        return;
    for (qsizetype from = 0; from < bytes.size();) {
        const qsizetype end = bytes.indexOf('\n', from);
        const qsizetype length = (end < 0 ? bytes.size() : end) - from;
        m_line += bytes.mid(from, std::min(length, kBytesMax - m_line.size()));
        if (end < 0)
            return;
        line(m_line);
        m_line.clear();
        from = end + 1;
    }
}

} // namespace dormouse
