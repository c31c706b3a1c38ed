// SPDX-License-Identifier: MIT
// Stand-in: only what our sources use.
#pragma once
#include <cstdint>
#include <sys/proc_info.h>
#include <sys/resource.h>
#include <sys/types.h>

extern "C" {
int proc_pidpath(int pid, void *buffer, std::uint32_t size);
int proc_pidinfo(int pid, int flavor, std::uint64_t argument, void *buffer, int size);
int proc_listallpids(void *buffer, int size);
int proc_pid_rusage(int pid, int flavor, void **buffer);
}
