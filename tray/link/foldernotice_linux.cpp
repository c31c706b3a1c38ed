// SPDX-License-Identifier: MIT
#include "tray/link/foldernotice.h"

#include "shared/storage/descriptor.h"

#include <sys/inotify.h>

namespace dormouse {

bool canWatchFolders()
{
    return Descriptor(::inotify_init1(IN_CLOEXEC)).isOpen();
}

} // namespace dormouse
