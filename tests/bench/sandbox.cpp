// SPDX-License-Identifier: MIT
#include "tests/bench/sandbox.h"

#include "shared/base/clock.h"
#include "shared/records/timestamp.h"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <thread>

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

extern "C" char **environ; // NOLINT: POSIX declares it nowhere

namespace dormouse::bench {
namespace {

void require(bool ok, const std::string &what)
{
    if (ok)
        return;
    std::perror(what.c_str());
    std::exit(1);
}

QByteArray heartbeat(qint64 pid, int index)
{
    const QByteArray now = formatTimestamp(SystemClock().now().wall).toLatin1();
    return "{\"pid\": " + QByteArray::number(pid) + ", \"uuid\": \"01234567-89ab-cdef-0123-"
           + QByteArray::number(index).rightJustified(12, '0') + "\", \"started_at\": \"" + now + "\", \"last_refresh\": \"" + now
           + "\", \"wrapper_version\": \"1.0.0\", \"schema_version\": 1}";
}

} // namespace

std::string program(const char *name)
{
    const char *folder = std::getenv("DORMOUSE_BIN");
    require(folder != nullptr, "DORMOUSE_BIN");
    return std::string(folder) + '/' + name;
}

std::string floorProgram(const char *name)
{
    return std::filesystem::read_symlink("/proc/self/exe").parent_path() / name;
}

void put(const std::string &path, const QByteArray &bytes)
{
    const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    require(file >= 0 && ::write(file, bytes.constData(), static_cast<std::size_t>(bytes.size())) == bytes.size()
                && ::close(file) == 0,
            path);
}

Heartbeats::Heartbeats(int count, const std::vector<qint64> &pids) : m_path(m_folder.path().toStdString())
{
    for (int index = 0; index < count; ++index) {
        m_pids.push_back(pids[static_cast<std::size_t>(index) % pids.size()]);
        const QByteArray number = QByteArray::number(index).rightJustified(12, '0');
        m_names.push_back(m_path + "/heartbeat-" + std::to_string(m_pids.back()) + "-01234567-89ab-cdef-0123-"
                          + number.toStdString() + ".json");
        refresh(index);
    }
    settle();
}

void Heartbeats::refresh(int index)
{
    const auto place = static_cast<std::size_t>(index);
    const std::string temporary = m_path + "/.new.tmp";
    put(temporary, heartbeat(m_pids[place], index));
    require(::rename(temporary.c_str(), m_names[place].c_str()) == 0, m_names[place]);
}

void Heartbeats::settle()
{
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
}

Sleepers::Sleepers(int count)
{
    for (int i = 0; i < count; ++i) {
        const pid_t pid = ::fork();
        require(pid >= 0, "fork");
        if (pid == 0) {
            ::prctl(PR_SET_PDEATHSIG, SIGKILL);
            for (;;)
                ::pause();
        }
        m_pids.push_back(pid);
    }
}

Sleepers::~Sleepers()
{
    for (const qint64 pid : m_pids)
        ::kill(static_cast<pid_t>(pid), SIGKILL);
    for (const qint64 pid : m_pids)
        ::waitpid(static_cast<pid_t>(pid), nullptr, 0);
}

Child::Child(const std::vector<std::string> &words)
{
    int ends[2] = {-1, -1};
    require(::pipe2(ends, O_CLOEXEC) == 0, "pipe");
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    std::vector<char *> arguments;
    for (const std::string &word : words)
        arguments.push_back(const_cast<char *>(word.c_str()));
    arguments.push_back(nullptr);
    const int failure = ::posix_spawn(&m_pid, arguments[0], &actions, nullptr, arguments.data(), environ);
    errno = failure;
    require(failure == 0, words[0]);
    posix_spawn_file_actions_destroy(&actions);
    ::close(ends[1]);
    m_output = ends[0];
}

Child::~Child()
{
    ::kill(m_pid, SIGTERM);
    ::waitpid(m_pid, nullptr, 0);
    ::close(m_output);
}

void Child::awaitByte() const
{
    char byte = 0;
    require(::read(m_output, &byte, 1) == 1, "the program told nothing");
}

} // namespace dormouse::bench
