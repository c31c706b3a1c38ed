// SPDX-License-Identifier: MIT
#pragma once

#include "shared/base/clock.h"

#include <QByteArray>

namespace dormouse::fuzz {

/// Ends the program, telling `what` is lost, unless it holds. A fuzzer keeps the input that did it.
void require(bool holds, const char *what);

/// Takes the first line off `input`, without its end; what has no end is a line, too.
[[nodiscard]] QByteArray takeLine(QByteArray &input);

/// A number that depends on every byte: for choices that the input's form does not make.
[[nodiscard]] quint32 choice(const QByteArray &input);

/// 2026-07-19T07:27:38Z, as in the vectors: the time that all inputs are read at.
[[nodiscard]] WallTime someTime();

} // namespace dormouse::fuzz
