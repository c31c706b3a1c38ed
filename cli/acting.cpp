// SPDX-License-Identifier: MIT
#include "cli/acting.h"

#include "shared/base/text.h"
#include "shared/control/messages.h"

#include <QJsonArray>

namespace dormouse {

using namespace Qt::Literals::StringLiterals;

int requestAndReport(const Context &context, const QJsonObject &message, QString (*done)(const QJsonObject &answer))
{
    const std::optional<Result<QJsonObject>> answer = observe(context, message);
    if (!answer)
        return reportAbsent(context);
    if (!*answer)
        return context.fail(answer->error());
    if (!isAccepted(answer->value()))
        return reportBusyOrRefusal(context, answer->value());
    context.out.line(done(answer->value()));
    return kExitOk;
}

QStringList namesIn(const QJsonValue &array)
{
    QStringList names;
    for (const QJsonValue &value : array.toArray()) {
        const QString name = sanitized(value.isObject() ? value.toObject().value("name"_L1).toString() : value.toString(), 60);
        if (!name.isEmpty())
            names.append(name);
    }
    return names;
}

int reportBusyOrRefusal(const Context &context, const QJsonObject &answer)
{
    const QStringList leases = namesIn(answer.value("leases"_L1));
    if (answer.value(control::key::kReason).toString() != control::reason::kBusy || leases.isEmpty())
        return reportRefusal(context, answer);
    return context.fail(kExitTryAgain,
                        u"in use by "_s + leases.join(u", "_s) + u"; with --force it goes to sleep all the same"_s);
}

QString stopsText(const QJsonObject &answer, QLatin1StringView verb)
{
    const QStringList names = namesIn(answer.value("stops"_L1));
    return names.isEmpty() ? QString() : QString(u"; "_s + verb + u": "_s + names.join(u", "_s));
}

} // namespace dormouse
