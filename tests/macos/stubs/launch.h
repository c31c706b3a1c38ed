// SPDX-License-Identifier: MIT
#pragma once
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif
int launch_activate_socket(const char *name, int **fds, size_t *cnt);
#ifdef __cplusplus
}
#endif
