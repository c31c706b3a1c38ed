// SPDX-License-Identifier: MIT
#include "agent/act/services/heldprocess.h"

#include <QFile>

#include <algorithm>
#include <array>

#include <csignal>
#include <fcntl.h>
#include <spawn.h>

extern char **environ; // POSIX; no header declares it everywhere

namespace dormouse {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int kHoldDescriptor = 3; // in the child: the first one behind the standard three
constexpr int kOutOfTheWay = 10;   // ours are moved above what the child uses, so that none is overwritten before it is copied

struct HoldPipe {
    Descriptor readEnd;
    Descriptor writeEnd;
};

Result<HoldPipe> makePipe()
{
    std::array<int, 2> ends{-1, -1};
#ifdef __APPLE__
    const bool isMade = ::pipe(ends.data()) == 0;
#else
    const bool isMade = ::pipe2(ends.data(), O_CLOEXEC) == 0;
#endif
    if (!isMade)
        return ioError(u"cannot make a pipe for a service"_s, {});
    const Descriptor readEnd(ends[0]);
    const Descriptor writeEnd(ends[1]);
    HoldPipe pipe{Descriptor(::fcntl(ends[0], F_DUPFD_CLOEXEC, kOutOfTheWay)),
                  Descriptor(::fcntl(ends[1], F_DUPFD_CLOEXEC, kOutOfTheWay))};
    if (!pipe.readEnd.isOpen() || !pipe.writeEnd.isOpen())
        return ioError(u"cannot make a pipe for a service"_s, {});
    return pipe;
}

/// What posix_spawn is told about descriptors and signals.
class SpawnRules
{
public:
    SpawnRules()
    {
        ::posix_spawn_file_actions_init(&m_actions);
        ::posix_spawnattr_init(&m_attributes);
    }
    ~SpawnRules()
    {
        ::posix_spawn_file_actions_destroy(&m_actions);
        ::posix_spawnattr_destroy(&m_attributes);
    }
    SpawnRules(const SpawnRules &) = delete;
    SpawnRules &operator=(const SpawnRules &) = delete;

    /// 0 or an errno.
    [[nodiscard]] int fill(int hold, int output)
    {
        sigset_t none;
        sigset_t all;
        sigemptyset(&none);
        sigfillset(&all);
        sigdelset(&all, SIGKILL); // nobody can change these two
        sigdelset(&all, SIGSTOP);
        short flags = POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF;
#ifdef __APPLE__
        flags = static_cast<short>(flags | POSIX_SPAWN_CLOEXEC_DEFAULT);
#endif
        const std::array steps{
            ::posix_spawnattr_setsigmask(&m_attributes, &none),
            ::posix_spawnattr_setsigdefault(&m_attributes, &all),
            ::posix_spawnattr_setflags(&m_attributes, flags),
            ::posix_spawn_file_actions_addopen(&m_actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0),
            ::posix_spawn_file_actions_adddup2(&m_actions, output, STDOUT_FILENO),
            ::posix_spawn_file_actions_adddup2(&m_actions, output, STDERR_FILENO),
            ::posix_spawn_file_actions_adddup2(&m_actions, hold, kHoldDescriptor),
        };
        const auto failed = std::ranges::find_if(steps, [](int step) { return step != 0; });
        return failed == steps.end() ? 0 : *failed;
    }

    [[nodiscard]] const posix_spawn_file_actions_t *actions() const
    {
        return &m_actions;
    }
    [[nodiscard]] const posix_spawnattr_t *attributes() const
    {
        return &m_attributes;
    }

private:
    posix_spawn_file_actions_t m_actions{};
    posix_spawnattr_t m_attributes{};
};

std::vector<char *> pointers(std::vector<QByteArray> &words)
{
    std::vector<char *> result;
    for (QByteArray &word : words)
        result.push_back(word.data());
    result.push_back(nullptr);
    return result;
}

bool isForTheAgentAlone(const QByteArray &entry)
{
    return entry.startsWith("LISTEN_") || entry.startsWith("NOTIFY_SOCKET=") || entry.startsWith("WATCHDOG_");
}

} // namespace

Result<void> HeldProcess::release()
{
    const char go = 'g';
    if (uninterrupted([&] { return ::write(hold.get(), &go, 1); }) != 1)
        return ioError(u"the process that was to become the service is gone"_s, {});
    hold.close();
    return {};
}

Result<HeldProcess> spawnHeld(const HeldCommand &command)
{
    Result<HoldPipe> pipe = makePipe();
    if (!pipe)
        return pipe.error();
    const Descriptor output(::fcntl(command.output.get(), F_DUPFD_CLOEXEC, kOutOfTheWay));
    if (!output.isOpen())
        return ioError(u"cannot pass a service its log"_s, {});
    SpawnRules rules;
    if (const int failed = rules.fill(pipe.value().readEnd.get(), output.get()); failed != 0)
        return ioError(u"cannot prepare a service's process"_s, command.guard, failed);

    std::vector<QByteArray> arguments{QFile::encodeName(command.guard), "--hold", QByteArray::number(kHoldDescriptor), "--"};
    for (const QString &word : command.command)
        arguments.push_back(QFile::encodeName(word));
    std::vector<QByteArray> environment = command.environment;
    pid_t pid = -1;
    const int failed = ::posix_spawn(&pid, arguments.front().constData(), rules.actions(), rules.attributes(),
                                     pointers(arguments).data(), pointers(environment).data());
    if (failed != 0)
        return ioError(u"cannot start the guard program"_s, command.guard, failed);
    return HeldProcess{pid, std::move(pipe.value().writeEnd)};
}

std::vector<QByteArray> childEnvironment(const QMap<QString, QString> &additions)
{
    std::vector<QByteArray> entries;
    for (char **entry = environ; entry && *entry; ++entry) {
        const QByteArray text(*entry);
        const qsizetype end = text.indexOf('=', 1);
        if (end > 0 && !isForTheAgentAlone(text) && !additions.contains(QFile::decodeName(text.left(end))))
            entries.push_back(text);
    }
    for (auto addition = additions.begin(); addition != additions.end(); ++addition)
        entries.push_back(QFile::encodeName(addition.key()) + '=' + QFile::encodeName(addition.value()));
    return entries;
}

} // namespace dormouse
