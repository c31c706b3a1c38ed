// SPDX-License-Identifier: MIT
#include "agent/guard/command.h"

#include <array>
#include <cerrno>
#include <climits>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace dormouse::guard {
namespace {

constexpr int kNotFound = 127;
constexpr int kCannotRun = 126;
constexpr long kDescriptorsTried = 65'536; ///< where the system does not list the open ones
constexpr const char *kDefaultPath = "/usr/local/bin:/usr/bin:/bin";

/// Open descriptors from 3 on, but for `kept`, as many as fit. -1 where the system does not list them.
int openDescriptors(int kept, std::array<int, 256> &found)
{
    DIR *folder = ::opendir("/dev/fd");
    if (folder == nullptr)
        return -1;
    std::size_t count = 0;
    while (const dirent *entry = count < found.size() ? ::readdir(folder) : nullptr) {
        const int descriptor = std::atoi(entry->d_name); // "." and ".." become 0
        if (descriptor > 2 && descriptor != kept && descriptor != ::dirfd(folder))
            found[count++] = descriptor;
    }
    ::closedir(folder);
    return static_cast<int>(count);
}

/// As execvp, but for its falling back to a shell. Leaves errno behind.
void execute(char **arguments)
{
    const char *program = arguments[0];
    if (std::strchr(program, '/') != nullptr || *program == '\0') {
        ::execv(program, arguments);
        return;
    }
    const char *path = std::getenv("PATH");
    bool wasDenied = false;
    for (const char *from = path != nullptr ? path : kDefaultPath;;) {
        const std::size_t length = std::strcspn(from, ":");
        std::array<char, PATH_MAX> candidate{};
        const int size =
            length == 0 ? std::snprintf(candidate.data(), candidate.size(), "./%s", program)
                        : std::snprintf(candidate.data(), candidate.size(), "%.*s/%s", static_cast<int>(length), from, program);
        if (size > 0 && static_cast<std::size_t>(size) < candidate.size()) {
            ::execv(candidate.data(), arguments);
            wasDenied = wasDenied || errno == EACCES;
            if (errno != ENOENT && errno != ENOTDIR && errno != EACCES)
                return;
        }
        if (from[length] == '\0')
            break;
        from += length + 1;
    }
    errno = wasDenied ? EACCES : ENOENT;
}

} // namespace

void closeAllBut(int kept)
{
    std::array<int, 256> found{};
    int count = 0;
    do {
        count = openDescriptors(kept, found);
        for (int i = 0; i < count; ++i)
            ::close(found[static_cast<std::size_t>(i)]);
    } while (count == static_cast<int>(found.size()));
    if (count >= 0)
        return;
    const long limit = ::sysconf(_SC_OPEN_MAX);
    for (int descriptor = 3; descriptor < (limit > 0 && limit < kDescriptorsTried ? limit : kDescriptorsTried); ++descriptor) {
        if (descriptor != kept)
            ::close(descriptor);
    }
}

void defaultSignals()
{
    struct sigaction action {
    };
    action.sa_handler = SIG_DFL;
    sigemptyset(&action.sa_mask);
    for (int number = 1; number < NSIG; ++number)
        ::sigaction(number, &action, nullptr); // fails for those that nobody can change
    ::sigprocmask(SIG_SETMASK, &action.sa_mask, nullptr);
}

int become(const Command &command, int report)
{
    if (command.umask >= 0)
        ::umask(static_cast<mode_t>(command.umask));
    [[maybe_unused]] const int refused = ::nice(command.nice); // then it is less polite, but it runs
    defaultSignals();
    execute(command.arguments);
    const int error = errno;
    std::fprintf(stderr, "dormouse-guard: cannot start %s: %s\n", command.arguments[0], std::strerror(error));
    tell(report, "cannot-start", error);
    return error == ENOENT || error == ENOTDIR ? kNotFound : kCannotRun;
}

void tell(int descriptor, const char *what, int number)
{
    std::array<char, 64> line{};
    const int size = std::snprintf(line.data(), line.size(), "%s %d\n", what, number);
    struct sigaction ignore {
    };
    struct sigaction before {
    };
    ignore.sa_handler = SIG_IGN;
    ::sigaction(SIGPIPE, &ignore, &before);
    ssize_t written = 0;
    do {
        written = ::write(descriptor, line.data(), static_cast<std::size_t>(size));
    } while (written < 0 && errno == EINTR);
    ::sigaction(SIGPIPE, &before, nullptr);
}

} // namespace dormouse::guard
