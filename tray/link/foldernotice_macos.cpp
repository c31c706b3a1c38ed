// SPDX-License-Identifier: MIT
#include "tray/link/foldernotice.h"

namespace dormouse {

bool canWatchFolders()
{
    return true;
}

} // namespace dormouse
