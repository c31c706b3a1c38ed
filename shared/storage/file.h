// SPDX-License-Identifier: MIT
#pragma once

#include "shared/base/clock.h"
#include "shared/base/result.h"

#include <QByteArray>
#include <QString>
#include <QStringList>

namespace dormouse {

/// Whether a write must survive a power cut on media that lie about fsync (macOS F_FULLFSYNC).
enum class Durability { Normal, Transition };

/// Who may read what is written.
enum class Readers { Owner, Everybody };

/// Replaces `path` atomically: same-folder temporary (0600 from its creation), write, fsync, rename, fsync of the folder. On any error up
/// to the rename the old file is intact and no temporary is left. No link is followed, not even one that is put there meanwhile. Errors: Refused
/// (symbolic link, FIFO, folder), Io with errno and the step that failed, or where the old file is another user's; NotDurable when it is in place but
/// the folder's fsync failed. Thread: any; never two on the same path at once.
[[nodiscard]] Result<void> writeAtomically(const QString &path, const QByteArray &bytes,
                                           Durability durability = Durability::Normal, Readers readers = Readers::Owner);

/// Reads a regular file whole. Never blocks on a FIFO and never follows a symbolic link. Errors: NotFound, Refused (not a regular
/// file, or neither ours nor root's), TooLarge (over `maximum` bytes; nothing is read), Io.
[[nodiscard]] Result<QByteArray> readBounded(const QString &path, qint64 maximum);

/// The same for what is read once, at start-up, and replaced later: a fault that passes (EIO, EMFILE) must not cost what stands there. Tried
/// three times before it answers Io; may block for 40 ms.
[[nodiscard]] Result<QByteArray> readPatiently(const QString &path, qint64 maximum);

/// Keeps a malformed file as `NAME.bad-<time>` (a hard link or copy; the newest three stay); the file itself stays in place.
[[nodiscard]] Result<void> keepBad(const QString &path, const QString &timeTag);

/// Removes temporaries that a killed writer of ours left beside our files (`NAME.XXXXXX`). Returns how many went.
int sweepOwnTemporaries(const QString &folder, const QStringList &names);

/// Removes others' temporaries (`.*.tmp`, `*.tmp`) in `folder` whose mtime is older than `olderThan`. Returns how many went.
int sweepForeignTemporaries(const QString &folder, WallTime olderThan);

} // namespace dormouse
