// SPDX-License-Identifier: MIT
#include "shared/startup/installmark.h"

#include <QCryptographicHash>

namespace dormouse {
namespace {

constexpr QByteArrayView kMark{"dormouse-install sha256:"};

QByteArray checksum(const QByteArray &text)
{
    return QCryptographicHash::hash(text, QCryptographicHash::Sha256).toHex();
}

QByteArray markLine(const QByteArray &text, CommentStyle style)
{
    const QByteArray mark = kMark.toByteArray() + checksum(text);
    switch (style) {
    case CommentStyle::Hash: return "# " + mark + '\n';
    case CommentStyle::Xml: return "<!-- " + mark + " -->\n";
    }
    return {};
}

} // namespace

QByteArray withMark(const QByteArray &text, CommentStyle style)
{
    const QByteArray whole = text.endsWith('\n') ? text : QByteArray(text + '\n');
    return whole + markLine(whole, style);
}

FileOrigin originOf(const std::optional<QByteArray> &content)
{
    if (!content)
        return FileOrigin::Absent;
    const qsizetype at = content->lastIndexOf(kMark);
    if (at < 0)
        return FileOrigin::Foreign;
    const QByteArray text = content->left(content->lastIndexOf('\n', at) + 1);
    const bool isWhole = *content == withMark(text, CommentStyle::Hash) || *content == withMark(text, CommentStyle::Xml);
    return isWhole ? FileOrigin::Ours : FileOrigin::Edited;
}

} // namespace dormouse
