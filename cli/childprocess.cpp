// SPDX-License-Identifier: MIT
#include "cli/childprocess.h"

#include "shared/base/signalpipe.h"

#include <cerrno>

#include <sys/wait.h>
#include <unistd.h>

namespace dormouse {
namespace {

constexpr int kSignalCount = NSIG;
constexpr int kCannotExecute = 126;
constexpr int kNotFound = 127;
constexpr int kSignalBase = 128;

/// The child's side, from fork to exec: nothing but async-signal-safe calls.
[[noreturn]] void becomeProgram(char *const *argv, const InheritedSignals &signals, int errorEnd)
{
    signals.restore();
    ::execvp(argv[0], argv);
    const int error = errno;
    [[maybe_unused]] const ssize_t written = ::write(errorEnd, &error, sizeof error);
    ::_exit(kNotFound);
}

/// What the child says of its failed exec; 0 when exec closed the pipe.
int readError(int readEnd)
{
    int error = 0;
    ssize_t got = 0;
    do {
        got = ::read(readEnd, &error, sizeof error);
    } while (got < 0 && errno == EINTR);
    return got == static_cast<ssize_t>(sizeof error) ? error : 0;
}

} // namespace

InheritedSignals::InheritedSignals() : m_actions(static_cast<std::size_t>(kSignalCount - 1))
{
    for (int number = 1; number < kSignalCount; ++number)
        ::sigaction(number, nullptr, &m_actions[static_cast<std::size_t>(number - 1)]);
    ::sigprocmask(SIG_SETMASK, nullptr, &m_mask);
}

void InheritedSignals::restore() const
{
    for (int number = 1; number < kSignalCount; ++number) {
        if (number != SIGKILL && number != SIGSTOP)
            ::sigaction(number, &m_actions[static_cast<std::size_t>(number - 1)], nullptr);
    }
    ::sigprocmask(SIG_SETMASK, &m_mask, nullptr);
}

Spawned spawn(char *const *argv, const InheritedSignals &signals)
{
    int ends[2] = {-1, -1};
    if (!openPrivatePipe(ends))
        return {-1, errno};
    // Blocked around the fork: a handler of ours that ran in the child would write into the pipe we share.
    sigset_t all{};
    sigset_t previous{};
    sigfillset(&all);
    ::sigprocmask(SIG_SETMASK, &all, &previous);
    const pid_t pid = ::fork();
    const int forkError = pid < 0 ? errno : 0;
    if (pid == 0)
        becomeProgram(argv, signals, ends[1]);
    ::sigprocmask(SIG_SETMASK, &previous, nullptr);
    ::close(ends[1]);
    const int error = pid < 0 ? forkError : readError(ends[0]);
    ::close(ends[0]);
    if (pid > 0 && error != 0)
        ::waitpid(pid, nullptr, 0);
    return {error == 0 ? pid : -1, error};
}

std::optional<int> reap(pid_t pid)
{
    int status = 0;
    const pid_t ended = ::waitpid(pid, &status, WNOHANG);
    if (ended != pid)
        return std::nullopt;
    return WIFSIGNALED(status) ? kSignalBase + WTERMSIG(status) : WEXITSTATUS(status);
}

int exitCodeOfFailedStart(int error)
{
    return error == ENOENT || error == ENOTDIR ? kNotFound : kCannotExecute;
}

} // namespace dormouse
