// SPDX-License-Identifier: MIT
#include "shared/presence/bootid.h"

#include <array>

#include <sys/sysctl.h>
#include <sys/types.h>

namespace dormouse {

QString currentBootId()
{
    std::array<char, 64> text{};
    size_t size = text.size() - 1; // what stays zero ends the text
    if (::sysctlbyname("kern.bootsessionuuid", text.data(), &size, nullptr, 0) != 0)
        return {};
    return QString::fromLatin1(text.data());
}

} // namespace dormouse
