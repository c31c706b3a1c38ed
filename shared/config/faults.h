// SPDX-License-Identifier: MIT
#pragma once

#include <QString>

#include <vector>

namespace dormouse {

/// A stretch of text in a configuration file. Line and column count from 1, columns in characters (code points); line 0: no place.
struct TextPlace {
    int line = 0;
    int column = 0;
    int length = 1; ///< in characters, on that line

    bool operator==(const TextPlace &) const = default;
};

/// One thing that is wrong in a configuration file, told for a person: key, value, what was expected.
struct ConfigurationFault {
    TextPlace place;
    QString text;

    bool operator==(const ConfigurationFault &) const = default;
};

/// Collects what is wrong while a file is read, so that a person sees all of it at once; stops counting at a bound.
class Faults
{
public:
    void add(TextPlace place, const QString &text);
    /// Nothing more is taken: what costs time to tell need not be worked out.
    [[nodiscard]] bool isFull() const;
    /// In the order of the file.
    [[nodiscard]] std::vector<ConfigurationFault> sorted() const;

private:
    std::vector<ConfigurationFault> m_faults;
};

/// "PATH:3:8: text", or "PATH: text" for a fault without a place.
[[nodiscard]] QString locatedText(const QString &path, const ConfigurationFault &fault);

} // namespace dormouse
