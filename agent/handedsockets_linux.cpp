// SPDX-License-Identifier: MIT
// The protocol of sd_listen_fds(3), without its library.
#include "agent/handedsockets.h"

#include <QByteArray>
#include <QtGlobal>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace dormouse {
namespace {

constexpr int kFirstDescriptor = 3;
constexpr int kDescriptorsMax = 64; // the agent wants one

} // namespace

std::vector<int> takeHandedSockets()
{
    const bool isForUs = qgetenv("LISTEN_PID").toLongLong() == ::getpid();
    const int count = qgetenv("LISTEN_FDS").toInt();
    for (const char *variable : {"LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES"})
        qunsetenv(variable);
    std::vector<int> descriptors;
    if (!isForUs)
        return descriptors; // an ancestor's, which forgot to take them away: the numbers mean nothing here
    for (int i = 0; i < count && i < kDescriptorsMax; ++i) {
        const int descriptor = kFirstDescriptor + i;
        struct stat status {
        };
        // Where the count lies, the rest is our own.
        if (::fstat(descriptor, &status) == 0 && S_ISSOCK(status.st_mode) && ::fcntl(descriptor, F_SETFD, FD_CLOEXEC) == 0)
            descriptors.push_back(descriptor);
    }
    return descriptors;
}

} // namespace dormouse
