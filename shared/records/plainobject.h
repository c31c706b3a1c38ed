// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

namespace dormouse {

enum class PlainKind { String, Integer, Number, Word };

/// A value of a plain object as it stands in the text; a string without its quotes, a word is true, false or null.
struct PlainValue {
    PlainKind kind = PlainKind::Word;
    std::string_view text;
};

/// Walks over one flat object of printable ASCII strings without escapes, numbers, true, false and null: what most lines and heartbeats are, and several times
/// faster than a JSON document. Integer: no sign, at most 15 digits; every other number is a Number.
///   PlainWalker walker(bytes);
///   while (walker.next(key, value)) …
///   if (!walker.isWhole()) … it was not plain, or no object: a JSON parser has to judge
class PlainWalker
{
public:
    explicit PlainWalker(std::string_view bytes) : m_at(bytes.data()), m_end(bytes.data() + bytes.size()) {}

    /// The next member; false at the end and where the text is not plain.
    [[nodiscard]] bool next(std::string_view &key, PlainValue &value);
    /// After the last member: everything was plain, and nothing follows the object.
    [[nodiscard]] bool isWhole() const { return m_isWhole; }

private:
    void skipBlanks();
    bool take(char expected);
    bool string(std::string_view &text);
    bool value(PlainValue &value);
    static bool number(PlainValue &value);

    const char *m_at;
    const char *m_end;
    bool m_hasBegun = false;
    bool m_isWhole = false;
};

} // namespace dormouse
