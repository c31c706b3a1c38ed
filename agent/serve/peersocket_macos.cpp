// SPDX-License-Identifier: MIT
#include "agent/serve/peersocket.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

namespace dormouse {

int acceptPeer(int listening)
{
    const int descriptor = ::accept(listening, nullptr, nullptr);
    if (descriptor < 0)
        return -1;
    // There is no accept4 here.
    ::fcntl(descriptor, F_SETFD, FD_CLOEXEC);
    ::fcntl(descriptor, F_SETFL, ::fcntl(descriptor, F_GETFL) | O_NONBLOCK);
    const int on = 1;
    ::setsockopt(descriptor, SOL_SOCKET, SO_NOSIGPIPE, &on, sizeof(on));
    return descriptor;
}

void dismissPeer(int descriptor, const QByteArray &line)
{
    // Non-blocking and without SIGPIPE since acceptPeer(). Whatever does not fit is of no interest to a peer that does not read.
    [[maybe_unused]] const ssize_t sent = ::send(descriptor, line.constData(), static_cast<size_t>(line.size()), 0);
    ::close(descriptor);
}

} // namespace dormouse
