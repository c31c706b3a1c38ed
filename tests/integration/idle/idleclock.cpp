// SPDX-License-Identifier: MIT
// Preloaded into an agent, it lets the machine "sleep": CLOCK_BOOTTIME and CLOCK_REALTIME run ahead by as many seconds as the file named by
// IDLE_CLOCK_FILE holds, CLOCK_MONOTONIC does not. That is what a suspend looks like from inside.
#include <dlfcn.h>
#include <fcntl.h>
#include <unistd.h>

#include <cstdlib>
#include <ctime>

namespace {

long sleptSeconds()
{
    const char *path = std::getenv("IDLE_CLOCK_FILE");
    const int descriptor = path != nullptr ? ::open(path, O_RDONLY | O_CLOEXEC) : -1;
    if (descriptor < 0)
        return 0;
    char digits[32] = {};
    const ssize_t count = ::read(descriptor, digits, sizeof(digits) - 1);
    ::close(descriptor);
    return count > 0 ? std::strtol(digits, nullptr, 10) : 0;
}

} // namespace

extern "C" int clock_gettime(clockid_t clock, timespec *time)
{
    using Function = int (*)(clockid_t, timespec *);
    static const auto real = reinterpret_cast<Function>(::dlsym(RTLD_NEXT, "clock_gettime"));
    const int result = real(clock, time);
    if (result == 0 && (clock == CLOCK_BOOTTIME || clock == CLOCK_REALTIME))
        time->tv_sec += sleptSeconds();
    return result;
}
