// SPDX-License-Identifier: MIT
#pragma once

#include "shared/base/result.h"

#include <QByteArray>
#include <QString>

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
    /// After the first read: false when the file holds plain bytes.
    [[nodiscard]] bool isCompressed() const;

private:
    struct Close {
        void operator()(gzFile_s *file) const;
    };
    explicit GzipReader(gzFile_s *file) : m_file(file) {}

    std::unique_ptr<gzFile_s, Close> m_file;
    bool m_damaged = false;
};

/// Appends the whole of plain file `source` to the open descriptor as one gzip member after `prefix`. Answers how many bytes went in uncompressed. Not synced.
[[nodiscard]] Result<qint64> appendGzipped(int descriptor, const QByteArray &prefix, const QString &source);

} // namespace dormouse
