// SPDX-License-Identifier: MIT
#include "agent/act/services/servicesession.h"

#include "shared/storage/descriptor.h"

#include <array>
#include <charconv>
#include <cstdio>
#include <optional>
#include <string_view>

#include <dirent.h>
#include <fcntl.h>

namespace dormouse {
namespace {

/// The beginning of a file under /proc/<pid>; empty when the process is gone or the file is not ours to read.
class ProcText
{
public:
    ProcText(qint64 pid, const char *name)
    {
        std::array<char, 64> path{};
        std::snprintf(path.data(), path.size(), "/proc/%lld/%s", static_cast<long long>(pid), name);
        const Descriptor file(uninterrupted([&] { return ::open(path.data(), O_RDONLY | O_CLOEXEC); }));
        if (!file.isOpen())
            return;
        const ssize_t got = uninterrupted([&] { return ::read(file.get(), m_bytes.data(), m_bytes.size()); });
        m_size = got > 0 ? static_cast<std::size_t>(got) : 0;
    }
    [[nodiscard]] std::string_view text() const { return {m_bytes.data(), m_size}; }

private:
    std::array<char, 4096> m_bytes{};
    std::size_t m_size = 0;
};

std::optional<qint64> numberAt(std::string_view text)
{
    const std::size_t at = text.find_first_not_of(' ');
    if (at == std::string_view::npos)
        return std::nullopt;
    text.remove_prefix(at);
    qint64 value = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
    return failure == std::errc{} ? std::optional(value) : std::nullopt;
}

/// The session of a living process, from /proc/<pid>/stat: "pid (name) state ppid pgrp session …"; the name may hold anything.
std::optional<qint64> sessionOf(qint64 pid)
{
    constexpr int kFieldsBetween = 2; // ppid and pgrp
    const ProcText stat(pid, "stat");
    std::string_view text = stat.text();
    const std::size_t name = text.rfind(')');
    if (name == std::string_view::npos || name + 4 > text.size())
        return std::nullopt;
    const char state = text[name + 2];
    if (state == 'Z' || state == 'X')
        return std::nullopt;
    text.remove_prefix(name + 4);
    for (int i = 0; i < kFieldsBetween; ++i) {
        const std::size_t space = text.find(' ');
        if (space == std::string_view::npos)
            return std::nullopt;
        text.remove_prefix(space + 1);
    }
    return numberAt(text);
}

/// The value of a line of smaps_rollup, in bytes.
std::optional<qint64> rollupValue(std::string_view text, std::string_view key)
{
    const std::size_t at = text.find(key);
    if (at == std::string_view::npos)
        return std::nullopt;
    const std::optional<qint64> kilobytes = numberAt(text.substr(at + key.size()));
    return kilobytes ? std::optional(*kilobytes * 1024) : std::nullopt;
}

/// The second field of /proc/<pid>/statm, in bytes.
qint64 residentSize(qint64 pid)
{
    const ProcText statm(pid, "statm");
    const std::size_t space = statm.text().find(' ');
    if (space == std::string_view::npos)
        return 0;
    return numberAt(statm.text().substr(space)).value_or(0) * ::sysconf(_SC_PAGESIZE);
}

} // namespace

std::map<qint64, std::vector<qint64>> sessionMembers(const std::set<qint64> &sessions)
{
    std::map<qint64, std::vector<qint64>> members;
    DIR *folder = sessions.empty() ? nullptr : ::opendir("/proc");
    if (!folder)
        return members;
    while (const dirent *entry = ::readdir(folder)) {
        const std::string_view name(entry->d_name);
        if (name.empty() || name.find_first_not_of("0123456789") != std::string_view::npos)
            continue;
        const std::optional<qint64> pid = numberAt(name);
        const std::optional<qint64> session = pid ? sessionOf(*pid) : std::nullopt;
        if (session && sessions.contains(*session))
            members[*session].push_back(*pid);
    }
    ::closedir(folder);
    return members;
}

qint64 residentBytes(const std::vector<qint64> &pids)
{
    qint64 sum = 0;
    for (const qint64 pid : pids) {
        const ProcText rollup(pid, "smaps_rollup");
        const std::optional<qint64> share = rollupValue(rollup.text(), "\nPss:");
        sum += share ? *share : residentSize(pid);
    }
    return sum;
}

} // namespace dormouse
