// SPDX-License-Identifier: MIT
#pragma once

#include <QString>
#include <QStringList>

namespace dormouse {

/// A TOML basic string, quotes and all.
[[nodiscard]] QString tomlString(const QString &text);

/// An array of such strings, on one line.
[[nodiscard]] QString tomlList(const QStringList &texts);

} // namespace dormouse
