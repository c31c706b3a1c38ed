// SPDX-License-Identifier: MIT
#pragma once

#include "shared/base/result.h"
#include "shared/storage/descriptor.h"

#include <QByteArray>
#include <QString>

#include <atomic>
#include <memory>

struct gzFile_s;

namespace dormouse {

/// Reads a file that may be gzipped, from its beginning, in pieces. Refuses what is not a regular file. One thread at a time.
class GzipReader
{
public:
    /// Errors: NotFound, Refused, Io.
    [[nodiscard]] static Result<GzipReader> open(const QString &path);

    /// Fills up to `size` bytes; 0 at the end, also at a damaged place (see isDamaged()).
    [[nodiscard]] qsizetype read(char *buffer, qsizetype size);
    /// After the end: the compressed stream is cut short or corrupt, or could not be read.
    [[nodiscard]] bool isDamaged() const { return m_damaged; }
    /// False when the file holds plain bytes.
    [[nodiscard]] bool isCompressed() const;

private:
    struct Close {
        void operator()(gzFile_s *file) const;
    };
    explicit GzipReader(gzFile_s *file) : m_file(file) {}
    explicit GzipReader(Descriptor plain) : m_plain(std::move(plain)) {}

    std::unique_ptr<gzFile_s, Close> m_file; ///< nothing for plain bytes, which zlib would only copy
    Descriptor m_plain;
    bool m_damaged = false;
};

/// Appends the whole of plain file `source` to the open descriptor as one gzip member after `prefix`. Answers how many bytes went in uncompressed. Not synced.
/// Broken off, with an error, once `isOver` is true.
[[nodiscard]] Result<qint64> appendGzipped(int descriptor, const QByteArray &prefix, const QString &source,
                                           const std::atomic<bool> *isOver = nullptr);

} // namespace dormouse
