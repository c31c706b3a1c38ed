// SPDX-License-Identifier: MIT
#include "shared/control/agentclient.h"

#include <sys/socket.h>
#include <sys/types.h>
#include <sys/un.h>
#include <unistd.h>

namespace dormouse {

std::optional<PeerCredentials> peerCredentials(qintptr descriptor)
{
    const int socket = static_cast<int>(descriptor);
    uid_t uid = 0;
    gid_t gid = 0;
    if (getpeereid(socket, &uid, &gid) != 0)
        return std::nullopt;
    pid_t pid = 0;
    socklen_t size = sizeof(pid);
    if (getsockopt(socket, SOL_LOCAL, LOCAL_PEERPID, &pid, &size) != 0)
        pid = 0;
    return PeerCredentials{static_cast<qint64>(uid), static_cast<qint64>(pid)};
}

int socketPathBytesMax()
{
    // sun_path less its final zero, and less the one more that QLocalSocket demands.
    return static_cast<int>(sizeof(sockaddr_un::sun_path)) - 2;
}

} // namespace dormouse
