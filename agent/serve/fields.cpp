// SPDX-License-Identifier: MIT
#include "agent/serve/fields.h"

#include "shared/base/defaults.h"
#include "shared/base/text.h"
#include "shared/control/messages.h"
#include "shared/records/json.h"
#include "shared/records/timestamp.h"

#include <algorithm>
#include <cmath>

using namespace Qt::Literals::StringLiterals;

namespace dormouse {
namespace {

constexpr double kSecondsMax = 100.0 * 365 * 86400; // keeps every sum of instants inside 64 bits
constexpr int kNameShown = 60;

QString unknownField(const QString &name, std::span<const QLatin1StringView> known)
{
    QStringList candidates;
    for (const QLatin1StringView candidate : known) {
        if (!candidate.isEmpty())
            candidates.append(candidate);
    }
    const QString shown = sanitized(name, kNameShown);
    QString problem = u"unknown field \"%1\""_s.arg(shown);
    if (const std::optional<QString> near = nearestWord(shown, candidates))
        problem += u" (did you mean \"%1\"?)"_s.arg(*near);
    return problem;
}

} // namespace

QString clipped(const QString &text, int maximum)
{
    if (text.size() <= maximum)
        return text;
    const bool splits = maximum > 0 && text.at(maximum - 1).isHighSurrogate();
    return text.left(splits ? maximum - 1 : maximum);
}

Fields::Fields(const QJsonObject &message, std::span<const QLatin1StringView> known) : m_message(message)
{
    for (auto field = message.begin(); field != message.end(); ++field) {
        const QString name = field.key();
        if (name == control::key::kType || name == control::key::kId)
            continue;
        if (name.isEmpty() || std::find(known.begin(), known.end(), name) == known.end())
            refuse(unknownField(name, known));
    }
}

std::optional<QString> Fields::given(QLatin1StringView name)
{
    const auto field = m_message.find(name);
    if (field == m_message.end())
        return std::nullopt;
    if (!field->isString()) {
        refuse(u"\"%1\" must be a string"_s.arg(name));
        return std::nullopt;
    }
    return field->toString();
}

QString Fields::text(QLatin1StringView name, int maximum)
{
    return clipped(given(name).value_or(QString()), maximum);
}

QString Fields::requiredText(QLatin1StringView name, int maximum)
{
    const std::optional<QString> value = given(name);
    if (!value)
        refuse(u"\"%1\" is missing"_s.arg(name));
    return clipped(value.value_or(QString()), maximum);
}

QString Fields::shownName(QLatin1StringView name, int maximum)
{
    const QString value = sanitized(requiredText(name, maximum), maximum).trimmed();
    if (value.isEmpty())
        refuse(u"\"%1\" is empty"_s.arg(name));
    return value;
}

QString Fields::requiredWord(QLatin1StringView name, std::span<const QLatin1StringView> words)
{
    const QString value = requiredText(name, defaults::kReasonMax);
    if (std::find(words.begin(), words.end(), value) != words.end())
        return value;
    QStringList known;
    for (const QLatin1StringView word : words)
        known.append(word);
    refuse(u"\"%1\" must be one of %2"_s.arg(QString(name), known.join(u", "_s)));
    return words.front();
}

bool Fields::flag(QLatin1StringView name)
{
    const auto field = m_message.find(name);
    if (field == m_message.end())
        return false;
    if (!field->isBool())
        refuse(u"\"%1\" must be true or false"_s.arg(name));
    return field->toBool();
}

std::optional<qint64> Fields::integer(QLatin1StringView name, qint64 minimum, qint64 maximum)
{
    const auto field = m_message.find(name);
    if (field == m_message.end())
        return std::nullopt;
    const std::optional<qint64> value = jsonInteger(*field);
    if (value && *value >= minimum && *value <= maximum)
        return value;
    refuse(u"\"%1\" must be an integer from %2 to %3"_s.arg(name).arg(minimum).arg(maximum));
    return std::nullopt;
}

std::optional<Millis> Fields::seconds(QLatin1StringView name)
{
    const auto field = m_message.find(name);
    if (field == m_message.end())
        return std::nullopt;
    const double value = field->toDouble(-1);
    if (field->isDouble() && std::isfinite(value) && value > 0 && value <= kSecondsMax)
        return Millis(std::max(std::llround(value * 1000), 1LL));
    refuse(u"\"%1\" must be a number of seconds, more than 0 and at most 100 years"_s.arg(name));
    return std::nullopt;
}

std::optional<Millis> Fields::secondsOrNull(QLatin1StringView name)
{
    const QJsonValue field = m_message.value(name);
    const double value = field.toDouble(-1);
    if (field.isDouble() && std::isfinite(value) && value >= 0 && value <= kSecondsMax)
        return Millis(std::llround(value * 1000));
    if (!field.isNull())
        refuse(u"\"%1\" must be there, and a number of seconds, 0 to 100 years, or null"_s.arg(name));
    return std::nullopt;
}

std::optional<WallTime> Fields::time(QLatin1StringView name)
{
    const std::optional<QString> value = given(name);
    if (!value)
        return std::nullopt;
    const std::optional<WallTime> time = parseTimestamp(*value);
    if (!time)
        refuse(u"\"%1\" must be a time like 2026-05-02T15:14:30+00:00"_s.arg(name));
    return time;
}

std::optional<Reply> Fields::refusal() const
{
    if (m_problem.isEmpty())
        return std::nullopt;
    return Reply::refused(control::reason::kInvalidMessage, m_problem);
}

void Fields::refuse(const QString &problem)
{
    if (m_problem.isEmpty())
        m_problem = problem;
}

} // namespace dormouse
