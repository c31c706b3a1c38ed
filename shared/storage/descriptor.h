// SPDX-License-Identifier: MIT
#pragma once

#include "shared/base/result.h"

#include <cerrno>
#include <unistd.h>

#include <utility>

namespace dormouse {

/// Owns one open file descriptor.
class Descriptor
{
public:
    explicit Descriptor(int descriptor = -1) : m_descriptor(descriptor) {}
    ~Descriptor() { close(); }
    Descriptor(Descriptor &&other) noexcept : m_descriptor(other.release()) {}
    Descriptor &operator=(Descriptor &&other) noexcept
    {
        close();
        m_descriptor = other.release();
        return *this;
    }
    Descriptor(const Descriptor &) = delete;
    Descriptor &operator=(const Descriptor &) = delete;

    [[nodiscard]] bool isOpen() const { return m_descriptor >= 0; }
    [[nodiscard]] int get() const { return m_descriptor; }
    [[nodiscard]] int release() { return std::exchange(m_descriptor, -1); }
    void close()
    {
        const int before = errno; // an error that is about to be told must not be hidden by the clean-up
        if (m_descriptor >= 0)
            ::close(release());
        errno = before;
    }

private:
    int m_descriptor;
};

/// Calls again as long as a signal interrupts the system call; the answer is the last one's.
template<typename Call>
auto uninterrupted(Call call)
{
    auto answer = call();
    while (answer < 0 && errno == EINTR)
        answer = call();
    return answer;
}

/// The Error of a system call that failed just now.
[[nodiscard]] inline Error ioError(const QString &message, const QString &path, int systemError = errno)
{
    return {ErrorCode::Io, message, path, systemError};
}

} // namespace dormouse
