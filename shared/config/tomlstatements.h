// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QList>

#include <vector>

namespace dormouse {

// Where things stand in the bytes of a TOML document, for changing one of them. Pure; every position is a byte offset. The text must be valid TOML (parseToml()
// took it); of anything else the answers mean nothing, but nothing is read outside of it.

using TomlPath = QList<QByteArray>; ///< the parts of a dotted key, unquoted. One with an escape in it equals no plain word

/// A key and its value, in a section or in an inline table.
struct TomlPair {
    TomlPath key; ///< as written there, without the section's name
    qsizetype keyBegin = 0;
    qsizetype valueBegin = 0;
    qsizetype valueEnd = 0; ///< behind the value's last byte
};

/// A section header or a pair, with its lines: from the first byte of its first line to behind the end of its last one.
struct TomlStatement {
    enum class Kind { Table, ArrayTable, Pair };
    Kind kind = Kind::Pair;
    TomlPath section; ///< its own name; of a pair, the one it stands in
    TomlPair pair;    ///< of Kind::Pair
    qsizetype begin = 0;
    qsizetype end = 0;
};

/// The statements in the order of the text.
[[nodiscard]] std::vector<TomlStatement> tomlStatements(const QByteArray &text);

/// The pairs of the inline table whose "{" is at `begin`.
[[nodiscard]] std::vector<TomlPair> inlinePairs(const QByteArray &text, qsizetype begin);

} // namespace dormouse
