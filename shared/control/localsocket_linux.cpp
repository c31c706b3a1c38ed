// SPDX-License-Identifier: MIT
#include "shared/control/agentclient.h"

#include <sys/socket.h>
#include <sys/un.h>

namespace dormouse {

std::optional<PeerCredentials> peerCredentials(qintptr descriptor)
{
    ucred credentials{};
    socklen_t size = sizeof(credentials);
    if (getsockopt(static_cast<int>(descriptor), SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0
        || size != sizeof(credentials))
        return std::nullopt;
    return PeerCredentials{static_cast<qint64>(credentials.uid), static_cast<qint64>(credentials.pid)};
}

int socketPathBytesMax()
{
    // sun_path less its final zero, and less the one more that QLocalSocket demands.
    return static_cast<int>(sizeof(sockaddr_un::sun_path)) - 2;
}

} // namespace dormouse
