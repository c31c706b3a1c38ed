// SPDX-License-Identifier: MIT
#include "cli/agentlink.h"
#include "cli/commands.h"
#include "cli/table.h"
#include "shared/base/defaults.h"
#include "shared/base/text.h"
#include "shared/control/messages.h"
#include "shared/records/json.h"
#include "shared/storage/file.h"

#include <cmath>

namespace dormouse {
namespace {

using namespace Qt::Literals::StringLiterals;

QString valueText(const QString &key, const QJsonValue &value)
{
    const double number = qBound(0.0, value.toDouble(), 1e12);
    if (key.endsWith("_bytes"_L1))
        return formatBytes(std::llround(number));
    if (key.endsWith("_sec"_L1))
        return formatDuration(Millis(std::llround(number * 1000)));
    return value.isDouble() ? QString::number(value.toDouble(), 'g', 12) : sanitized(value.toVariant().toString(), 80);
}

QString label(QString key)
{
    for (const QLatin1StringView unit : {"_bytes"_L1, "_sec"_L1}) {
        if (key.endsWith(unit))
            key.chop(unit.size());
    }
    return sanitized(key.replace(u'_', u' '), 60);
}

int show(const Context &context, const QJsonObject &digest)
{
    if (context.invocation.has("json"_L1)) {
        context.out.json({{"digest"_L1, digest.isEmpty() ? QJsonValue() : QJsonValue(digest)}});
        return kExitOk;
    }
    if (digest.isEmpty()) {
        context.out.line(u"no digest is due"_s);
        return kExitOk;
    }
    Table table;
    for (auto entry = digest.begin(); entry != digest.end(); ++entry)
        table.addRow({Cell{label(entry.key())}, Cell{valueText(entry.key(), entry.value()), Style::Plain, true}});
    context.out.write(table.text(context.out.palette()));
    return kExitOk;
}

/// The digest that waits, from the file that keeps it: after the night's maintenance the agent is usually gone.
std::optional<QJsonObject> digestOnDisk(const RootPaths &paths)
{
    const Result<QByteArray> bytes = readBounded(paths.daemonState(), defaults::kStateBytesMax);
    if (!bytes)
        return std::nullopt;
    const Result<QJsonObject> state = parseJsonObject(bytes.value());
    if (!state)
        return std::nullopt;
    const QJsonObject digest = state.value().value("pending_digest"_L1).toObject();
    return digest.isEmpty() ? std::nullopt : std::optional(digest);
}

int digest(const Context &context)
{
    const bool peek = context.invocation.has("peek"_L1);
    const QJsonObject message{{control::key::kType, QString(control::type::kDigest)}, {"peek"_L1, peek}};
    const std::optional<Result<QJsonObject>> answer = observe(context, message);
    if (!answer) {
        const std::optional<QJsonObject> waiting = digestOnDisk(context.paths);
        if (waiting && peek)
            return show(context, *waiting);
        if (waiting)
            context.err.line(u"dormouse: a digest is waiting; `dormouse digest --peek` shows it without an agent"_s);
        return reportAbsent(context);
    }
    if (!*answer)
        return context.fail(answer->error());
    if (!isAccepted(answer->value()))
        return reportRefusal(context, answer->value());
    return show(context, answer->value().value("digest"_L1).toObject());
}

} // namespace

Command digestCommand()
{
    CommandSpec spec{
        u"digest"_s, group::kLook, u"what maintenance did while everybody slept"_s, u"[--peek] [--json]"_s,
        u"Shows the digest of the sleep cycles and marks it as seen; there is one at most every 18 hours. With --peek it "
        "stays, and the last one that "
        "was shown can be seen again. It never wakes anything."_s};
    spec.options = {{u"peek"_s, {}, u"look without marking it as seen; works without an agent"_s},
                    {u"json"_s, {}, u"as JSON: digest, null when none is due"_s}};
    spec.example = u"dormouse digest --peek"_s;
    return {spec, &digest};
}

} // namespace dormouse
