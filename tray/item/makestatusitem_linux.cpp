// SPDX-License-Identifier: MIT
#include "tray/item/qtstatusitem.h"

namespace dormouse {

std::unique_ptr<StatusItem> makeStatusItem()
{
    return std::make_unique<QtStatusItem>();
}

} // namespace dormouse
