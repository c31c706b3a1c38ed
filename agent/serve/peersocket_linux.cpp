// SPDX-License-Identifier: MIT
#include "agent/serve/peersocket.h"

#include <sys/socket.h>
#include <unistd.h>

namespace dormouse {

int acceptPeer(int listening)
{
    return ::accept4(listening, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
}

void dismissPeer(int descriptor, const QByteArray &line)
{
    // Whatever does not fit is of no interest to a peer that does not read.
    [[maybe_unused]] const ssize_t sent =
        ::send(descriptor, line.constData(), static_cast<size_t>(line.size()), MSG_DONTWAIT | MSG_NOSIGNAL);
    ::close(descriptor);
}

} // namespace dormouse
