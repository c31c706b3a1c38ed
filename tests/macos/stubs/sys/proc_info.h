// SPDX-License-Identifier: MIT
// Stand-in: only what our sources use.
#pragma once
#include <cstdint>

#define PROC_PIDPATHINFO_MAXSIZE 4096
#define PROC_PIDVNODEPATHINFO 9
#define PROC_PIDT_SHORTBSDINFO 13
#define RUSAGE_INFO_V2 2

struct proc_bsdshortinfo {
    std::uint32_t pbsi_pid;
    std::uint32_t pbsi_status;
};
struct vnode_info_path {
    char vip_path[1024];
};
struct proc_vnodepathinfo {
    vnode_info_path pvi_cdir;
    vnode_info_path pvi_rdir;
};
typedef void *rusage_info_t;
struct rusage_info_v2 {
    std::uint64_t ri_phys_footprint;
};
