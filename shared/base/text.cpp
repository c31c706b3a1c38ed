// SPDX-License-Identifier: MIT
#include "shared/base/text.h"

#include <QChar>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>
#include <vector>

namespace dormouse {
namespace {

using namespace Qt::Literals::StringLiterals;

/// Digits with at most one point among them; nothing that only C's strtod would take (signs, exponents, "inf").
std::optional<double> plainNumber(QStringView text)
{
    constexpr qsizetype kDigitsMax = 20;
    bool digit = false;
    bool point = false;
    for (const QChar c : text) {
        if (c >= u'0' && c <= u'9')
            digit = true;
        else if (c == u'.' && !point)
            point = true;
        else
            return std::nullopt;
    }
    if (!digit || text.size() > kDigitsMax)
        return std::nullopt;
    return text.toDouble();
}

qsizetype editDistance(QStringView a, QStringView b)
{
    std::vector<qsizetype> row(static_cast<std::size_t>(b.size()) + 1);
    for (std::size_t j = 0; j < row.size(); ++j)
        row[j] = static_cast<qsizetype>(j);
    for (qsizetype i = 0; i < a.size(); ++i) {
        qsizetype diagonal = std::exchange(row[0], i + 1);
        for (qsizetype j = 0; j < b.size(); ++j) {
            const auto k = static_cast<std::size_t>(j);
            const qsizetype changed = diagonal + (a[i] == b[j] ? 0 : 1);
            diagonal = row[k + 1];
            row[k + 1] = std::min({changed, row[k] + 1, row[k + 1] + 1});
        }
    }
    return row.back();
}

/// Controls, lone surrogates and marks that reorder or hide what a person reads. Joiners stay: scripts and emoji need them.
bool isHarmful(char32_t c)
{
    constexpr char32_t kZeroWidthNonJoiner = 0x200C;
    constexpr char32_t kZeroWidthJoiner = 0x200D;
    const QChar::Category category = QChar::category(c);
    if (category == QChar::Other_Format)
        return c != kZeroWidthNonJoiner && c != kZeroWidthJoiner;
    return category == QChar::Other_Control || category == QChar::Other_Surrogate;
}

bool isLineOrTab(char32_t c)
{
    return c == U'\n' || c == U'\r' || c == U'\t' || c == U'\v' || c == U'\f' || c == 0x85 || c == 0x2028 || c == 0x2029;
}

} // namespace

std::optional<Millis> parseDuration(QStringView text)
{
    constexpr double kMillisMax = 1e15; // 30 000 years: far below where a double or the type would lose milliseconds
    static constexpr std::array<std::pair<QLatin1StringView, double>, 5> kUnits{{
        {QLatin1StringView("ms"), 1.0}, // before "s", whose end it shares
        {QLatin1StringView("s"), 1e3},
        {QLatin1StringView("m"), 60e3},
        {QLatin1StringView("h"), 3600e3},
        {QLatin1StringView("d"), 86400e3},
    }};
    double factor = 1e3;
    for (const auto &[unit, millis] : kUnits) {
        if (text.endsWith(unit)) {
            text.chop(unit.size());
            factor = millis;
            break;
        }
    }
    const std::optional<double> number = plainNumber(text);
    if (!number || *number * factor > kMillisMax)
        return std::nullopt;
    return Millis(std::llround(*number * factor));
}

QString formatDuration(Millis duration)
{
    using namespace std::chrono;
    if (duration <= 0ms)
        return u"0 s"_s;
    if (duration < 1s)
        return QString::number(duration.count()) + u" ms"_s;
    const auto two = [](qint64 large, QLatin1StringView largeUnit, qint64 small, QLatin1StringView smallUnit) {
        QString result = QString::number(large) + u' ' + largeUnit;
        if (small != 0)
            result += u' ' + QString::number(small) + u' ' + smallUnit;
        return result;
    };
    if (duration < 1min)
        return QString::number(floor<seconds>(duration).count()) + u" s"_s;
    if (duration < 1h)
        return QString::number(floor<minutes>(duration).count()) + u" min"_s;
    if (duration < 24h)
        return two(floor<hours>(duration).count(), "h"_L1, floor<minutes>(duration % 1h).count(), "min"_L1);
    return two(floor<days>(duration).count(), "d"_L1, floor<hours>(duration % 24h).count(), "h"_L1);
}

QString formatCountdown(Millis duration)
{
    using namespace std::chrono;
    // Rounded up: "00:00" means that the moment has come.
    const qint64 total = std::max<qint64>(0, ceil<seconds>(duration).count());
    const auto padded = [](qint64 number) { return QString::number(number).rightJustified(2, u'0'); };
    const QString minutesAndSeconds = padded(total / 60 % 60) + u':' + padded(total % 60);
    return total < 3600 ? minutesAndSeconds : QString::number(total / 3600) + u':' + minutesAndSeconds;
}

QString formatBytes(qint64 bytes)
{
    static constexpr std::array kUnits{"B", "kB", "MB", "GB", "TB", "PB", "EB"};
    if (std::abs(static_cast<double>(bytes)) < 1000)
        return QString::number(bytes) + u" B"_s;
    double value = static_cast<double>(bytes);
    std::size_t unit = 0;
    // 999.5 would be shown as "1000" of its unit.
    while (std::abs(value) >= 999.5 && unit + 1 < kUnits.size()) {
        value /= 1000;
        ++unit;
    }
    const int decimals = std::abs(value) < 9.95 ? 1 : 0;
    return QString::number(value, 'f', decimals) + u' ' + QLatin1StringView(kUnits.at(unit));
}

std::optional<QString> nearestWord(const QString &word, const QStringList &candidates)
{
    constexpr qsizetype kWordMax = 100; // nothing we know is that long, and the distance costs the product of both
    constexpr qsizetype kPartMin = 3;
    if (word.isEmpty() || word.size() > kWordMax)
        return std::nullopt;
    const QString lower = word.toLower();
    const qsizetype near = lower.size() < 4 ? 1 : std::max<qsizetype>(2, lower.size() / 3);
    std::optional<QString> best;
    qsizetype bestDistance = 0;
    for (const QString &candidate : candidates) {
        const QString other = candidate.toLower();
        const bool isPart = lower.size() >= kPartMin && other.contains(lower);
        if (!isPart && std::abs(lower.size() - other.size()) > near)
            continue; // the distance is at least that, and a hostile client asks for many
        const qsizetype distance = editDistance(lower, other);
        if ((distance <= near || isPart) && (!best || distance < bestDistance)) {
            best = candidate;
            bestDistance = distance;
        }
    }
    return best;
}

QString sanitized(QStringView text, int maximum)
{
    QString result;
    // Foreign text may be huge; nothing beyond the cut is looked at.
    const QStringView looked = text.first(std::min<qsizetype>(text.size(), qsizetype{maximum} + 1));
    for (qsizetype i = 0; i < looked.size(); ++i) {
        const QChar c = looked[i];
        char32_t code = c.unicode();
        const bool isPair = c.isHighSurrogate() && i + 1 < looked.size() && looked[i + 1].isLowSurrogate();
        if (isPair)
            code = QChar::surrogateToUcs4(c, looked[++i]);
        if (isLineOrTab(code))
            result += u' ';
        else if (isHarmful(code))
            result += QChar(QChar::ReplacementCharacter);
        else if (isPair)
            result += looked.sliced(i - 1, 2);
        else
            result += c;
    }
    if (text.size() <= maximum)
        return result;
    result.truncate(std::max(0, maximum - 1));
    if (!result.isEmpty() && result.back().isHighSurrogate())
        result.chop(1);
    return maximum > 0 ? result + u'…' : QString();
}

} // namespace dormouse
