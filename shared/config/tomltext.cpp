// SPDX-License-Identifier: MIT
#include "shared/config/tomltext.h"

#include <QRegularExpression>
#include <QStringDecoder>

#include <algorithm>

namespace dormouse {
namespace {

using namespace Qt::Literals::StringLiterals;

constexpr QByteArrayView kByteOrderMark{"\xEF\xBB\xBF"};

QByteArrayView withoutMark(const QByteArray &text)
{
    const QByteArrayView view(text);
    return view.startsWith(kByteOrderMark) ? view.sliced(kByteOrderMark.size()) : view;
}

int characters(QByteArrayView utf8)
{
    const auto isFirstByte = [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; };
    return static_cast<int>(std::count_if(utf8.begin(), utf8.end(), isFirstByte));
}

/// The position of the first byte of `line` that no UTF-8 decoder can go on with; -1 when there is none.
qsizetype firstWrongByte(QByteArrayView line)
{
    QStringDecoder whole(QStringDecoder::Utf8, QStringDecoder::Flag::Stateless);
    const QString ignored = whole.decode(line);
    if (!whole.hasError())
        return -1;
    QStringDecoder bytewise(QStringDecoder::Utf8);
    qsizetype characterStart = 0;
    bool isPending = false;
    for (qsizetype i = 0; i < line.size(); ++i) {
        if (!isPending)
            characterStart = i;
        const QString decoded = bytewise.decode(line.sliced(i, 1));
        if (bytewise.hasError())
            return characterStart; // of the character that is not ended, when that is the trouble
        isPending = decoded.isEmpty();
    }
    return characterStart; // it ends in the midst of a character
}

bool isSpace(char c)
{
    return c == ' ' || c == '\t';
}

bool beginsKey(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '"'
           || c == '\'';
}

/// Walks over a document as its lexer would, strings and comments left out: counts how deep brackets and dotted keys go, and looks at
/// how section headers begin.
class TrapScan
{
public:
    explicit TrapScan(QByteArrayView text) : m_text(text) {}

    std::optional<ConfigurationFault> run()
    {
        while (m_position < m_text.size()) {
            const char c = m_text[m_position];
            if (const QString wrong = wrongHere(c); !wrong.isEmpty())
                return ConfigurationFault{here(), u"not valid TOML: "_s + wrong};
            m_isLineBegin &= isSpace(c);
            if (c == '"' || c == '\'')
                skipString(c);
            else if (c == '#')
                skipComment();
            else
                take(c);
            if (m_dots > kDepthMax || m_open.size() > kDepthMax)
                return ConfigurationFault{{m_line, std::max(1, here().column - 1), 1},
                                          u"nested too deep: expected at most %1 levels"_s.arg(kDepthMax)};
        }
        return std::nullopt;
    }

private:
    static constexpr int kDepthMax = 16; // four are used

    /// What is wrong at the next character, which the position then points to; empty when nothing is.
    QString wrongHere(char c)
    {
        if (c == '[' && m_open.isEmpty() && m_isLineBegin && isHeaderWrong())
            return u"a section name begins with a letter, a digit, \"_\", \"-\" or a quote"_s;
        if ((static_cast<unsigned char>(c) & 0x80U) != 0)
            return u"a letter beyond ASCII outside of quotes; a key or a text with it needs quotes"_s;
        if (c == '=' && isValueMissing())
            return u"a value is missing after \"=\""_s;
        if ((c == ']' && !m_open.endsWith('[')) || (c == '}' && !m_open.endsWith('{')))
            return u"\"%1\" without its opening bracket"_s.arg(QLatin1Char(c));
        const bool isQuote = c == '"' || c == '\'';
        if (isQuote && m_position > m_lineStart && !QByteArrayView(" \t=,[{.").contains(m_text[m_position - 1]))
            return u"a quote within a word; a text needs a quote at both of its ends"_s;
        return {};
    }

    bool isValueMissing() const
    {
        qsizetype next = m_position + 1;
        while (next < m_text.size() && isSpace(m_text[next]))
            ++next;
        return next >= m_text.size() || QByteArrayView(",]}#\r\n").contains(m_text[next]);
    }

    /// The place of the next character.
    TextPlace here() const { return {m_line, characters(m_text.sliced(m_lineStart, m_position - m_lineStart)) + 1, 1}; }

    /// At the "[" of a header: true, and the position is where its name should begin, when something else stands there. The end of the
    /// file and "]" are left to the parser, which tells them well.
    bool isHeaderWrong()
    {
        qsizetype next = m_position + 1;
        const auto skipSpace = [this, &next] {
            while (next < m_text.size() && isSpace(m_text[next]))
                ++next;
        };
        skipSpace();
        if (next < m_text.size() && m_text[next] == '[') {
            ++next;
            skipSpace();
        }
        if (next >= m_text.size() || m_text[next] == ']' || beginsKey(m_text[next]))
            return false;
        m_position = next;
        return true;
    }

    void take(char c)
    {
        ++m_position;
        if (c == '\n')
            startLine();
        if (c == '.')
            ++m_dots;
        else if (c == '[' || c == '{')
            m_open.append(c);
        else if (c == ']' || c == '}')
            m_open.chop(1);
        if (c == '\n' || c == '=' || c == ',' || c == '[' || c == '{' || c == ']' || c == '}')
            m_dots = 0;
    }

    void startLine()
    {
        ++m_line;
        m_lineStart = m_position;
        m_isLineBegin = true;
    }

    void skipComment()
    {
        while (m_position < m_text.size() && m_text[m_position] != '\n')
            ++m_position;
    }

    void skipString(char quote)
    {
        walkString(quote);
        m_isLineBegin = false; // a long one may have begun lines of its own
    }

    void walkString(char quote)
    {
        const QByteArray three(3, quote);
        const bool isLong = m_text.sliced(m_position).startsWith(three);
        m_position += isLong ? 3 : 1;
        while (m_position < m_text.size()) {
            const char c = m_text[m_position];
            if (c == '\n' && !isLong)
                return; // not closed: the parser says so
            if (c == quote && (!isLong || m_text.sliced(m_position).startsWith(three))) {
                m_position += isLong ? 3 : 1;
                // A long string may end with quotes of its own: """a""""" is a"".
                for (int own = 0; isLong && own < 2 && m_position < m_text.size() && m_text[m_position] == quote; ++own)
                    ++m_position;
                return;
            }
            m_position += c == '\\' && quote == '"' && m_position + 1 < m_text.size() && m_text[m_position + 1] != '\n' ? 2 : 1;
            if (c == '\n')
                startLine();
        }
    }

    QByteArrayView m_text;
    qsizetype m_position = 0;
    qsizetype m_lineStart = 0;
    int m_line = 1;
    int m_dots = 0;
    QByteArray m_open; ///< the brackets that are open
    bool m_isLineBegin = true;
};

} // namespace

std::optional<ConfigurationFault> findWrongEncoding(const QByteArray &text)
{
    if (text.startsWith("\xFF\xFE") || text.startsWith("\xFE\xFF"))
        return ConfigurationFault{{1, 1, 1}, u"the file is UTF-16: expected UTF-8; save it as UTF-8"_s};
    const QByteArrayView all = withoutMark(text);
    int number = 0;
    for (qsizetype start = 0; start < all.size();) {
        const qsizetype found = all.indexOf('\n', start);
        const qsizetype end = found < 0 ? all.size() : found;
        const QByteArrayView line = all.sliced(start, end - start);
        start = end + 1;
        ++number;
        const qsizetype wrong = firstWrongByte(line);
        if (wrong >= 0)
            return ConfigurationFault{{number, characters(line.first(wrong)) + 1, 1},
                                      u"a byte that is not UTF-8 (0x%1): expected UTF-8; save the file as UTF-8"_s.arg(
                                          static_cast<unsigned char>(line[wrong]), 2, 16, QLatin1Char('0'))};
    }
    return std::nullopt;
}

std::optional<ConfigurationFault> findParserTrap(const QByteArray &text)
{
    return TrapScan(withoutMark(text)).run();
}

QString syntaxHint(const QByteArray &text, TextPlace place, const QString &description)
{
    const QString line = lineOf(text, place.line);
    if (description.contains("cannot redefine"_L1))
        return u"; each key and each section may stand there once"_s;
    if (description.contains("control character"_L1) && place.column > line.toUcs4().size())
        return u"; the string has no closing quote on its line"_s;
    if (description.contains("hex digit"_L1) || description.contains("escape sequence"_L1))
        return u"; between \"…\" a backslash begins an escape: write two of them, or '…' instead of \"…\""_s;
    static const QRegularExpression unquoted(
        uR"(^\s*[A-Za-z0-9_."'-]+\s*=\s*(?!(?:true|false)\b)((?:[0-9.]+[a-z]+|[A-Za-z/~][\w./~-]*)))"_s);
    const QRegularExpressionMatch match = unquoted.match(line.left(1000));
    if (!match.hasMatch())
        return {};
    const QString word = match.captured(1).left(60);
    if (word == "True"_L1 || word == "False"_L1)
        return u"; did you mean %1?"_s.arg(word.toLower());
    return u"; a text needs quotes: \"%1\""_s.arg(word);
}

QString lineOf(const QByteArray &text, int number)
{
    QByteArrayView rest = withoutMark(text);
    for (int line = 1; line < number; ++line) {
        const qsizetype end = rest.indexOf('\n');
        if (end < 0)
            return {};
        rest = rest.sliced(end + 1);
    }
    const qsizetype end = rest.indexOf('\n');
    QByteArrayView line = end < 0 ? rest : rest.first(end);
    if (line.endsWith('\r'))
        line.chop(1);
    return QString::fromUtf8(line);
}

} // namespace dormouse
