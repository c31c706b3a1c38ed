// SPDX-License-Identifier: MIT
#include "agent/act/services/exitdescriptor.h"

#include <sys/syscall.h>

namespace dormouse {

Descriptor exitDescriptor(qint64 pid)
{
    return Descriptor(static_cast<int>(::syscall(SYS_pidfd_open, static_cast<pid_t>(pid), 0))); // always CLOEXEC
}

} // namespace dormouse
