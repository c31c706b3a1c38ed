// SPDX-License-Identifier: MIT
#include "agent/act/services/servicesession.h"

#include <libproc.h>
#include <sys/proc.h>
#include <sys/proc_info.h>
#include <sys/resource.h>
#include <unistd.h>

namespace dormouse {
namespace {

bool isZombie(pid_t pid)
{
    proc_bsdshortinfo info{};
    const int got = ::proc_pidinfo(pid, PROC_PIDT_SHORTBSDINFO, 0, &info, sizeof(info));
    return got == static_cast<int>(sizeof(info)) && info.pbsi_status == SZOMB;
}

} // namespace

std::map<qint64, std::vector<qint64>> sessionMembers(const std::set<qint64> &sessions)
{
    std::map<qint64, std::vector<qint64>> members;
    if (sessions.empty())
        return members;
    constexpr std::size_t kSpare = 64; // for those that start between the two calls
    const int expected = ::proc_listallpids(nullptr, 0);
    std::vector<pid_t> pids(static_cast<std::size_t>(expected > 0 ? expected : 0) + kSpare);
    const int count = ::proc_listallpids(pids.data(), static_cast<int>(pids.size() * sizeof(pid_t)));
    pids.resize(static_cast<std::size_t>(count > 0 ? count : 0));
    for (const pid_t pid : pids) {
        const pid_t session = ::getsid(pid);
        if (session > 0 && sessions.contains(session) && !isZombie(pid))
            members[session].push_back(pid);
    }
    return members;
}

qint64 residentBytes(const std::vector<qint64> &pids)
{
    qint64 sum = 0;
    for (const qint64 pid : pids) {
        rusage_info_v2 usage{};
        if (::proc_pid_rusage(static_cast<int>(pid), RUSAGE_INFO_V2, reinterpret_cast<rusage_info_t *>(&usage)) == 0)
            sum += static_cast<qint64>(usage.ri_phys_footprint);
    }
    return sum;
}

} // namespace dormouse
