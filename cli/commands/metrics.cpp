// SPDX-License-Identifier: MIT
#include "cli/agentlink.h"
#include "cli/commands.h"
#include "cli/metricstext.h"
#include "cli/userconfiguration.h"
#include "cli/withoutagent.h"
#include "shared/base/text.h"
#include "shared/control/messages.h"
#include "shared/storage/file.h"

#include <QFileInfo>

namespace dormouse {
namespace {

using namespace Qt::Literals::StringLiterals;

constexpr QLatin1StringView kOutput{"output"};

MetricsSource readSource(const Context &context)
{
    MetricsSource source;
    source.isAgentThere = liveAgent(context.paths).has_value();
    source.record = readRecord(context.paths);
    const std::optional<Result<QJsonObject>> answer = observe(context, {{control::key::kType, QString(control::type::kStatus)}});
    if (answer && *answer)
        source.snapshot = snapshotFromJson(answer->value());
    if (!source.snapshot) {
        const Result<Configuration> configuration = userConfiguration(context);
        source.services =
            servicesWithoutAgent(context.paths, configuration ? configuration.value().services : std::vector<ServiceConfig>());
    }
    return source;
}

/// The collector reads the folder at any moment, and as another user: so whole or not at all, and readable to all.
Result<void> writeForCollector(const QString &path, const QByteArray &text)
{
    Result<void> written = writeAtomically(path, text, Durability::Normal, Readers::Everybody);
    if (written || written.error().code == ErrorCode::NotDurable) // it is in place, and the next one comes in a minute
        return {};
    Error error = written.error();
    error.message = u"the metrics cannot be written: "_s + error.message;
    return error;
}

int metrics(const Context &context)
{
    const QString text = metricsText(readSource(context));
    if (!context.invocation.has(kOutput)) {
        context.out.write(text);
        return kExitOk;
    }
    const QString path = QFileInfo(context.invocation.value(kOutput)).absoluteFilePath();
    if (!path.endsWith(".prom"_L1))
        return context.failUsage(u"--output '%1': the collector reads only names that end with .prom"_s.arg(sanitized(path)));
    const Result<void> written = writeForCollector(path, text.toUtf8());
    return written ? kExitOk : context.fail(written.error());
}

} // namespace

Command metricsCommand()
{
    CommandSpec spec{
        u"metrics"_s, group::kLook, u"state and counts for Prometheus"_s, u"[--output FILE]"_s,
        u"Prints the state in Prometheus' text format, for the textfile collector of node_exporter. Works without an agent "
        "(dormouse_agent_up is 0 then); wakes nothing."_s};
    spec.options = {{u"output"_s, u"FILE"_s, u"write it there, whole or not at all; the name ends with .prom"_s}};
    spec.example = u"dormouse metrics --output /var/lib/prometheus/node-exporter/dormouse.prom"_s;
    return {spec, &metrics};
}

} // namespace dormouse
