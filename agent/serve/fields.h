// SPDX-License-Identifier: MIT
#pragma once

#include "agent/serve/controltarget.h"
#include "shared/base/clock.h"

#include <QJsonObject>
#include <QLatin1StringView>
#include <QString>

#include <optional>
#include <span>

namespace dormouse {

/// Reads the fields of one message, each checked for its type and range and clipped. The first wrong one is remembered and named in the
/// refusal; what is read after it is the default. "Given" means present: null is a value of the wrong type.
class Fields
{
public:
    /// Any field but `type`, `id` and those of `known` is wrong.
    Fields(const QJsonObject &message, std::span<const QLatin1StringView> known);

    /// "" when absent; cut to `maximum` characters.
    [[nodiscard]] QString text(QLatin1StringView name, int maximum);
    /// Must be there.
    [[nodiscard]] QString requiredText(QLatin1StringView name, int maximum);
    /// Must be there and not empty; made safe to show to people.
    [[nodiscard]] QString shownName(QLatin1StringView name, int maximum);
    /// Must be one of `words`; the first of them when not.
    [[nodiscard]] QString requiredWord(QLatin1StringView name, std::span<const QLatin1StringView> words);
    /// False when absent.
    [[nodiscard]] bool flag(QLatin1StringView name);
    [[nodiscard]] std::optional<qint64> integer(QLatin1StringView name, qint64 minimum, qint64 maximum);
    /// A number of seconds > 0, at most 100 years.
    [[nodiscard]] std::optional<Millis> seconds(QLatin1StringView name);
    /// A number of seconds >= 0, at most 100 years, or null. Must be there.
    [[nodiscard]] std::optional<Millis> secondsOrNull(QLatin1StringView name);
    [[nodiscard]] std::optional<WallTime> time(QLatin1StringView name);

    /// What is to be answered when a field was wrong.
    [[nodiscard]] std::optional<Reply> refusal() const;
    void refuse(const QString &problem);

private:
    [[nodiscard]] std::optional<QString> given(QLatin1StringView name);

    const QJsonObject &m_message;
    QString m_problem;
};

/// At most `maximum` UTF-16 units, without cutting a character in two.
[[nodiscard]] QString clipped(const QString &text, int maximum);

} // namespace dormouse
