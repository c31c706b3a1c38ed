// SPDX-License-Identifier: MIT
#include "cli/agentlink.h"

#include "cli/statusjson.h"
#include "cli/times.h"
#include "shared/base/defaults.h"
#include "shared/base/text.h"
#include "shared/control/agentclient.h"
#include "shared/control/messages.h"
#include "shared/records/timestamp.h"
#include "shared/storage/file.h"

#include <QFileInfo>
#include <QThread>

namespace dormouse {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr Millis kListenWait{2000};
constexpr Millis kListenPoll{20};

/// An agent that has the lock and no socket is just starting; or on its way out, which may take longer.
void waitUntilItListens(const Context &context)
{
    const AwakeTime end = context.clock.now().awake + kListenWait;
    while (!QFileInfo::exists(context.socket) && context.clock.now().awake < end && liveAgent(context.paths))
        QThread::msleep(static_cast<unsigned long>(kListenPoll.count()));
}

} // namespace

std::optional<LockHolder> liveAgent(const RootPaths &paths)
{
    std::optional<LockHolder> holder = readLockHolder(paths);
    if (holder && !holder->alive)
        holder.reset();
    return holder;
}

std::optional<LifecycleRecord> readRecord(const RootPaths &paths)
{
    const Result<QByteArray> bytes = readBounded(paths.record(), defaults::kStateBytesMax);
    return bytes ? parseRecord(bytes.value()) : std::nullopt;
}

Result<QJsonObject> askAgent(const Context &context, const QJsonObject &message, Millis limit)
{
    if (const Result<void> fits = checkSocketPath(context.socket); !fits)
        return fits.error();
    waitUntilItListens(context);
    return requestOnce(context.socket, message, limit);
}

std::optional<Result<QJsonObject>> observe(const Context &context, const QJsonObject &message)
{
    const std::optional<LockHolder> holder = liveAgent(context.paths);
    if (!holder)
        return std::nullopt;
    Result<QJsonObject> answer = askAgent(context, message);
    if (answer || answer.error().code != ErrorCode::Unavailable)
        return answer;
    if (!liveAgent(context.paths))
        return std::nullopt; // it went while it was asked
    Error error = answer.error();
    error.message = u"the agent (pid "_s + QString::number(holder->pid) + u") does not answer: "_s + error.message;
    return Result<QJsonObject>(error);
}

QString absentText(const std::optional<LifecycleRecord> &record, const RootPaths &paths, WallTime now)
{
    if (!record)
        return u"no agent is running, and there is no valid record in "_s + paths.root + u"; `dormouse wake` starts one"_s;
    const QString since = localTimeOf(record->sinceTs, now);
    const QString state = toString(record->state) + u" since "_s + since;
    if (record->state == State::Hibernation)
        return state + u"; no agent is running; `dormouse wake` starts it"_s;
    return u"no agent is running (the record says "_s + state + u"); `dormouse wake` starts it"_s;
}

int absentCode(const std::optional<LifecycleRecord> &record)
{
    return record && record->state == State::Hibernation ? kExitOk : kExitNoAgent;
}

int reportAbsent(const Context &context)
{
    const std::optional<LifecycleRecord> record = readRecord(context.paths);
    const QString text = absentText(record, context.paths, context.now());
    const int code = absentCode(record);
    if (context.invocation.has("json"_L1)) {
        context.out.json(absentStatusJson(record));
        return code;
    }
    if (code != kExitOk)
        return context.fail(code, text);
    context.out.line(text);
    return code;
}

bool isAccepted(const QJsonObject &answer)
{
    return answer.value(control::key::kOk).toBool();
}

int reportRefusal(const Context &context, const QJsonObject &answer)
{
    const QString reason = answer.value(control::key::kReason).toString();
    const QString error = answer.value(control::key::kError).toString();
    const QString text = error.isEmpty() ? u"the agent refused: "_s + (reason.isEmpty() ? u"no reason given"_s : reason) : error;
    return context.fail(reason == control::reason::kBusy ? kExitTryAgain : kExitFailure, text);
}

QJsonObject payloadOf(QJsonObject answer)
{
    answer.remove(control::key::kOk);
    answer.remove(control::key::kId);
    answer.remove(control::key::kEvent);
    return answer;
}

} // namespace dormouse
