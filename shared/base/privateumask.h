// SPDX-License-Identifier: MIT
#pragma once

#include <sys/stat.h>

namespace dormouse {

/// While it lives, files that others' code makes for us (Qt, bind) are private from their first instant. It holds for the whole process, and
/// only ever narrows what another thread makes meanwhile.
class PrivateUmask
{
public:
    explicit PrivateUmask(mode_t withheld = S_IRWXG | S_IRWXO) : m_before(::umask(withheld)) {}
    ~PrivateUmask() { ::umask(m_before); }
    PrivateUmask(const PrivateUmask &) = delete;
    PrivateUmask &operator=(const PrivateUmask &) = delete;

private:
    mode_t m_before;
};

} // namespace dormouse
