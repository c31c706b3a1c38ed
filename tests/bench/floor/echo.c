/* SPDX-License-Identifier: MIT */
/* usage: bench_echo SOCKET: answers every line with itself, to any number of clients, until it is killed. */
#define _GNU_SOURCE
#include "floor.h"

#include <stdio.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    struct epoll_event events[128];
    char line[4096];
    const int listener = argc == 2 ? floor_listen(argv[1]) : -1;
    const int poll = epoll_create1(EPOLL_CLOEXEC);
    struct epoll_event wanted = {.events = EPOLLIN, .data.fd = listener};
    if (listener < 0 || poll < 0 || epoll_ctl(poll, EPOLL_CTL_ADD, listener, &wanted) != 0) {
        perror("bench_echo");
        return 1;
    }
    for (;;) {
        const int count = epoll_wait(poll, events, 128, -1);
        for (int i = 0; i < count; ++i) {
            const int ready = events[i].data.fd;
            if (ready == listener) {
                wanted.data.fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
                if (wanted.data.fd >= 0)
                    epoll_ctl(poll, EPOLL_CTL_ADD, wanted.data.fd, &wanted);
                continue;
            }
            const ssize_t got = recv(ready, line, sizeof line, 0);
            if (got <= 0 || send(ready, line, (size_t)got, MSG_NOSIGNAL) != got)
                close(ready);
        }
    }
}
