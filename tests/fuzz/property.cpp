// SPDX-License-Identifier: MIT
#include "tests/fuzz/property.h"

#include <cstdio>
#include <cstdlib>

namespace dormouse::fuzz {

void require(bool holds, const char *what)
{
    if (holds)
        return;
    std::fprintf(stderr, "does not hold: %s\n", what);
    std::abort();
}

QByteArray takeLine(QByteArray &input)
{
    const qsizetype end = input.indexOf('\n');
    const QByteArray line = end < 0 ? input : input.left(end);
    input = end < 0 ? QByteArray() : input.mid(end + 1);
    return line;
}

quint32 choice(const QByteArray &input)
{
    quint32 hash = 2'166'136'261U; // FNV-1a: the same everywhere, unlike qHash()
    for (const char c : input)
        hash = (hash ^ static_cast<unsigned char>(c)) * 16'777'619U;
    return hash ^ (hash >> 15U);
}

WallTime someTime()
{
    using namespace std::chrono;
    return sys_days(year(2026) / July / 19) + hours(7) + minutes(27) + seconds(38);
}

} // namespace dormouse::fuzz
