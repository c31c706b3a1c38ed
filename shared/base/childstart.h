// SPDX-License-Identifier: MIT
#pragma once

#include <QProcessEnvironment>

#include <vector>

namespace dormouse {

/// Our environment without what a service manager said to us alone: LISTEN_*, NOTIFY_SOCKET, WATCHDOG_*. Thread: any.
[[nodiscard]] QProcessEnvironment environmentForOthers();

/// While it lives, a program that is started gets no descriptor of this process but 0, 1 and 2: not those either that we were given ourselves, which
/// a program that stays (an agent) would keep for good, with the lock of a script on one of them. Main thread.
class WithheldDescriptors
{
public:
    WithheldDescriptors();
    ~WithheldDescriptors();
    WithheldDescriptors(const WithheldDescriptors &) = delete;
    WithheldDescriptors &operator=(const WithheldDescriptors &) = delete;

private:
    std::vector<int> m_descriptors; ///< those that were to be passed on
};

} // namespace dormouse
