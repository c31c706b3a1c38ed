// SPDX-License-Identifier: MIT
#include "shared/config/tomledit.h"

#include "shared/config/tomlvalue.h"
#include "tests/fuzz/property.h"
#include "tests/fuzz/targets.h"

#include <algorithm>

namespace dormouse::fuzz {
namespace {

constexpr QByteArrayView kMark("\xef\xbb\xbf");

/// The byte order mark is the file's, not its first line's.
QList<QByteArray> linesOf(const QByteArray &text)
{
    return text.sliced(text.startsWith(kMark) ? kMark.size() : 0).split('\n');
}

/// How many lines of `before` are not in `after`, in their order: an edit may change one, or join two that become one.
qsizetype linesLost(const QByteArray &before, const QByteArray &after)
{
    const QList<QByteArray> old = linesOf(before);
    const QList<QByteArray> now = linesOf(after);
    qsizetype head = 0;
    while (head < std::min(old.size(), now.size()) && old[head] == now[head])
        ++head;
    qsizetype tail = 0;
    while (tail < std::min(old.size(), now.size()) - head && old[old.size() - 1 - tail] == now[now.size() - 1 - tail])
        ++tail;
    return old.size() - head - tail;
}

void checkEdited(const QByteArray &text, const QByteArray &edited, const QString &key, const QByteArray &value)
{
    require(std::holds_alternative<TomlValue>(parseToml(edited)), "what an edit leaves behind is TOML");
    const Result<QByteArray> twice = editToml(edited, key, value);
    require(twice && twice.value() == edited, "setting a key twice to the same changes nothing more");
    // A new line is indented as the one before it.
    require(edited.size() <= 2 * text.size() + 2 * key.size() + value.size() + 32, "an edit adds a line, and perhaps a section");
    const bool hasLongValue = text.contains("\"\"\"") || text.contains("'''") || text.contains('[');
    require(hasLongValue || linesLost(text, edited) <= 1, "an edit leaves all other lines as they were");
    require(text.startsWith(kMark) == edited.startsWith(kMark), "a byte order mark stays");
    if (value.isEmpty())
        require(edited.size() <= text.size(), "taking a key away adds nothing");
}

} // namespace

void tomledit(const QByteArray &input)
{
    QByteArray text = input;
    const QString key = QString::fromUtf8(takeLine(text));
    const QByteArray value = takeLine(text);
    const Result<QByteArray> edited = editToml(text, key, value);
    if (edited)
        checkEdited(text, edited.value(), key, value);
    else
        require(edited.error().code == ErrorCode::Malformed && !edited.error().message.isEmpty(),
                "an edit that is refused says why");
}

} // namespace dormouse::fuzz
