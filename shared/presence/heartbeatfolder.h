// SPDX-License-Identifier: MIT
#pragma once

#include "shared/base/clock.h"
#include "shared/base/result.h"
#include "shared/records/heartbeat.h"

#include <QByteArray>
#include <QString>

#include <memory>
#include <optional>
#include <string_view>
#include <utility>

#include <dirent.h>
#include <sys/stat.h>

namespace dormouse {

/// What the file system tells of one file. Equal stamps mean equal content, but for two writes within one tick of its clock.
struct FileStamp {
    quint64 inode = 0;
    qint64 size = 0;
    qint64 modifiedNs = 0; ///< since 1970; what is centuries away is drawn in
    qint64 changedNs = 0;

    [[nodiscard]] WallTime modified() const;
    [[nodiscard]] WallTime changed() const;
    bool operator==(const FileStamp &) const = default;
};

/// What became of looking at one name.
enum class FileState {
    Read,       ///< its bytes are there
    Oversize,   ///< a regular file over the bound; not read
    Regular,    ///< a regular file, only stat'ed
    NotRegular, ///< FIFO, socket, symbolic link, folder, device
    Foreign,    ///< neither ours nor root's: see owner; not read
    Gone,
    Failed, ///< see systemError
};

struct FileLook {
    FileState state = FileState::Failed;
    FileStamp stamp;  ///< for Read, Oversize, Regular, and for Failed where it could still be stat'ed
    QByteArray bytes; ///< for Read; valid until the next read() of the same folder
    int systemError = 0;
    uid_t owner = 0; ///< for Foreign
};

/// The wrappers folder, open: lists its candidates and looks at them without ever blocking or following a link. Owned by one scan; any thread, one at a time.
class HeartbeatFolder
{
public:
    /// Errors: NotFound, Refused (a symbolic link or no folder), Io.
    [[nodiscard]] static Result<HeartbeatFolder> open(const QString &path);

    struct Candidate {
        std::string_view name; ///< raw bytes, zero-terminated; valid until the next call
        quint64 inode = 0;
        bool mayBeRegular = true;
    };
    /// The next name that matches heartbeat-*.json; nothing at the end, or when listing failed (listError).
    [[nodiscard]] std::optional<Candidate> next();
    [[nodiscard]] int listError() const { return m_listError; }
    void rewind() { ::rewinddir(m_dir.get()); }
    /// Device and inode: tells a folder from one that was made again in its place.
    [[nodiscard]] std::pair<quint64, quint64> identity() const;

    [[nodiscard]] FileLook stat(const char *name) const;
    /// `buffer` holds at least kHeartbeatBytesMax + 1 bytes.
    [[nodiscard]] FileLook read(const char *name, char *buffer) const;
    /// 0, or errno.
    [[nodiscard]] int remove(const char *name) const;

private:
    struct Close {
        void operator()(DIR *dir) const { ::closedir(dir); }
    };
    explicit HeartbeatFolder(DIR *dir) : m_dir(dir) {}
    std::unique_ptr<DIR, Close> m_dir;
    int m_listError = 0;
};

/// The heartbeat that a look at a file gave: its payload, else what name and mtime say; nothing when it is no heartbeat at all.
[[nodiscard]] std::optional<Heartbeat> heartbeatOf(const FileLook &look, const QByteArray &name);

} // namespace dormouse
