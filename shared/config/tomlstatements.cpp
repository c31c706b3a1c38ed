// SPDX-License-Identifier: MIT
#include "shared/config/tomlstatements.h"

#include <QByteArrayView>

#include <algorithm>

namespace dormouse {
namespace {

constexpr QByteArrayView kByteOrderMark{"\xEF\xBB\xBF"};

/// Walks over a document as its parser did. Every step goes forward or says no, so that a walk ends whatever the text is.
class Cursor
{
public:
    Cursor(const QByteArray &text, qsizetype at) : m_text(text), m_at(at) {}

    [[nodiscard]] bool atEnd() const { return m_at >= m_text.size(); }
    [[nodiscard]] qsizetype at() const { return m_at; }
    [[nodiscard]] bool isAt(char c) const { return !atEnd() && m_text[m_at] == c; }
    bool take(char c)
    {
        const bool found = isAt(c);
        m_at += found ? 1 : 0;
        return found;
    }
    void skipSpace()
    {
        while (isAt(' ') || isAt('\t'))
            ++m_at;
    }
    /// To behind the end of this line.
    void skipLine()
    {
        const qsizetype end = m_text.indexOf('\n', m_at);
        m_at = end < 0 ? m_text.size() : end + 1;
    }
    /// Over spaces, line ends and comments, as an array has them between its items.
    void skipBlank()
    {
        while (!atEnd()) {
            if (isAt('#'))
                skipLine();
            else if (isAt(' ') || isAt('\t') || isAt('\r') || isAt('\n'))
                ++m_at;
            else
                return;
        }
    }

    TomlPath takeKey()
    {
        TomlPath path;
        do {
            skipSpace();
            path.append(takeKeyPart());
            skipSpace();
        } while (take('.'));
        return path;
    }

    /// KEY = VALUE; the position is behind the value then.
    TomlPair takePair()
    {
        TomlPair pair;
        pair.keyBegin = m_at;
        pair.key = takeKey();
        take('=');
        skipSpace();
        pair.valueBegin = m_at;
        skipValue();
        pair.valueEnd = m_at;
        return pair;
    }

    /// The pairs of an inline table, from its "{" to behind its "}".
    std::vector<TomlPair> takeInlineTable()
    {
        std::vector<TomlPair> pairs;
        take('{');
        skipSpace();
        while (!atEnd() && !take('}')) {
            const qsizetype before = m_at;
            pairs.push_back(takePair());
            skipSpace();
            take(',');
            skipSpace();
            if (m_at == before)
                m_at = m_text.size();
        }
        return pairs;
    }

private:
    QByteArray takeKeyPart()
    {
        const qsizetype begin = m_at;
        if (isAt('"') || isAt('\'')) {
            skipString();
            const QByteArray inner = m_text.sliced(begin + 1, std::max<qsizetype>(0, m_at - begin - 2)).toByteArray();
            return m_text[begin] == '"' && inner.contains('\\') ? QByteArray('"' + inner + '"') : inner;
        }
        while (!atEnd() && !QByteArrayView(" \t\r\n.=]},").contains(m_text[m_at]))
            ++m_at;
        return m_text.sliced(begin, m_at - begin).toByteArray();
    }

    void skipString()
    {
        const char quote = m_text[m_at];
        const QByteArray three(3, quote);
        const bool isLong = m_text.sliced(m_at).startsWith(three);
        m_at += isLong ? 3 : 1;
        while (!atEnd()) {
            if (isLong ? m_text.sliced(m_at).startsWith(three) : isAt(quote)) {
                m_at += isLong ? 3 : 1;
                // A long string may end with quotes of its own: """a""""" is a"".
                for (int own = 0; isLong && own < 2 && isAt(quote); ++own)
                    ++m_at;
                return;
            }
            m_at += isAt('\\') && quote == '"' ? 2 : 1;
        }
        m_at = m_text.size();
    }

    void skipArray()
    {
        take('[');
        skipBlank();
        while (!atEnd() && !take(']')) {
            const qsizetype before = m_at;
            skipValue();
            skipBlank();
            take(',');
            skipBlank();
            if (m_at == before)
                m_at = m_text.size();
        }
    }

    /// The recursion is bounded: parseToml() takes nothing that is nested deep.
    void skipValue()
    {
        if (isAt('"') || isAt('\'')) {
            skipString();
        } else if (isAt('[')) {
            skipArray();
        } else if (isAt('{')) {
            takeInlineTable();
        } else {
            const qsizetype begin = m_at;
            while (!atEnd() && !QByteArrayView(",]}#\r\n").contains(m_text[m_at]))
                ++m_at;
            while (m_at > begin && (m_text[m_at - 1] == ' ' || m_text[m_at - 1] == '\t'))
                --m_at;
        }
    }

    QByteArrayView m_text;
    qsizetype m_at;
};

} // namespace

std::vector<TomlStatement> tomlStatements(const QByteArray &text)
{
    std::vector<TomlStatement> statements;
    TomlPath section;
    Cursor cursor(text, text.startsWith(kByteOrderMark) ? kByteOrderMark.size() : 0);
    while (!cursor.atEnd()) {
        TomlStatement statement;
        statement.begin = cursor.at();
        cursor.skipSpace();
        if (cursor.atEnd() || cursor.isAt('#') || cursor.isAt('\r') || cursor.isAt('\n')) {
            cursor.skipLine();
            continue;
        }
        if (cursor.take('[')) {
            cursor.skipSpace();
            statement.kind = cursor.take('[') ? TomlStatement::Kind::ArrayTable : TomlStatement::Kind::Table;
            section = cursor.takeKey();
        } else {
            statement.pair = cursor.takePair();
        }
        cursor.skipLine();
        statement.section = section;
        statement.end = cursor.at();
        statements.push_back(statement);
    }
    return statements;
}

std::vector<TomlPair> inlinePairs(const QByteArray &text, qsizetype begin)
{
    return Cursor(text, begin).takeInlineTable();
}

} // namespace dormouse
