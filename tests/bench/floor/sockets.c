/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "floor.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static int opened(const char *path, int (*how)(int, const struct sockaddr *, socklen_t))
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    const int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
    if (descriptor >= 0 && how(descriptor, (const struct sockaddr *)&address, sizeof address) == 0)
        return descriptor;
    if (descriptor >= 0)
        close(descriptor);
    return -1;
}

int floor_listen(const char *path)
{
    const int descriptor = opened(path, bind);
    return descriptor >= 0 && listen(descriptor, 128) == 0 ? descriptor : -1;
}

int floor_connect(const char *path)
{
    return opened(path, connect);
}

long floor_send(int socket, const char *line, size_t size)
{
    return send(socket, line, size, MSG_NOSIGNAL) == (ssize_t)size ? (long)size : -1;
}

long floor_receive(int socket)
{
    static char buffer[64 * 1024];
    long total = 0;
    for (;;) {
        const ssize_t got = recv(socket, buffer, sizeof buffer, 0);
        if (got <= 0)
            return -1;
        total += got;
        if (buffer[got - 1] == '\n')
            return total;
    }
}
