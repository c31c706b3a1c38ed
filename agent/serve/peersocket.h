// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>

namespace dormouse {

/// Accepts one connection of a listening socket: close-on-exec and non-blocking from the start. -1 and errno when there is none.
[[nodiscard]] int acceptPeer(int listening);

/// Sends `line` as far as it goes without blocking and without SIGPIPE, then closes the descriptor.
void dismissPeer(int descriptor, const QByteArray &line);

} // namespace dormouse
