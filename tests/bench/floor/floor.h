/* SPDX-License-Identifier: MIT */
/* The floors: what the same work costs in plain C, with nothing checked, kept or explained. Each answers -1 when it failed. */
#pragma once

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Reads every heartbeat in a folder: readdir, openat, fstat, read, close, kill. Answers how many there were. */
long floor_scan(const char *folder);
/* Replaces folder/record durably and appends a line to folder/log durably: write, fsync, rename, fsync of the folder; append, fsync. */
long floor_dispatch(const char *folder, const char *record, size_t record_size, const char *line, size_t line_size);
/* Reads all files of a folder. Answers how many bytes there were. */
long floor_read(const char *folder);
/* A listening Unix socket; a connected one. */
int floor_listen(const char *path);
int floor_connect(const char *path);
/* Writes a line to a socket; reads up to the end of one line of any length. Answer how many bytes went. */
long floor_send(int socket, const char *line, size_t size);
long floor_receive(int socket);

#ifdef __cplusplus
}
#endif
