// SPDX-License-Identifier: MIT
#pragma once

#include <QtGlobal>

#include <memory>
#include <optional>

namespace dormouse {

/// What the system tells of one process.
struct ProcessFacts {
    std::optional<qint64> startTime; ///< as the kernel counts it since boot; only ever compared for equality
    std::optional<qint64> parent;
};

/// The processes of this machine. Implementations are safe to call from any thread.
class ProcessTable
{
public:
    virtual ~ProcessTable() = default;
    /// kill(pid, 0) succeeds or fails with EPERM; pid ≤ 0 is dead.
    [[nodiscard]] virtual bool isAlive(qint64 pid) const = 0;
    /// Nothing is known of a process that is gone, or where the system does not tell.
    [[nodiscard]] virtual ProcessFacts facts(qint64 pid) const = 0;
    /// PID 1, or the user's service manager (systemd --user), which adopt orphans.
    [[nodiscard]] virtual bool isReaper(qint64 pid) const = 0;
};

/// The running system's: /proc on Linux, sysctl on macOS.
[[nodiscard]] std::unique_ptr<ProcessTable> systemProcessTable();

} // namespace dormouse
