// SPDX-License-Identifier: MIT
#pragma once

#include "shared/records/heartbeat.h"

#include <optional>
#include <string_view>

namespace dormouse {

/// Reads the payload as wrappers really write it: one flat object of printable ASCII strings without escapes, integers, true, false and null, no known key
/// twice. Several times faster than a JSON document, which is what a first scan of thousands of files otherwise spends its time on. Answers exactly what
/// parseHeartbeat() would, or nothing: then parseHeartbeat() decides.
[[nodiscard]] std::optional<Heartbeat> parsePlainHeartbeat(std::string_view bytes);

} // namespace dormouse
