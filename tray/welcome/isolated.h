// SPDX-License-Identifier: MIT
#pragma once

#include "shared/base/text.h"

#include <QString>

namespace dormouse {

/// A path, name or message within a sentence of any language: it keeps its own direction of writing (Unicode's isolates), and cannot break the line's.
[[nodiscard]] inline QString isolated(const QString &text)
{
    return QChar(0x2068) + sanitized(text, 1000) + QChar(0x2069);
}

} // namespace dormouse
