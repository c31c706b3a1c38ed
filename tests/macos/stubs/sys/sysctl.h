// SPDX-License-Identifier: MIT
// Stand-in: only what our sources use.
#pragma once
#include <sys/time.h>
#include <sys/types.h>

#define CTL_KERN 1
#define KERN_PROC 14
#define KERN_PROC_PID 1
#define KERN_PROCARGS2 49

struct extern_proc {
    timeval p_starttime;
};
struct eproc {
    pid_t e_ppid;
};
struct kinfo_proc {
    extern_proc kp_proc;
    eproc kp_eproc;
};

extern "C" {
int sysctl(int *name, unsigned count, void *old, size_t *oldSize, void *fresh, size_t freshSize);
int sysctlbyname(const char *name, void *old, size_t *oldSize, void *fresh, size_t freshSize);
}
