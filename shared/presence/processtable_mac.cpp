// SPDX-License-Identifier: MIT
#include "shared/presence/processtable.h"

#include <cerrno>
#include <limits>

#include <signal.h>
#include <sys/sysctl.h>
#include <sys/types.h>
#include <unistd.h>

namespace dormouse {
namespace {

class MacProcessTable final : public ProcessTable
{
public:
    [[nodiscard]] bool isAlive(qint64 pid) const override
    {
        if (pid <= 0 || pid > std::numeric_limits<pid_t>::max())
            return false;
        return ::kill(static_cast<pid_t>(pid), 0) == 0 || errno == EPERM;
    }

    [[nodiscard]] ProcessFacts facts(qint64 pid) const override
    {
        if (pid <= 0 || pid > std::numeric_limits<pid_t>::max())
            return {};
        int name[] = {CTL_KERN, KERN_PROC, KERN_PROC_PID, static_cast<int>(pid)};
        struct kinfo_proc process {
        };
        size_t size = sizeof(process);
        // An unknown PID is no error to sysctl: it answers with nothing.
        if (::sysctl(name, 4, &process, &size, nullptr, 0) != 0 || size < sizeof(process))
            return {};
        // Kept by the kernel since the fork and never recomputed, so that a clock step does not change it.
        const timeval start = process.kp_proc.p_starttime;
        ProcessFacts facts{qint64{start.tv_sec} * 1'000'000 + start.tv_usec, process.kp_eproc.e_ppid};
        if (facts.parent == 0)
            facts.parent.reset();
        return facts;
    }

    [[nodiscard]] bool isReaper(qint64 pid) const override { return pid == 1; } // launchd adopts every orphan
};

} // namespace

std::unique_ptr<ProcessTable> systemProcessTable()
{
    return std::make_unique<MacProcessTable>();
}

} // namespace dormouse
