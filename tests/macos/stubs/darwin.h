// SPDX-License-Identifier: MIT
// Included before every source: names that macOS's own headers have and this system's have not.
#pragma once
#include <sys/types.h>

#define F_FULLFSYNC 51
#define SO_NOSIGPIPE 0x1022
#define SOL_LOCAL 0
#define LOCAL_PEERPID 0x002

#ifdef __cplusplus
extern "C" int getpeereid(int socket, uid_t *uid, gid_t *gid);
#endif
