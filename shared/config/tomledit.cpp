// SPDX-License-Identifier: MIT
#include "shared/config/tomledit.h"

#include "shared/config/tomlstatements.h"
#include "shared/config/tomlvalue.h"

#include <QRegularExpression>

#include <algorithm>
#include <optional>
#include <variant>
#include <vector>

namespace dormouse {
namespace {

using namespace Qt::Literals::StringLiterals;
using Kind = TomlStatement::Kind;

constexpr QByteArrayView kByteOrderMark{"\xEF\xBB\xBF"};

Error malformed(const QString &message)
{
    return {ErrorCode::Malformed, message, {}, 0};
}

Result<TomlValue> parsed(const QByteArray &text)
{
    std::variant<TomlValue, ConfigurationFault> outcome = parseToml(text);
    if (const auto *fault = std::get_if<ConfigurationFault>(&outcome))
        return malformed(fault->place.line == 0 ? fault->text : u"line %1: %2"_s.arg(fault->place.line).arg(fault->text));
    return std::move(std::get<TomlValue>(outcome));
}

// --- Is the answer right? Asked of the parser, which knows nothing of how it was made ---

const TomlValue *find(const TomlValue &table, const QString &key)
{
    const auto found =
        std::find_if(table.entries.begin(), table.entries.end(), [&key](const TomlEntry &entry) { return entry.key == key; });
    return found == table.entries.end() ? nullptr : &found->value;
}

bool isSame(const TomlValue &a, const TomlValue &b);

/// Whatever their order: a section that appears may move its namesakes.
bool haveSameEntries(const TomlValue &a, const TomlValue &b)
{
    if (a.entries.size() != b.entries.size())
        return false;
    const auto sorted = [](const TomlValue &table) {
        std::vector<const TomlEntry *> entries;
        for (const TomlEntry &entry : table.entries)
            entries.push_back(&entry);
        std::sort(entries.begin(), entries.end(), [](const TomlEntry *x, const TomlEntry *y) { return x->key < y->key; });
        return entries;
    };
    const auto left = sorted(a);
    const auto right = sorted(b);
    return std::equal(left.begin(), left.end(), right.begin(),
                      [](const TomlEntry *x, const TomlEntry *y) { return x->key == y->key && isSame(x->value, y->value); });
}

/// Equal but for their places.
bool isSame(const TomlValue &a, const TomlValue &b)
{
    return a.kind == b.kind && a.text == b.text
           && std::equal(a.items.begin(), a.items.end(), b.items.begin(), b.items.end(), isSame) && haveSameEntries(a, b);
}

/// Without the key, and without the sections that only it keeps alive.
void strip(TomlValue &table, const QStringList &path)
{
    const auto entry = std::find_if(table.entries.begin(), table.entries.end(),
                                    [&path](const TomlEntry &candidate) { return candidate.key == path.first(); });
    if (entry == table.entries.end())
        return;
    if (path.size() > 1)
        strip(entry->value, path.sliced(1));
    if (path.size() == 1 || (entry->value.isTable() && entry->value.entries.empty()))
        table.entries.erase(entry);
}

/// The value under a path; null when there is none. Error: a part of the path is no section.
Result<const TomlValue *> lookUp(const TomlValue &root, const QStringList &path)
{
    const TomlValue *value = &root;
    for (const QString &part : path) {
        if (!value->isTable())
            return malformed(u"line %1: %2 belongs into a section, but %3 stands there"_s.arg(value->place.line)
                                 .arg(part, kindName(value->kind)));
        value = find(*value, part);
        if (value == nullptr)
            return value;
    }
    return value;
}

// --- The edit ---

bool startsWith(const TomlPath &path, const TomlPath &prefix)
{
    return path.size() >= prefix.size() && std::equal(prefix.begin(), prefix.end(), path.begin());
}

/// Where the text sets a key, or an inline table around it.
struct Site {
    TomlStatement statement;
    TomlPair pair;        ///< the innermost pair whose name begins the path
    qsizetype depth = 0;  ///< how many parts of the path it covers
    qsizetype table = -1; ///< the "{" of the inline table that holds the pair; -1: none
};

/// One edit of one text.
class Edit
{
public:
    Edit(const QByteArray &text, TomlPath path)
        : m_text(text), m_path(std::move(path)), m_statements(tomlStatements(text)), m_site(site())
    {
    }

    [[nodiscard]] bool isKeyFound() const { return m_site && m_site->depth == m_path.size(); }

    [[nodiscard]] QByteArray replaced(const QByteArray &value) const
    {
        return spliced(m_site->pair.valueBegin, m_site->pair.valueEnd, value);
    }

    [[nodiscard]] QByteArray removed() const
    {
        if (m_site->table < 0)
            return spliced(m_site->statement.begin, m_site->statement.end, {});
        const std::vector<TomlPair> pairs = inlinePairs(m_text, m_site->table);
        for (std::size_t i = 0; i < pairs.size(); ++i) {
            if (pairs[i].keyBegin != m_site->pair.keyBegin)
                continue;
            if (i + 1 < pairs.size())
                return spliced(pairs[i].keyBegin, pairs[i + 1].keyBegin, {});
            if (i > 0)
                return spliced(pairs[i - 1].valueEnd, pairs[i].valueEnd, {});
            return spliced(m_site->table + 1, afterSpace(pairs[i].valueEnd), {});
        }
        return m_text;
    }

    [[nodiscard]] QByteArray added(const QByteArray &value) const
    {
        if (m_site)
            return addedInline(m_site->pair.valueBegin, assignment(m_site->depth, value));
        if (m_path.size() == 1)
            return addedAtTop(value);
        if (const TomlStatement *last = lastOfSection(m_path.first(m_path.size() - 1)))
            return addedBehind(*last, value);
        for (qsizetype depth = m_path.size() - 1; depth > 0; --depth) {
            if (const TomlStatement *last = lastDotted(m_path.first(depth)))
                return addedBehind(*last, value);
        }
        return addedSection(value);
    }

private:
    [[nodiscard]] std::optional<Site> site() const
    {
        for (const TomlStatement &statement : m_statements) {
            const TomlPath path = statement.section + statement.pair.key;
            if (statement.kind != Kind::Pair || !startsWith(m_path, path))
                continue;
            Site found{statement, statement.pair, path.size(), -1};
            while (found.depth < m_path.size() && descend(found)) {
            }
            return found;
        }
        return std::nullopt;
    }

    /// Into the inline table that the pair's value is; false where it holds nothing of the path.
    bool descend(Site &site) const
    {
        if (site.pair.valueBegin >= m_text.size() || m_text.at(site.pair.valueBegin) != '{')
            return false;
        const qsizetype table = site.pair.valueBegin;
        for (const TomlPair &pair : inlinePairs(m_text, table)) {
            if (!startsWith(m_path.sliced(site.depth), pair.key))
                continue;
            site = {site.statement, pair, site.depth + pair.key.size(), table};
            return true;
        }
        return false;
    }

    [[nodiscard]] const TomlStatement *lastOfSection(const TomlPath &section) const
    {
        const TomlStatement *last = nullptr;
        for (const TomlStatement &statement : m_statements) {
            if (statement.section == section && statement.kind != Kind::ArrayTable)
                last = &statement;
        }
        return last;
    }

    /// The last pair that makes the table `prefix` with dots; where dots made it, a section of that name would be an error.
    [[nodiscard]] const TomlStatement *lastDotted(const TomlPath &prefix) const
    {
        const TomlStatement *last = nullptr;
        for (const TomlStatement &statement : m_statements) {
            const bool isWithin = startsWith(statement.section + statement.pair.key, prefix);
            if (statement.kind == Kind::Pair && isWithin && statement.section.size() < prefix.size())
                last = &statement;
        }
        return last;
    }

    [[nodiscard]] QByteArray addedInline(qsizetype table, const QByteArray &pair) const
    {
        const std::vector<TomlPair> pairs = inlinePairs(m_text, table);
        if (pairs.empty())
            return spliced(table + 1, afterSpace(table + 1), ' ' + pair + ' ');
        return spliced(pairs.back().valueEnd, pairs.back().valueEnd, ", " + pair);
    }

    [[nodiscard]] QByteArray addedBehind(const TomlStatement &statement, const QByteArray &value) const
    {
        const QByteArray indent = m_text.sliced(statement.begin, afterSpace(statement.begin) - statement.begin);
        const bool isEnded = statement.end > 0 && m_text.at(statement.end - 1) == '\n';
        const QByteArray line = indent + assignment(statement.section.size(), value) + lineEnd(statement.end);
        return spliced(statement.end, statement.end, isEnded ? line : lineEnd(statement.end) + line);
    }

    /// Before the first section and the comment that stands on it.
    [[nodiscard]] QByteArray addedAtTop(const QByteArray &value) const
    {
        if (const TomlStatement *last = lastOfSection({}))
            return addedBehind(*last, value);
        if (m_statements.empty())
            return endedText() + assignment(0, value) + lineEnd(m_text.size());
        qsizetype at = m_statements.front().begin;
        for (;;) {
            const qsizetype before = at < 2 ? 0 : m_text.lastIndexOf('\n', at - 2) + 1;
            if (before >= at || m_text.at(afterSpace(before)) != '#')
                break;
            at = before;
        }
        return spliced(at, at, assignment(0, value) + lineEnd(m_statements.front().end));
    }

    [[nodiscard]] QByteArray addedSection(const QByteArray &value) const
    {
        const QByteArray text = endedText();
        const QByteArray end = lineEnd(m_text.size());
        const bool isApart = m_text.isEmpty() || m_text == kByteOrderMark || text.endsWith("\n\n") || text.endsWith("\n\r\n");
        const QByteArray gap = isApart ? QByteArray() : end;
        const TomlPath section = m_path.first(m_path.size() - 1);
        return text + gap + '[' + section.join('.') + ']' + end + m_path.last() + " = " + value + end;
    }

    [[nodiscard]] QByteArray endedText() const
    {
        const bool isOpen = !m_text.isEmpty() && !m_text.endsWith('\n') && m_text != kByteOrderMark;
        return isOpen ? m_text + lineEnd(m_text.size()) : m_text;
    }

    [[nodiscard]] QByteArray assignment(qsizetype depth, const QByteArray &value) const
    {
        return m_path.sliced(depth).join('.') + " = " + value;
    }

    /// As the line before `position` ends; where that one does not, as the first line does.
    [[nodiscard]] QByteArray lineEnd(qsizetype position) const
    {
        qsizetype end = position - 1;
        if (end < 0 || m_text.at(end) != '\n')
            end = m_text.indexOf('\n');
        return end > 0 && m_text.at(end - 1) == '\r' ? "\r\n" : "\n";
    }

    [[nodiscard]] qsizetype afterSpace(qsizetype position) const
    {
        while (position < m_text.size() && (m_text.at(position) == ' ' || m_text.at(position) == '\t'))
            ++position;
        return position;
    }

    [[nodiscard]] QByteArray spliced(qsizetype begin, qsizetype end, const QByteArray &with) const
    {
        return m_text.first(begin) + with + m_text.sliced(end);
    }

    QByteArray m_text;
    TomlPath m_path;
    std::vector<TomlStatement> m_statements;
    std::optional<Site> m_site;
};

/// The value that is asked for, as the parser reads it; nothing for none. Error: it is not one value on one line.
Result<std::optional<TomlValue>> wantedValue(const QByteArray &value)
{
    if (value.isEmpty())
        return std::optional<TomlValue>();
    const QByteArray begin = "v = ";
    const QByteArray line = begin + value;
    const auto table = parsed(line);
    if (!table)
        return table.error();
    const std::vector<TomlStatement> statements = tomlStatements(line);
    // Without spaces around it: those would be added once more with every change.
    if (statements.size() != 1 || value.contains('\n') || statements.front().pair.valueBegin != begin.size()
        || statements.front().pair.valueEnd != line.size())
        return malformed(u"\"%1\" is not one value on one line"_s.arg(QString::fromUtf8(value.left(80))));
    return std::optional<TomlValue>(table.value().entries.front().value);
}

/// Whether `after` is `before` with that key changed, and nothing else.
bool isOnlyChange(TomlValue before, TomlValue after, const QStringList &path, const std::optional<TomlValue> &wanted)
{
    const auto found = lookUp(after, path);
    if (!found || (found.value() != nullptr) != wanted.has_value() || (wanted && !isSame(*found.value(), *wanted)))
        return false;
    strip(before, path);
    strip(after, path);
    return isSame(before, after);
}

} // namespace

Result<QByteArray> editToml(const QByteArray &text, const QString &key, const QByteArray &value)
{
    static const QRegularExpression bareKeys(u"\\A[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*\\z"_s);
    if (!bareKeys.match(key).hasMatch())
        return malformed(u"\"%1\" is not a key"_s.arg(key));
    const Result<std::optional<TomlValue>> wanted = wantedValue(value);
    if (!wanted)
        return wanted.error();
    const Result<TomlValue> before = parsed(text);
    if (!before)
        return before.error();
    const QStringList path = key.split(u'.');
    const auto present = lookUp(before.value(), path);
    if (!present)
        return present.error();
    if (present.value() == nullptr && value.isEmpty())
        return text;

    const Edit edit(text, key.toUtf8().split('.'));
    if (edit.isKeyFound() != (present.value() != nullptr))
        return malformed(u"%1 is set in a way that cannot be changed safely; change it in the file"_s.arg(key));
    const QByteArray edited = !edit.isKeyFound() ? edit.added(value) : value.isEmpty() ? edit.removed() : edit.replaced(value);
    const Result<TomlValue> after = parsed(edited);
    if (!after || !isOnlyChange(before.value(), after.value(), path, wanted.value()))
        return malformed(u"%1 cannot be changed here without touching something else; change it in the file"_s.arg(key));
    return edited;
}

} // namespace dormouse
