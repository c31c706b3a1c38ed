// SPDX-License-Identifier: MIT
#include "shared/base/signalpipe.h"

#include <array>
#include <atomic>
#include <cerrno>

#include <fcntl.h>
#include <unistd.h>

namespace dormouse {
namespace {

// A signal handler can reach nothing but a global; it is written only while no handler of ours is installed.
std::atomic<int> signalWriteEnd{-1};
static_assert(std::atomic<int>::is_always_lock_free);

extern "C" void dormouseSignalArrived(int number, siginfo_t *info, void *)
{
    const int saved = errno;
    const bool addressed = info->si_code == SI_USER || info->si_pid != 0;
    const std::array<unsigned char, 2> message{static_cast<unsigned char>(number), static_cast<unsigned char>(addressed ? 1 : 0)};
    // A full pipe means that 32 000 signals wait already: one more says nothing new.
    [[maybe_unused]] const ssize_t written = ::write(signalWriteEnd.load(), message.data(), message.size());
    errno = saved;
}

} // namespace

bool openPrivatePipe(int (&ends)[2])
{
    if (::pipe(ends) != 0)
        return false;
    for (const int end : ends)
        ::fcntl(end, F_SETFD, FD_CLOEXEC);
    return true;
}

SignalPipe::SignalPipe(const std::vector<int> &numbers, QObject *parent) : QObject(parent)
{
    int ends[2] = {-1, -1};
    if (!openPrivatePipe(ends))
        return;
    m_readEnd = ends[0];
    m_writeEnd = ends[1];
    ::fcntl(m_readEnd, F_SETFL, O_NONBLOCK);
    ::fcntl(m_writeEnd, F_SETFL, O_NONBLOCK);
    signalWriteEnd.store(m_writeEnd);
    m_notifier = std::make_unique<QSocketNotifier>(m_readEnd, QSocketNotifier::Read);
    connect(m_notifier.get(), &QSocketNotifier::activated, this, [this] { drain(); });
    for (const int number : numbers)
        take(number);
}

SignalPipe::~SignalPipe()
{
    for (const Previous &previous : m_previous)
        ::sigaction(previous.number, &previous.action, nullptr);
    m_notifier.reset();
    if (m_readEnd >= 0)
        ::close(m_readEnd);
    if (m_writeEnd >= 0)
        ::close(m_writeEnd);
    signalWriteEnd.store(-1);
}

void SignalPipe::take(int number)
{
    Previous previous{number, {}};
    ::sigaction(number, nullptr, &previous.action);
    if (number != SIGCHLD && previous.action.sa_handler == SIG_IGN)
        return;
    struct sigaction action {
    };
    action.sa_sigaction = &dormouseSignalArrived;
    action.sa_flags = SA_SIGINFO | SA_RESTART | (number == SIGCHLD ? SA_NOCLDSTOP : 0);
    sigfillset(&action.sa_mask);
    ::sigaction(number, &action, nullptr);
    m_previous.push_back(previous);
}

void SignalPipe::drain()
{
    std::array<unsigned char, 2> message{};
    while (::read(m_readEnd, message.data(), message.size()) == static_cast<ssize_t>(message.size()))
        Q_EMIT raised(message[0], message[1] != 0);
}

} // namespace dormouse
