/* SPDX-License-Identifier: MIT */
/* usage: bench_watch FOLDER STATE SOCKET: on each file renamed into FOLDER writes a record and a line into STATE durably, then a line to its one client. */
#define _GNU_SOURCE
#include "floor.h"

#include <stdio.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/socket.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    char events[4096];
    char record[300];
    char line[120];
    memset(record, 'r', sizeof record);
    memset(line, 'l', sizeof line);
    const int watch = inotify_init1(IN_CLOEXEC);
    if (argc != 4 || watch < 0 || inotify_add_watch(watch, argv[1], IN_MOVED_TO) < 0) {
        perror("bench_watch");
        return 1;
    }
    const int listener = floor_listen(argv[3]);
    const int client = listener < 0 ? -1 : accept(listener, NULL, NULL);
    while (client >= 0 && read(watch, events, sizeof events) > 0) {
        if (floor_dispatch(argv[2], record, sizeof record, line, sizeof line) != 0 || floor_send(client, "WAKE\n", 5) < 0)
            return 1;
    }
    return client < 0;
}
