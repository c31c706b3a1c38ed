// SPDX-License-Identifier: MIT
#include "cli/waking.h"

#include "cli/agentlink.h"
#include "shared/control/agentclient.h"

#include <QEventLoop>

#include <optional>

namespace dormouse {

using namespace Qt::Literals::StringLiterals;

Result<WakeOutcome> wakeAbsentAgent(const Context &context)
{
    if (const Result<void> fits = checkSocketPath(context.socket); !fits)
        return fits.error();
    if (const Result<void> ready = prepareRoot(context.paths); !ready)
        return ready.error();
    std::optional<WakeOutcome> result;
    QEventLoop loop;
    AgentWaker waker(context.paths, context.socket, availableLaunchers(context.paths, context.socket));
    QObject::connect(&waker, &AgentWaker::finished, &loop, [&result, &loop](const WakeOutcome &outcome) {
        result = outcome;
        loop.quit();
    });
    waker.start();
    if (!result)
        loop.exec();
    return result.value_or(WakeOutcome{});
}

QString failureText(const WakeOutcome &outcome)
{
    const QString reasons = outcome.failures.isEmpty() ? u"no way of starting it is installed"_s : outcome.failures.join(u"; "_s);
    return u"no agent could be started: "_s + reasons;
}

int ensureAgent(const Context &context)
{
    if (liveAgent(context.paths))
        return kExitOk;
    const Result<WakeOutcome> outcome = wakeAbsentAgent(context);
    if (!outcome)
        return context.fail(outcome.error());
    return outcome.value().awake ? kExitOk : context.fail(kExitNoAgent, failureText(outcome.value()));
}

} // namespace dormouse
