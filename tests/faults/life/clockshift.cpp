// SPDX-License-Identifier: MIT
// Preloaded into a program, it lets somebody set its clock and its machine sleep: the file named by FAULT_CLOCK_FILE holds two numbers of seconds
// (64 bits, as the machine writes them), by which CLOCK_REALTIME and CLOCK_BOOTTIME run ahead. CLOCK_MONOTONIC stays as it is, as it does in a suspend.
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <ctime>

namespace {

struct Shift {
    std::atomic<std::int64_t> wall;
    std::atomic<std::int64_t> boot;
};
static_assert(sizeof(Shift) == 2 * sizeof(std::int64_t));

const Shift *mappedShift()
{
    static const Shift kNone{};
    const char *path = std::getenv("FAULT_CLOCK_FILE");
    const int descriptor = path != nullptr ? ::open(path, O_RDONLY | O_CLOEXEC) : -1;
    if (descriptor < 0)
        return &kNone;
    void *memory = ::mmap(nullptr, sizeof(Shift), PROT_READ, MAP_SHARED, descriptor, 0);
    ::close(descriptor);
    return memory == MAP_FAILED ? &kNone : static_cast<const Shift *>(memory);
}

} // namespace

extern "C" int clock_gettime(clockid_t clock, timespec *time)
{
    using Function = int (*)(clockid_t, timespec *);
    static const auto real = reinterpret_cast<Function>(::dlsym(RTLD_NEXT, "clock_gettime"));
    static const Shift *const shift = mappedShift();
    const int result = real(clock, time);
    if (result == 0 && clock == CLOCK_REALTIME)
        time->tv_sec += shift->wall.load();
    if (result == 0 && clock == CLOCK_BOOTTIME)
        time->tv_sec += shift->boot.load();
    return result;
}
