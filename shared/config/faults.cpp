// SPDX-License-Identifier: MIT
#include "shared/config/faults.h"

#include <algorithm>
#include <tuple>

namespace dormouse {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr std::size_t kFaultsMax = 50; // nobody reads more, and a hostile file could have a million

}

void Faults::add(TextPlace place, const QString &text)
{
    if (!isFull())
        m_faults.push_back({place, text});
}

bool Faults::isFull() const
{
    return m_faults.size() >= kFaultsMax;
}

std::vector<ConfigurationFault> Faults::sorted() const
{
    std::vector<ConfigurationFault> result = m_faults;
    std::stable_sort(result.begin(), result.end(), [](const ConfigurationFault &a, const ConfigurationFault &b) {
        return std::tie(a.place.line, a.place.column) < std::tie(b.place.line, b.place.column);
    });
    return result;
}

QString locatedText(const QString &path, const ConfigurationFault &fault)
{
    if (fault.place.line == 0)
        return path + u": "_s + fault.text;
    return path + u':' + QString::number(fault.place.line) + u':' + QString::number(fault.place.column) + u": "_s + fault.text;
}

} // namespace dormouse
