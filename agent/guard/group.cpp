// SPDX-License-Identifier: MIT
#include "agent/guard/group.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <ctime>
#include <fcntl.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#ifdef __linux__
#include <sys/prctl.h>
#endif

namespace dormouse::guard {
namespace {

constexpr long kGraceMs = 1'500;   ///< between SIGTERM and SIGKILL
constexpr int kLookMs = 10;        ///< how often an ending group is looked at
constexpr int kLooksAtKilled = 20; ///< then they are left to whoever takes orphans
constexpr int kCannotFork = 126;

// A signal handler reaches nothing but globals.
volatile std::sig_atomic_t wakeUp = -1;

void childEnded(int)
{
    const int before = errno;
    const char byte = 0;
    [[maybe_unused]] const ssize_t written = ::write(static_cast<int>(wakeUp), &byte, 1);
    errno = before;
}

long nowMs()
{
    timespec time{};
    ::clock_gettime(CLOCK_MONOTONIC, &time);
    return static_cast<long>(time.tv_sec) * 1'000 + time.tv_nsec / 1'000'000;
}

void handle(int number, void (*handler)(int))
{
    struct sigaction action {
    };
    action.sa_handler = handler;
    action.sa_flags = SA_RESTART;
    sigemptyset(&action.sa_mask);
    ::sigaction(number, &action, nullptr);
}

/// What the group is sent must not end the one who sees it through.
void ignoreTermination()
{
    for (const int number : {SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGPIPE, SIGALRM, SIGUSR1, SIGUSR2, SIGTSTP, SIGTTIN, SIGTTOU})
        handle(number, SIG_IGN);
}

/// Grandchildren whose parent is gone come to this process, which takes them as soon as they end: while nobody has, the group does not count as empty.
void adoptOrphans()
{
#ifdef __linux__
    ::prctl(PR_SET_CHILD_SUBREAPER, 1);
#endif
}

/// The process that runs the command, and what became of it.
class Child
{
public:
    Child(pid_t pid, int control) : m_pid(pid), m_control(control) {}

    /// Takes every child that has ended; tells what became of the command.
    void reap()
    {
        int status = 0;
        pid_t pid = 0;
        while ((pid = ::waitpid(-1, &status, WNOHANG)) > 0) {
            if (pid != m_pid)
                continue;
            m_hasEnded = true;
            m_status = status;
            if (WIFEXITED(status))
                tell(m_control, "exited", WEXITSTATUS(status));
            else
                tell(m_control, "signalled", WTERMSIG(status));
        }
    }
    [[nodiscard]] bool hasEnded() const { return m_hasEnded; }
    [[nodiscard]] int status() const { return m_status; }

private:
    pid_t m_pid;
    int m_control;
    bool m_hasEnded = false;
    int m_status = 0;
};

/// Leads the group; to end it this process steps out, onto a group that a helper makes, and then sees exactly whether anybody is left. The group's number stays
/// taken as long as this process lives, so that no signal can reach a stranger.
class Group
{
public:
    Group() : m_number(::getpid()) { ::setpgid(0, 0); }
    Group(const Group &) = delete;
    Group &operator=(const Group &) = delete;

    /// Once.
    void end(Child &child)
    {
        std::array<int, 2> life{-1, -1}; // the helper lives until this process closes its end, by its own end at the latest
        m_perch = ::pipe(life.data()) == 0 ? ::fork() : -1;
        if (m_perch == 0)
            perch(life[0], life[1]);
        ::close(life[0]);
        endMembers(child, m_perch > 0 && stepOut());
        ::close(life[1]);
        if (m_perch > 0)
            ::kill(m_perch, SIGKILL); // it may have been stopped
        while (m_perch > 0 && ::waitpid(m_perch, nullptr, 0) < 0 && errno == EINTR) {
        }
    }

private:
    void endMembers(Child &child, bool isOutside) const
    {
        child.reap();
        if (isOutside && isEmpty())
            return;
        ::kill(-m_number, SIGTERM);
        ::kill(-m_number, SIGCONT); // a stopped process does not hear SIGTERM
        const long deadline = nowMs() + kGraceMs;
        while (nowMs() < deadline) {
            child.reap();
            if (isOutside && isEmpty())
                return;
            ::poll(nullptr, 0, kLookMs);
        }
        ::kill(-m_number, SIGKILL); // where it could not step out, this process goes with them
        for (int looks = 0; looks < kLooksAtKilled && !(child.hasEnded() && isEmpty()); ++looks) {
            ::poll(nullptr, 0, kLookMs);
            child.reap();
        }
    }

    [[nodiscard]] bool isEmpty() const { return ::kill(-m_number, 0) != 0; }

    [[nodiscard]] bool stepOut() const
    {
        ::setpgid(m_perch, m_perch); // whoever of the two comes first
        return ::setpgid(0, m_perch) == 0;
    }

    [[noreturn]] static void perch(int readEnd, int writeEnd)
    {
        ::setpgid(0, 0);
        ::close(writeEnd);
        for (int descriptor = 0; descriptor < 3; ++descriptor)
            ::close(descriptor); // whoever reads the command's output must not wait for this one
        closeAllBut(readEnd);
        char byte = 0;
        while (::read(readEnd, &byte, 1) < 0 && errno == EINTR) {
        }
        ::_exit(0);
    }

    pid_t m_number;
    pid_t m_perch = 0;
};

/// Until the command has ended or nobody is at the other end of `control`.
void watch(Child &child, int control, int wakeEnd)
{
    std::array<pollfd, 2> ends{pollfd{control, POLLIN, 0}, pollfd{wakeEnd, POLLIN, 0}};
    std::array<char, 64> bytes{};
    for (;;) {
        child.reap();
        if (child.hasEnded())
            return;
        if (::poll(ends.data(), ends.size(), -1) < 0)
            continue; // EINTR
        if (ends[1].revents != 0)
            while (::read(wakeEnd, bytes.data(), bytes.size()) > 0) {
            }
        if (ends[0].revents == 0)
            continue;
        const ssize_t count = ::read(control, bytes.data(), bytes.size());
        if (count == 0 || (count < 0 && errno != EINTR && errno != EAGAIN))
            return;
    }
}

/// Ends as the command did.
int endLike(int status)
{
    if (WIFEXITED(status))
        return WEXITSTATUS(status);
    const int number = WTERMSIG(status);
    const rlimit none{0, 0};
    ::setrlimit(RLIMIT_CORE, &none); // the command's own is enough
    defaultSignals();
    ::kill(::getpid(), number);
    return 128 + number;
}

/// Signals wait until the child has taken default dispositions: it must not lose one that its group is sent meanwhile.
pid_t startCommand(const Command &command, int control)
{
    sigset_t all{};
    sigset_t before{};
    sigfillset(&all);
    ::sigprocmask(SIG_SETMASK, &all, &before);
    const pid_t pid = ::fork();
    if (pid == 0)
        ::_exit(become(command, control));
    if (pid < 0)
        tell(control, "cannot-start", errno);
    ::sigprocmask(SIG_SETMASK, &before, nullptr);
    return pid;
}

bool makeWakePipe(std::array<int, 2> &ends)
{
    if (::pipe(ends.data()) != 0)
        return false;
    for (const int end : ends) {
        ::fcntl(end, F_SETFD, FD_CLOEXEC);
        ::fcntl(end, F_SETFL, O_NONBLOCK);
    }
    wakeUp = ends[1];
    return true;
}

} // namespace

int runGroup(const Command &command, int control)
{
    std::array<int, 2> wake{};
    if (!makeWakePipe(wake)) {
        tell(control, "cannot-start", errno);
        return kCannotFork;
    }
    Group group;
    ignoreTermination();
    handle(SIGCHLD, childEnded);
    adoptOrphans();
    const pid_t pid = startCommand(command, control);
    if (pid < 0)
        return kCannotFork;
    Child child(pid, control);
    watch(child, control, wake[0]);
    group.end(child);
    child.reap();
    return child.hasEnded() ? endLike(child.status()) : 128 + SIGKILL;
}

} // namespace dormouse::guard
