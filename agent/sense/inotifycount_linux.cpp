// SPDX-License-Identifier: MIT
#include "agent/sense/inotifycount.h"

#include <array>
#include <memory>
#include <string_view>

#include <dirent.h>
#include <unistd.h>

namespace dormouse {
namespace {

struct CloseDir {
    void operator()(DIR *dir) const { ::closedir(dir); }
};

} // namespace

std::optional<int> inotifyInstanceCount()
{
    const std::unique_ptr<DIR, CloseDir> dir(::opendir("/proc/self/fd"));
    if (!dir)
        return std::nullopt;
    int count = 0;
    while (const dirent *entry = ::readdir(dir.get())) {
        std::array<char, 64> target{};
        const ssize_t length = ::readlinkat(::dirfd(dir.get()), entry->d_name, target.data(), target.size());
        if (length > 0 && std::string_view(target.data(), static_cast<std::size_t>(length)) == "anon_inode:inotify")
            ++count;
    }
    return count;
}

} // namespace dormouse
