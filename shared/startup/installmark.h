// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>

#include <optional>

namespace dormouse {

/// Whose a start-up file is, as its last line tells.
enum class FileOrigin {
    Absent,
    Ours,    ///< as it was written
    Edited,  ///< ours, and changed since by somebody
    Foreign, ///< somebody else's
};

enum class CommentStyle { Hash, Xml };

/// `text` with a last line that says who wrote it, and its checksum.
[[nodiscard]] QByteArray withMark(const QByteArray &text, CommentStyle style);
/// Nothing: there is no such file.
[[nodiscard]] FileOrigin originOf(const std::optional<QByteArray> &content);

} // namespace dormouse
