// SPDX-License-Identifier: MIT
#pragma once

#include "shared/config/faults.h"

#include <QByteArray>

#include <optional>

namespace dormouse {

// What is looked at in the bytes of a TOML document itself, before or beside its parser. Pure.

/// The first byte that is not UTF-8 (another encoding is named where it shows); nothing when all is well.
[[nodiscard]] std::optional<ConfigurationFault> findWrongEncoding(const QByteArray &text);

/// The first key or value that is nested too deep. The parser recurses without a bound on dotted keys, and would overflow the stack.
[[nodiscard]] std::optional<ConfigurationFault> findDeepNesting(const QByteArray &text);

/// What a person probably meant where the parser stumbled and said `description`: a hint that follows its message; "" when there is none.
[[nodiscard]] QString syntaxHint(const QByteArray &text, TextPlace place, const QString &description);

/// Line `number`, counted from 1, without its end and without a byte order mark.
[[nodiscard]] QString lineOf(const QByteArray &text, int number);

} // namespace dormouse
