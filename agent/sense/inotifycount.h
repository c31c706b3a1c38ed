// SPDX-License-Identifier: MIT
#pragma once

#include <optional>

namespace dormouse {

/// How many inotify instances this process holds; nothing where watching needs none (macOS) or it cannot be told. Any thread.
[[nodiscard]] std::optional<int> inotifyInstanceCount();

} // namespace dormouse
