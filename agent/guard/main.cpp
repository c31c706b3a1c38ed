// SPDX-License-Identifier: MIT
// dormouse-guard: a small program between the agent and its children, so that nothing outlives an agent that is killed.
//
//   dormouse-guard --group FD [--nice N] [--umask M] -- PROGRAM ARGUMENT...
//     Leads a process group of its own and runs PROGRAM in it. FD is a socket or pipe from the agent: when it closes, or is shut down, the group
//     gets SIGTERM, and SIGKILL after 1.5 s. When PROGRAM ends, what is left of the group is ended the same way. What became of PROGRAM is told on
//     FD at once, in one line ("exited 0", "signalled 15", "cannot-start 2" with an errno), and is the guard's own end, too; 127 or 126 for one
//     that cannot start.
//
//   dormouse-guard --hold FD [--nice N] [--umask M] -- PROGRAM ARGUMENT...
//     Starts a session of its own, waits for one byte on FD, and becomes PROGRAM, with the same PID. FD closed without a byte: exits 0. When it
//     cannot: "cannot-start ERRNO" on FD (where that can be written to), a line on stderr, and 127 or 126.
//
// PROGRAM gets umask M, default signal dispositions, no blocked signal, and no descriptor but 0, 1 and 2.
#include "agent/guard/command.h"
#include "agent/guard/group.h"

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

namespace {

using namespace dormouse::guard;

constexpr int kExitUsage = 2;
constexpr int kStandardDescriptors = 3;

struct Order {
    enum class Mode { None, Group, Hold };
    Mode mode = Mode::None;
    int descriptor = -1;
    Command command;
};

/// A whole non-negative number in `base`; -1 for anything else.
int numberFrom(const char *text, int base = 10)
{
    char *end = nullptr;
    errno = 0;
    const long number = std::strtol(text, &end, base);
    return errno == 0 && end != text && *end == '\0' && number >= 0 && number <= 0xffff ? static_cast<int>(number) : -1;
}

bool parse(int argc, char **argv, Order &order)
{
    int at = 1;
    for (; at + 1 < argc && std::strcmp(argv[at], "--") != 0; at += 2) {
        const char *value = argv[at + 1];
        if (std::strcmp(argv[at], "--group") == 0 || std::strcmp(argv[at], "--hold") == 0) {
            order.mode = argv[at][2] == 'g' ? Order::Mode::Group : Order::Mode::Hold;
            order.descriptor = numberFrom(value);
        } else if (std::strcmp(argv[at], "--nice") == 0) {
            order.command.nice = numberFrom(value);
            if (order.command.nice < 0)
                return false;
        } else if (std::strcmp(argv[at], "--umask") == 0) {
            order.command.umask = numberFrom(value, 8);
            if (order.command.umask < 0 || order.command.umask > 0777)
                return false;
        } else {
            return false;
        }
    }
    order.command.arguments = argv + at + 1;
    return order.mode != Order::Mode::None && order.descriptor >= kStandardDescriptors && at + 1 < argc
           && std::strcmp(argv[at], "--") == 0;
}

int holdThenBecome(const Order &order)
{
    ::setsid(); // fails only for a process that leads a group already, whose session then is good enough
    char byte = 0;
    ssize_t count = 0;
    do {
        count = ::read(order.descriptor, &byte, 1);
    } while (count < 0 && errno == EINTR);
    return count == 1 ? become(order.command, order.descriptor) : 0;
}

} // namespace

int main(int argc, char **argv)
{
    Order order;
    if (!parse(argc, argv, order)) {
        std::fputs("usage: dormouse-guard --group FD | --hold FD [--nice N] [--umask OCTAL] -- PROGRAM [ARGUMENT...]\n", stderr);
        return kExitUsage;
    }
    if (::fcntl(order.descriptor, F_SETFD, FD_CLOEXEC) != 0) {
        std::fprintf(stderr, "dormouse-guard: descriptor %d: %s\n", order.descriptor, std::strerror(errno));
        return kExitUsage;
    }
    closeAllBut(order.descriptor);
    defaultSignals();
    if (order.mode == Order::Mode::Hold)
        return holdThenBecome(order);
    return runGroup(order.command, order.descriptor);
}
