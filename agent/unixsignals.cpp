// SPDX-License-Identifier: MIT
#include "agent/unixsignals.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <unistd.h>

namespace dormouse {
namespace {

// A signal handler reaches nothing but globals.
volatile std::sig_atomic_t writeEnd = -1;
volatile std::sig_atomic_t terminating = 0;

void handle(int number)
{
    if (number == SIGTERM || number == SIGINT) {
        if (terminating != 0)
            ::_exit(128 + number);
        terminating = 1;
    }
    const int savedErrno = errno;
    const char byte = number == SIGHUP ? 'h' : 't';
    [[maybe_unused]] const ssize_t written = ::write(static_cast<int>(writeEnd), &byte, 1);
    errno = savedErrno;
}

void install(int number, void (*handler)(int))
{
    struct sigaction action {
    };
    action.sa_handler = handler;
    action.sa_flags = SA_RESTART;
    sigemptyset(&action.sa_mask);
    ::sigaction(number, &action, nullptr);
}

} // namespace

UnixSignals::UnixSignals(QObject *parent) : QObject(parent)
{
    std::array<int, 2> ends{-1, -1};
    if (::pipe(ends.data()) != 0) {
        m_error = Error{ErrorCode::Io, QStringLiteral("no pipe for signals can be made"), {}, errno};
        return;
    }
    for (const int end : ends) {
        ::fcntl(end, F_SETFD, FD_CLOEXEC);
        ::fcntl(end, F_SETFL, O_NONBLOCK);
    }
    m_readEnd = ends[0];
    writeEnd = ends[1];
    m_notifier = std::make_unique<QSocketNotifier>(m_readEnd, QSocketNotifier::Read);
    connect(m_notifier.get(), &QSocketNotifier::activated, this, &UnixSignals::read);
    for (const int number : {SIGTERM, SIGINT, SIGHUP})
        install(number, handle);
    install(SIGPIPE, SIG_IGN);
    install(SIGXFSZ, SIG_IGN); // a file that may not grow is an error of write, and no reason to die
}

UnixSignals::~UnixSignals()
{
    for (const int number : {SIGTERM, SIGINT, SIGHUP})
        install(number, SIG_DFL);
    m_notifier.reset();
    if (m_readEnd < 0)
        return;
    ::close(m_readEnd);
    ::close(static_cast<int>(writeEnd));
    writeEnd = -1;
}

bool UnixSignals::isTerminating()
{
    return terminating != 0;
}

void UnixSignals::read()
{
    std::array<char, 16> bytes{};
    const ssize_t count = ::read(m_readEnd, bytes.data(), bytes.size());
    for (ssize_t i = 0; i < count; ++i) {
        if (bytes[static_cast<std::size_t>(i)] == 'h')
            Q_EMIT hungUp();
        else
            Q_EMIT terminated();
    }
}

} // namespace dormouse
