// SPDX-License-Identifier: MIT
// Stand-in: only what our sources use.
#pragma once
#include <cstdint>
#include <sys/types.h>
#include <time.h>

#define EVFILT_PROC (-5)
#define EV_ADD 0x0001
#define EV_ENABLE 0x0004
#define EV_ONESHOT 0x0010
#define NOTE_EXIT 0x80000000U

struct kevent {
    std::uintptr_t ident;
    std::int16_t filter;
    std::uint16_t flags;
    std::uint32_t fflags;
    std::intptr_t data;
    void *udata;
};
#define EV_SET(event, a, b, c, d, e, f) (*(event) = {(a), (b), (c), (d), (e), (f)})

extern "C" {
int kqueue(void);
int kevent(int queue, const struct kevent *changes, int changeCount, struct kevent *events, int eventCount, const struct timespec *limit);
}
