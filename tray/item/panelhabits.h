// SPDX-License-Identifier: MIT
#pragma once

namespace dormouse {

/// Whether the panel colours icons by itself and wants their shape alone, as macOS does.
[[nodiscard]] bool panelTakesTemplates();

} // namespace dormouse
