// SPDX-License-Identifier: MIT
#pragma once

#include "tray/model/agentpicture.h"

#include <QJsonObject>

#include <vector>

namespace dormouse {

inline constexpr int kWrappersShown = 100; ///< how many are asked for; the menu shows fewer

/// The answer to `wrappers` as values; entries that make no sense are left out.
[[nodiscard]] std::vector<WrapperView> wrappersFromJson(const QJsonObject &answer);

} // namespace dormouse
