// SPDX-License-Identifier: MIT
#pragma once

#include "shared/base/result.h"
#include "shared/storage/descriptor.h"

#include <QString>

namespace dormouse {

/// The file that a service's output goes to, logs/service-<name>.log: 0600, rotated at 10 MiB, three old ones kept (.1 is the newest). Main thread.
class ServiceLog
{
public:
    static constexpr qint64 kBytesMax = 10 * 1024 * 1024;

    /// `name` with anything but letters, digits, dot, dash and underscore replaced becomes part of the file's name.
    ServiceLog(const QString &folder, const QString &name);

    /// Rotates if it is due and opens for appending. Errors: Refused (a link, a folder, a FIFO), Permission (somebody else's), Io.
    [[nodiscard]] Result<Descriptor> open() const;
    /// Rotates while a process goes on writing: its end (10 MiB at most) is copied, and the file emptied, which an appending writer does not notice. What is
    /// written in between is lost. Errors as above.
    [[nodiscard]] Result<void> rotateInUse() const;
    [[nodiscard]] const QString &path() const { return m_path; }

private:
    void shift() const;

    QString m_path;
};

} // namespace dormouse
