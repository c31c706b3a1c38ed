/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "floor.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char buffer[256 * 1024];

long floor_scan(const char *folder)
{
    static const char prefix[] = "heartbeat-";
    long count = 0;
    DIR *dir = opendir(folder);
    if (dir == NULL)
        return -1;
    for (struct dirent *entry = readdir(dir); entry != NULL; entry = readdir(dir)) {
        if (strncmp(entry->d_name, prefix, sizeof prefix - 1) != 0)
            continue;
        const int file = openat(dirfd(dir), entry->d_name, O_RDONLY | O_CLOEXEC);
        struct stat status;
        if (file < 0 || fstat(file, &status) != 0 || read(file, buffer, sizeof buffer) < 0) {
            count = -1;
            break;
        }
        close(file);
        const int alive = kill((pid_t)strtol(entry->d_name + sizeof prefix - 1, NULL, 10), 0) == 0 || errno == EPERM;
        count += 1 + 0 * alive;
    }
    closedir(dir);
    return count;
}

static int put(int file, const char *bytes, size_t size)
{
    const int failed = file < 0 || write(file, bytes, size) != (ssize_t)size || fsync(file) != 0;
    if (file >= 0)
        close(file);
    return failed;
}

long floor_dispatch(const char *folder, const char *record, size_t record_size, const char *line, size_t line_size)
{
    char temporary[512];
    char target[512];
    char log[512];
    snprintf(temporary, sizeof temporary, "%s/record.tmp", folder);
    snprintf(target, sizeof target, "%s/record", folder);
    snprintf(log, sizeof log, "%s/log", folder);
    if (put(open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600), record, record_size) != 0
        || rename(temporary, target) != 0)
        return -1;
    const int parent = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (parent < 0 || fsync(parent) != 0)
        return -1;
    close(parent);
    return put(open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600), line, line_size) == 0 ? 0 : -1;
}

long floor_read(const char *folder)
{
    long total = 0;
    DIR *dir = opendir(folder);
    if (dir == NULL)
        return -1;
    for (struct dirent *entry = readdir(dir); entry != NULL; entry = readdir(dir)) {
        if (entry->d_name[0] == '.')
            continue;
        const int file = openat(dirfd(dir), entry->d_name, O_RDONLY | O_CLOEXEC);
        if (file < 0)
            return -1;
        for (ssize_t got = read(file, buffer, sizeof buffer); got > 0; got = read(file, buffer, sizeof buffer))
            total += got;
        close(file);
    }
    closedir(dir);
    return total;
}
