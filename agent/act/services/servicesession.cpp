// SPDX-License-Identifier: MIT
#include "agent/act/services/servicesession.h"

#include <csignal>
#include <unistd.h>

namespace dormouse {

void signalSession(qint64 session, const std::vector<qint64> &members, int signal)
{
    const auto group = static_cast<pid_t>(session);
    if (members.empty() || group <= 1)
        return; // the number may belong to somebody else by now
    ::kill(-group, signal);
    if (signal == SIGTERM)
        ::kill(-group, SIGCONT); // a stopped process does not hear it
    for (const qint64 member : members) {
        const auto pid = static_cast<pid_t>(member);
        if (::getpgid(pid) != group && ::getsid(pid) == group)
            ::kill(pid, signal);
    }
}

} // namespace dormouse
