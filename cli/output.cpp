// SPDX-License-Identifier: MIT
#include "cli/output.h"

#include "shared/records/json.h"

#include <cerrno>

#include <poll.h>
#include <unistd.h>

namespace dormouse {

Output::Output(int descriptor)
    : m_descriptor(descriptor), m_terminal(::isatty(descriptor) == 1), m_redraw(wantsColour(m_terminal, {}, qgetenv("TERM"))),
      m_palette(wantsColour(m_terminal, qgetenv("NO_COLOR"), qgetenv("TERM")))
{
}

void Output::write(const QString &text)
{
    writeBytes(text.toUtf8());
}

void Output::line(const QString &text)
{
    writeBytes(text.toUtf8() + '\n');
}

void Output::json(const QJsonObject &object)
{
    writeBytes(formatJsonFile(object));
}

void Output::jsonLine(const QJsonObject &object)
{
    writeBytes(formatJsonLine(object) + '\n');
}

void Output::writeBytes(const QByteArray &bytes)
{
    qsizetype done = 0;
    while (m_failure == 0 && done < bytes.size()) {
        const ssize_t written = ::write(m_descriptor, bytes.constData() + done, static_cast<std::size_t>(bytes.size() - done));
        if (written >= 0) {
            done += written;
        } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
            pollfd waiting{m_descriptor, POLLOUT, 0}; // somebody made the terminal non-blocking
            ::poll(&waiting, 1, -1);
        } else if (errno != EINTR) {
            m_failure = errno;
        }
    }
}

} // namespace dormouse
