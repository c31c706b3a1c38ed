// SPDX-License-Identifier: MIT
#include "agent/act/services/exitdescriptor.h"

#include <cstdint>
#include <fcntl.h>
#include <sys/types.h>

#include <sys/event.h>

namespace dormouse {

Descriptor exitDescriptor(qint64 pid)
{
    Descriptor queue(::kqueue());
    struct kevent wish {
    };
    EV_SET(&wish, static_cast<std::uintptr_t>(pid), EVFILT_PROC, EV_ADD | EV_ENABLE | EV_ONESHOT, NOTE_EXIT, 0, nullptr);
    if (!queue.isOpen() || ::fcntl(queue.get(), F_SETFD, FD_CLOEXEC) != 0
        || ::kevent(queue.get(), &wish, 1, nullptr, 0, nullptr) != 0)
        return Descriptor();
    return queue;
}

} // namespace dormouse
