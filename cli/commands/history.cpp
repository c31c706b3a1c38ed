// SPDX-License-Identifier: MIT
#include "cli/agentlink.h"
#include "cli/commands.h"
#include "cli/historytext.h"
#include "cli/times.h"
#include "shared/base/text.h"
#include "shared/control/messages.h"
#include "shared/storage/eventlog.h"

namespace dormouse {
namespace {

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

/// The state now, which closes the last span; nothing when no agent runs.
std::optional<State> currentState(const Context &context)
{
    const std::optional<Result<QJsonObject>> answer = observe(context, {{control::key::kType, QString(control::type::kStatus)}});
    if (!answer || !*answer)
        return std::nullopt;
    return stateFromString(answer->value().value(control::key::kState).toString());
}

/// The log itself is read, agent or not: it is the agent's own source, and one that cannot answer in pages of a thousand.
History readHistory(const Context &context, const HistoryRange &range)
{
    HistoryBuilder builder(range.since, range.until);
    // To the very end: what comes after `until` tells whether the agent still ran at `until`.
    dormouse::readHistory(context.paths.logs(), range.since, range.now + 1min, true, builder);
    return builder.finish(currentState(context));
}

int print(const Context &context, const HistoryRange &range)
{
    const History history = readHistory(context, range);
    if (context.invocation.has("json"_L1))
        context.out.json(historyJson(history, range));
    else if (context.invocation.has("csv"_L1))
        context.out.write(historyCsv(history));
    else
        context.out.write(historyText(history, range, context.out.palette(), context.out.isTerminal()));
    return kExitOk;
}

int history(const Context &context)
{
    const Invocation &invocation = context.invocation;
    if (invocation.has("json"_L1) && invocation.has("csv"_L1))
        return context.failUsage(u"--json and --csv exclude each other"_s);
    const WallTime now = context.now();
    const QString sinceText = invocation.has("since"_L1) ? invocation.value("since"_L1) : u"24h"_s;
    const std::optional<WallTime> since = parseMoment(sinceText, now);
    if (!since)
        return context.failUsage(u"--since '"_s + sanitized(sinceText)
                                 + u"' is neither a duration (24h, 7d) nor a time (2026-05-02T15:00)"_s);
    const std::optional<WallTime> until = invocation.has("until"_L1) ? parseMoment(invocation.value("until"_L1), now) : now;
    if (!until)
        return context.failUsage(u"--until '"_s + sanitized(invocation.value("until"_L1))
                                 + u"' is neither a duration nor a time"_s);
    if (*until <= *since)
        return context.failUsage(u"--until must be later than --since"_s);
    return print(context, {*since, std::min(*until, now), now});
}

} // namespace

Command historyCommand()
{
    CommandSpec spec{
        u"history"_s, group::kLook, u"time in each state, transitions, memory saved"_s,
        u"[--since 24h] [--until TIME] [--json|--csv]"_s,
        u"Tells from the event log how long each state lasted, which transitions there were, how much memory was saved, and "
        "how fast it woke. "
        "Works without an agent and never wakes anything."_s};
    spec.options = {
        {u"since"_s, u"TIME"_s,
         u"a duration before now (24h, 7d) or a time (2026-05-02T15:00, local unless it names a zone); default 24h"_s},
        {u"until"_s, u"TIME"_s, u"the same; default: now"_s},
        {u"json"_s, {}, u"as JSON"_s},
        {u"csv"_s, {}, u"a line for each stretch: from,to,state,duration_sec (UTC)"_s}};
    spec.example = u"dormouse history --since 7d\ndormouse history --since 30d --csv > states.csv"_s;
    return {spec, &history};
}

} // namespace dormouse
