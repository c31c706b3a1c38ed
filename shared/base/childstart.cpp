// SPDX-License-Identifier: MIT
#include "shared/base/childstart.h"

#include <cstdlib>

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

namespace dormouse {

using namespace Qt::Literals::StringLiterals;

QProcessEnvironment environmentForOthers()
{
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    for (const QString &name : environment.keys()) {
        if (name.startsWith("LISTEN_"_L1) || name.startsWith("WATCHDOG_"_L1) || name == "NOTIFY_SOCKET"_L1)
            environment.remove(name);
    }
    return environment;
}

WithheldDescriptors::WithheldDescriptors()
{
    DIR *folder = ::opendir("/dev/fd");
    if (folder == nullptr)
        return;
    while (const dirent *entry = ::readdir(folder)) {
        const int descriptor = std::atoi(entry->d_name); // "." and ".." become 0
        const int flags = descriptor > STDERR_FILENO ? ::fcntl(descriptor, F_GETFD) : -1;
        if (flags >= 0 && (flags & FD_CLOEXEC) == 0 && ::fcntl(descriptor, F_SETFD, flags | FD_CLOEXEC) == 0)
            m_descriptors.push_back(descriptor);
    }
    ::closedir(folder);
}

WithheldDescriptors::~WithheldDescriptors()
{
    for (const int descriptor : m_descriptors) {
        if (const int flags = ::fcntl(descriptor, F_GETFD); flags >= 0)
            ::fcntl(descriptor, F_SETFD, flags & ~FD_CLOEXEC);
    }
}

} // namespace dormouse
