// SPDX-License-Identifier: MIT
#pragma once

#include <QString>

#include <sys/types.h>

#include <optional>

namespace dormouse::os {

/// What this room asks of the operating system beyond POSIX; one source a platform. Thread: any.

/// Flushes to the medium itself (macOS F_FULLFSYNC; elsewhere fsync does that). Answers 0 or errno.
[[nodiscard]] int syncToMedium(int descriptor);

/// The name of a running program: base name of its executable, else the kernel's (possibly shortened) one; "" when not told.
[[nodiscard]] QString processName(qint64 pid);

/// Whether process `pid` runs a program of that name. True as well where the system does not tell.
[[nodiscard]] bool isProcessNamed(qint64 pid, const QString &program);

/// Whether process `pid` has ended, though its number is still taken: nobody has asked for its exit code. False where the system does not tell.
[[nodiscard]] bool hasEnded(qint64 pid);

/// The process that took the flock on a file; nothing when nobody holds it or the system does not tell.
[[nodiscard]] std::optional<qint64> flockHolder(dev_t device, ino_t inode);

} // namespace dormouse::os
