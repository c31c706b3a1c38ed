// SPDX-License-Identifier: MIT
#include "shared/presence/processtable.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <limits>
#include <span>
#include <string_view>

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

namespace dormouse {
namespace {

/// The parts of /proc/<pid>/stat (proc(5)) that matter here.
struct StatLine {
    std::array<char, 1024> bytes{};
    std::string_view name;                  // field 2, without its parentheses
    std::array<std::string_view, 23> field; // from field 3 on, at its own number

    [[nodiscard]] std::optional<qint64> number(std::size_t index) const
    {
        qint64 value = 0;
        const std::string_view text = field[index];
        const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
        if (text.empty() || failure != std::errc{} || end != text.data() + text.size())
            return std::nullopt;
        return value;
    }
};

constexpr std::size_t kParentField = 4;
constexpr std::size_t kStartTimeField = 22; // clock ticks since boot

ssize_t readOnce(int descriptor, std::span<char> into)
{
    ssize_t got = 0;
    do {
        got = ::read(descriptor, into.data(), into.size());
    } while (got < 0 && errno == EINTR);
    return got;
}

bool readStatLine(qint64 pid, StatLine &line)
{
    std::array<char, 40> path{};
    std::snprintf(path.data(), path.size(), "/proc/%lld/stat", static_cast<long long>(pid));
    const int descriptor = ::open(path.data(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        return false;
    const ssize_t got = readOnce(descriptor, line.bytes);
    ::close(descriptor);
    if (got <= 0)
        return false;

    const std::string_view text(line.bytes.data(), static_cast<std::size_t>(got));
    // The name may hold anything, spaces and parentheses included: only the last one ends it.
    const std::size_t open = text.find('(');
    const std::size_t close = text.rfind(')');
    if (open == std::string_view::npos || close == std::string_view::npos || close < open)
        return false;
    line.name = text.substr(open + 1, close - open - 1);
    std::size_t at = close + 1;
    for (std::size_t index = 3; index < line.field.size(); ++index) {
        at = text.find_first_not_of(" \n", at);
        if (at == std::string_view::npos)
            break;
        const std::size_t end = std::min(text.find_first_of(" \n", at), text.size());
        line.field[index] = text.substr(at, end - at);
        at = end;
    }
    return true;
}

bool isOwn(qint64 pid)
{
    std::array<char, 40> path{};
    std::snprintf(path.data(), path.size(), "/proc/%lld", static_cast<long long>(pid));
    struct stat status {
    };
    return ::stat(path.data(), &status) == 0 && status.st_uid == ::geteuid();
}

class LinuxProcessTable final : public ProcessTable
{
public:
    [[nodiscard]] bool isAlive(qint64 pid) const override
    {
        if (pid <= 0 || pid > std::numeric_limits<pid_t>::max())
            return false;
        // Finds what kill(pid, 0) finds, in half its time: nobody's permission is looked at. A security module may still refuse.
        return ::getpgid(static_cast<pid_t>(pid)) >= 0 || errno != ESRCH;
    }

    [[nodiscard]] ProcessFacts facts(qint64 pid) const override
    {
        StatLine line;
        if (pid <= 0 || !readStatLine(pid, line))
            return {};
        ProcessFacts facts{line.number(kStartTimeField), line.number(kParentField)};
        if (facts.parent == 0) // in another PID namespace, or the kernel itself
            facts.parent.reset();
        return facts;
    }

    [[nodiscard]] bool isReaper(qint64 pid) const override
    {
        if (pid == 1)
            return true;
        // A service manager leads a session, as everything that PID 1 starts: asked first, since a file of /proc costs some thirty times as much.
        if (pid <= 0 || pid > std::numeric_limits<pid_t>::max() || ::getsid(static_cast<pid_t>(pid)) != static_cast<pid_t>(pid))
            return false;
        StatLine line;
        return readStatLine(pid, line) && line.name == "systemd" && line.number(kParentField) == 1 && isOwn(pid);
    }
};

} // namespace

std::unique_ptr<ProcessTable> systemProcessTable()
{
    return std::make_unique<LinuxProcessTable>();
}

} // namespace dormouse
