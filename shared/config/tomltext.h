// SPDX-License-Identifier: MIT
#pragma once

#include "shared/config/faults.h"

#include <QByteArray>

#include <optional>

namespace dormouse {

// What is looked at in the bytes of a TOML document itself, before or beside its parser. Pure.

/// The first byte that is not UTF-8 (another encoding is named where it shows); nothing when all is well.
[[nodiscard]] std::optional<ConfigurationFault> findWrongEncoding(const QByteArray &text);

/// The first place that must not reach the parser: what is nested too deep (it recurses without a bound on dotted keys, and would overflow
/// the stack); and what its versions up to 3.4 meet with an assertion or undefined behaviour: a section name that begins with no letter,
/// digit or quote, a missing value, letters beyond ASCII outside of quotes, a quote within a bare word. `text` is UTF-8.
[[nodiscard]] std::optional<ConfigurationFault> findParserTrap(const QByteArray &text);

/// What a person probably meant where the parser stumbled and said `description`: a hint that follows its message; "" when there is none.
[[nodiscard]] QString syntaxHint(const QByteArray &text, TextPlace place, const QString &description);

/// Line `number`, counted from 1, without its end and without a byte order mark.
[[nodiscard]] QString lineOf(const QByteArray &text, int number);

} // namespace dormouse
