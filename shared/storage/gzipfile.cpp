// SPDX-License-Identifier: MIT
#include "shared/storage/gzipfile.h"

#include "shared/storage/descriptor.h"

#include <QFile>

#include <algorithm>
#include <array>

#include <fcntl.h>
#include <sys/stat.h>
#include <zlib.h>

namespace dormouse {
namespace {

using namespace Qt::Literals::StringLiterals;

constexpr unsigned kBufferBytes = 128 * 1024;

struct CloseWriter {
    void operator()(gzFile_s *file) const { gzclose_w(file); }
};

} // namespace

void GzipReader::Close::operator()(gzFile_s *file) const
{
    gzclose_r(file);
}

Result<GzipReader> GzipReader::open(const QString &path)
{
    constexpr int kFlags = O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY;
    Descriptor file(uninterrupted([&] { return ::open(QFile::encodeName(path).constData(), kFlags); }));
    if (!file.isOpen()) {
        if (errno == ENOENT)
            return Error{ErrorCode::NotFound, u"does not exist"_s, path};
        return ioError(u"cannot be opened"_s, path);
    }
    struct stat status {
    };
    if (::fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode))
        return Error{ErrorCode::Refused, u"is not a regular file"_s, path};
    if (status.st_uid != ::geteuid() && status.st_uid != 0)
        return Error{ErrorCode::Refused, u"belongs to another user (uid %1) and is not believed"_s.arg(status.st_uid), path};
    constexpr std::array<unsigned char, 2> kMagic{0x1f, 0x8b};
    std::array<unsigned char, 2> begin{};
    if (uninterrupted([&] { return ::pread(file.get(), begin.data(), begin.size(), 0); }) != ssize_t{2} || begin != kMagic)
        return GzipReader(std::move(file));
    gzFile stream = gzdopen(file.get(), "rb");
    if (stream == nullptr)
        return ioError(u"cannot be read (out of memory)"_s, path, ENOMEM);
    static_cast<void>(file.release()); // the stream closes it
    gzbuffer(stream, kBufferBytes);
    return GzipReader(stream);
}

qsizetype GzipReader::read(char *buffer, qsizetype size)
{
    if (m_damaged)
        return 0;
    if (!m_file) {
        const ssize_t plain = uninterrupted([&] { return ::read(m_plain.get(), buffer, static_cast<std::size_t>(size)); });
        m_damaged = plain < 0;
        return std::max<qsizetype>(plain, 0);
    }
    const int got = gzread(m_file.get(), buffer, static_cast<unsigned>(size));
    int failure = Z_OK;
    gzerror(m_file.get(), &failure);
    // A stream that is cut short is told along with the last bytes, or after them.
    if (got < 0 || (failure != Z_OK && failure != Z_STREAM_END))
        m_damaged = true;
    return got < 0 ? 0 : got;
}

bool GzipReader::isCompressed() const
{
    return m_file && gzdirect(m_file.get()) == 0;
}

Result<qint64> appendGzipped(int descriptor, const QByteArray &prefix, const QString &source, const std::atomic<bool> *isOver)
{
    auto opened = GzipReader::open(source);
    if (!opened)
        return opened.error();
    Descriptor own(::fcntl(descriptor, F_DUPFD_CLOEXEC, 0));
    std::unique_ptr<gzFile_s, CloseWriter> stream(own.isOpen() ? gzdopen(own.get(), "wb") : nullptr);
    if (!stream)
        return ioError(u"cannot be compressed"_s, source);
    static_cast<void>(own.release());
    errno = 0;
    if (!prefix.isEmpty() && gzwrite(stream.get(), prefix.constData(), static_cast<unsigned>(prefix.size())) <= 0)
        return ioError(u"cannot be compressed"_s, source);
    qint64 total = prefix.size();
    QByteArray buffer(kBufferBytes, Qt::Uninitialized);
    for (;;) {
        const qsizetype got = opened.value().read(buffer.data(), buffer.size());
        if (opened.value().isDamaged())
            return ioError(u"cannot be read to its end"_s, source);
        if (got == 0)
            break;
        if (isOver != nullptr && *isOver)
            return Error{ErrorCode::Busy, u"broken off"_s, source};
        if (gzwrite(stream.get(), buffer.constData(), static_cast<unsigned>(got)) != got)
            return ioError(u"cannot be compressed"_s, source);
        total += got;
    }
    if (gzclose_w(stream.release()) != Z_OK)
        return ioError(u"cannot be compressed"_s, source);
    return total;
}

} // namespace dormouse
