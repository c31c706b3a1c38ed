// SPDX-License-Identifier: MIT
#include "shared/storage/durable.h"

#include "shared/storage/descriptor.h"
#include "shared/storage/osfacts.h"

#include <QFile>

#include <fcntl.h>
#include <sys/file.h>

#include <algorithm>
#include <ctime>

namespace dormouse {

int writeAll(int descriptor, const QByteArray &bytes)
{
    qsizetype done = 0;
    while (done < bytes.size()) {
        const auto written = uninterrupted(
            [&] { return ::write(descriptor, bytes.constData() + done, static_cast<std::size_t>(bytes.size() - done)); });
        if (written < 0)
            return errno;
        if (written == 0)
            return EIO; // a regular file never does this; going on could take for ever
        done += written;
    }
    return 0;
}

int syncDescriptor(int descriptor, Durability durability)
{
    if (durability == Durability::Transition)
        return os::syncToMedium(descriptor);
    return uninterrupted([&] { return ::fsync(descriptor); }) == 0 ? 0 : errno;
}

int syncFolder(const QString &folder, Durability durability)
{
    const Descriptor descriptor(
        uninterrupted([&] { return ::open(QFile::encodeName(folder).constData(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); }));
    return descriptor.isOpen() ? syncDescriptor(descriptor.get(), durability) : errno;
}

int lockExclusively(int descriptor, Millis limit)
{
    constexpr Millis kRetry{5};
    const SystemClock clock;
    const AwakeTime end = clock.now().awake + limit;
    for (;;) {
        if (uninterrupted([&] { return ::flock(descriptor, LOCK_EX | LOCK_NB); }) == 0)
            return 0;
        const int failure = errno;
        if (failure != EWOULDBLOCK || clock.now().awake >= end)
            return failure;
        pauseFor(kRetry);
    }
}

void pauseFor(Millis duration)
{
    const auto whole = std::chrono::duration_cast<std::chrono::seconds>(std::max(duration, Millis::zero()));
    const std::chrono::nanoseconds rest = std::max(duration, Millis::zero()) - whole;
    timespec left{};
    left.tv_sec = static_cast<decltype(left.tv_sec)>(whole.count());
    left.tv_nsec = static_cast<decltype(left.tv_nsec)>(rest.count());
    while (::nanosleep(&left, &left) != 0 && errno == EINTR) {
    }
}

} // namespace dormouse
