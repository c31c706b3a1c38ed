// SPDX-License-Identifier: MIT
#include "agent/serve/messagetable.h"

#include "agent/serve/fields.h"
#include "shared/base/defaults.h"
#include "shared/base/text.h"
#include "shared/control/messages.h"
#include "shared/records/json.h"

#include <algorithm>
#include <array>
#include <limits>

using namespace Qt::Literals::StringLiterals;

namespace dormouse {
namespace {

using Done = ControlTarget::Done;

constexpr int kUuidMax = 1000; // compared with what heartbeats say, so only bounded
constexpr int kLeaseNameMax = 100;
constexpr int kReleaseNameMax = kUuidMax + 10;
constexpr int kPageMax = 10'000;
constexpr int kWordShown = 40;
constexpr QLatin1StringView kHeartbeatPrefix{"heartbeat "};

constexpr QLatin1StringView kTs{"ts"};
constexpr QLatin1StringView kUuid{"uuid"};
constexpr QLatin1StringView kForce{"force"};
constexpr QLatin1StringView kSeconds{"seconds"};
constexpr QLatin1StringView kSessionId{"session_id"};
constexpr QLatin1StringView kPeek{"peek"};
constexpr QLatin1StringView kName{"name"};
constexpr QLatin1StringView kPid{"pid"};
constexpr QLatin1StringView kMaxSeconds{"max_seconds"};
constexpr QLatin1StringView kLimit{"limit"};
constexpr QLatin1StringView kOffset{"offset"};
constexpr QLatin1StringView kSince{"since"};
constexpr QLatin1StringView kUntil{"until"};
constexpr QLatin1StringView kWhat{"what"};
constexpr QLatin1StringView kReason = control::key::kReason;
constexpr QLatin1StringView kAction{"action"};
constexpr std::array kCycleActions{QLatin1StringView("status"), QLatin1StringView("reset_quarantine")};
constexpr std::array kServiceActions{QLatin1StringView("start"), QLatin1StringView("stop"), QLatin1StringView("restart"),
                                     QLatin1StringView("leave_alone")};

/// One message under way: what a handler needs.
struct Call {
    ControlTarget &target;
    const Peer &peer;
    Fields &fields;
    bool &subscribes;
};

/// Answers with the refusal when a field was wrong. Every handler asks this before it asks the target for anything.
bool isRefused(const Call &call, const Done &done)
{
    const std::optional<Reply> refusal = call.fields.refusal();
    if (refusal)
        done(*refusal);
    return refusal.has_value();
}

void status(const Call &call, const Done &done)
{
    if (!isRefused(call, done))
        done(Reply::written(call.target.statusMembers()));
}

void subscribe(const Call &call, const Done &done)
{
    if (isRefused(call, done))
        return;
    call.subscribes = true;
    done(Reply::accepted());
}

void why(const Call &call, const Done &done)
{
    if (!isRefused(call, done))
        done(call.target.why());
}

void wrappers(const Call &call, const Done &done)
{
    const qint64 limit = call.fields.integer(kLimit, 1, kPageMax).value_or(defaults::kPageDefault);
    const qint64 offset = call.fields.integer(kOffset, 0, std::numeric_limits<int>::max()).value_or(0);
    if (!isRefused(call, done))
        done(call.target.wrappers(static_cast<int>(limit), static_cast<int>(offset)));
}

void history(const Call &call, const Done &done)
{
    HistoryQuery query;
    query.since = call.fields.time(kSince);
    query.until = call.fields.time(kUntil);
    query.limit = static_cast<int>(call.fields.integer(kLimit, 1, kPageMax).value_or(defaults::kPageDefault));
    query.offset = static_cast<int>(call.fields.integer(kOffset, 0, std::numeric_limits<int>::max()).value_or(0));
    if (!isRefused(call, done))
        call.target.history(query, done);
}

void digest(const Call &call, const Done &done)
{
    const bool peek = call.fields.flag(kPeek);
    if (!isRefused(call, done))
        done(call.target.digest(peek));
}

void askForWake(const Call &call, const Done &done, const QString &uuid)
{
    static_cast<void>(call.fields.text(kTs, 0)); // a string where given; our own clock decides
    if (!isRefused(call, done))
        done(call.target.request(call.peer, uuid));
}

void forceWake(const Call &call, const Done &done)
{
    askForWake(call, done, {});
}

void requestArrived(const Call &call, const Done &done)
{
    askForWake(call, done, call.fields.text(kUuid, kUuidMax));
}

void userInitiatedSleep(const Call &call, const Done &done)
{
    const QString reason = call.fields.text(kReason, defaults::kReasonMax);
    const bool force = call.fields.flag(kForce);
    static_cast<void>(call.fields.text(kTs, 0));
    if (!isRefused(call, done))
        done(call.target.sleepNow(reason, force));
}

void hibernate(const Call &call, const Done &done)
{
    const bool force = call.fields.flag(kForce);
    if (!isRefused(call, done))
        done(call.target.hibernateNow(force));
}

void pause(const Call &call, const Done &done)
{
    const std::optional<Millis> length = call.fields.seconds(kSeconds);
    const QString reason = call.fields.text(kReason, defaults::kReasonMax);
    if (!isRefused(call, done))
        done(call.target.pause(length, reason));
}

void resume(const Call &call, const Done &done)
{
    if (!isRefused(call, done))
        done(call.target.resume());
}

void sessionOpen(const Call &call, const Done &done)
{
    const QString session = call.fields.text(kSessionId, defaults::kSessionIdMax);
    static_cast<void>(call.fields.text(kTs, 0));
    if (!isRefused(call, done))
        done(call.target.openSession(call.peer, session));
}

void consumeFirstTurn(const Call &call, const Done &done)
{
    const QString session = call.fields.requiredText(kSessionId, defaults::kSessionIdMax);
    if (!isRefused(call, done))
        done(call.target.consumeFirstTurn(session));
}

void lease(const Call &call, const Done &done)
{
    const QString name = call.fields.shownName(kName, kLeaseNameMax);
    const std::optional<qint64> pid = call.fields.integer(kPid, 1, std::numeric_limits<int>::max());
    const std::optional<Millis> length = call.fields.seconds(kMaxSeconds);
    if (!isRefused(call, done))
        done(call.target.takeLease(call.peer, name, pid, length));
}

void release(const Call &call, const Done &done)
{
    // A lease is known by its name as `lease` shortened it, a heartbeat by its uuid as the file has it.
    const QString raw = call.fields.requiredText(kName, kReleaseNameMax);
    const QString name = raw.startsWith(kHeartbeatPrefix) ? raw : call.fields.shownName(kName, kLeaseNameMax);
    if (!isRefused(call, done))
        done(call.target.release(name));
}

void acknowledge(const Call &call, const Done &done)
{
    const QString what = call.fields.requiredText(kWhat, defaults::kReasonMax);
    if (!isRefused(call, done))
        done(call.target.acknowledge(what));
}

void clean(const Call &call, const Done &done)
{
    if (!isRefused(call, done))
        call.target.clean(done);
}

void stop(const Call &call, const Done &done)
{
    if (!isRefused(call, done))
        done(call.target.stop());
}

void forceRem(const Call &call, const Done &done)
{
    static_cast<void>(call.fields.text(kTs, 0));
    if (!isRefused(call, done))
        done(call.target.forceCycle());
}

void sleepCycle(const Call &call, const Done &done)
{
    const QString action = call.fields.requiredWord(kAction, kCycleActions);
    if (!isRefused(call, done))
        done(call.target.sleepCycle(action == kCycleActions.at(1)));
}

void service(const Call &call, const Done &done)
{
    const QString name = call.fields.requiredText(kName, kLeaseNameMax);
    const QString action = call.fields.requiredWord(kAction, kServiceActions);
    if (!isRefused(call, done))
        done(call.target.service(name, action, call.peer));
}

void reload(const Call &call, const Done &done)
{
    if (!isRefused(call, done))
        done(call.target.reload());
}

void userIdle(const Call &call, const Done &done)
{
    const std::optional<Millis> idle = call.fields.secondsOrNull(kSeconds);
    if (!isRefused(call, done))
        done(call.target.reportUserIdle(call.peer, idle));
}

/// One line a message: its type, its fields besides `type` and `id`, and what answers it.
struct Message {
    QLatin1StringView type;
    std::array<QLatin1StringView, 4> fields;
    void (*answer)(const Call &call, const Done &done);
};

constexpr std::array kMessages{
    Message{control::type::kStatus, {}, status},
    Message{control::type::kSubscribe, {}, subscribe},
    Message{control::type::kForceWake, {kTs}, forceWake},
    Message{control::type::kRequestArrived, {kUuid, kTs}, requestArrived},
    Message{control::type::kUserInitiatedSleep, {kReason, kTs, kForce}, userInitiatedSleep},
    Message{control::type::kHibernate, {kForce}, hibernate},
    Message{control::type::kPause, {kSeconds, kReason}, pause},
    Message{control::type::kResume, {}, resume},
    Message{control::type::kSessionOpen, {kSessionId, kTs}, sessionOpen},
    Message{control::type::kConsumeFirstTurn, {kSessionId}, consumeFirstTurn},
    Message{control::type::kDigest, {kPeek}, digest},
    Message{control::type::kLease, {kName, kPid, kMaxSeconds}, lease},
    Message{control::type::kRelease, {kName}, release},
    Message{control::type::kWrappers, {kLimit, kOffset}, wrappers},
    Message{control::type::kHistory, {kSince, kUntil, kLimit, kOffset}, history},
    Message{control::type::kStop, {}, stop},
    Message{control::type::kWhy, {}, why},
    Message{control::type::kAcknowledge, {kWhat}, acknowledge},
    Message{control::type::kClean, {}, clean},
    Message{control::type::kForceRem, {kTs}, forceRem},
    Message{control::type::kSleepCycle, {kAction}, sleepCycle},
    Message{control::type::kService, {kName, kAction}, service},
    Message{control::type::kReload, {}, reload},
    Message{control::type::kUserIdle, {kSeconds}, userIdle},
};

const Message *findMessage(const QString &type)
{
    for (const Message &message : kMessages) {
        if (type == message.type)
            return &message;
    }
    return nullptr;
}

Reply unknownType(const QString &type)
{
    QStringList known;
    for (const Message &message : kMessages)
        known.append(message.type);
    const QString shown = sanitized(type, kWordShown);
    QString problem = u"this agent does not know the message \"%1\""_s.arg(shown);
    if (const std::optional<QString> near = nearestWord(shown, known))
        problem += u" (did you mean \"%1\"?)"_s.arg(*near);
    return Reply::refused(control::reason::kUnknownMessageType, problem, {{control::key::kType, type}});
}

} // namespace

bool isRequestLine(const QByteArray &line)
{
    constexpr std::array kRequests{control::type::kForceWake, control::type::kRequestArrived, control::type::kSessionOpen,
                                   control::type::kLease,     control::type::kPause,          control::type::kService};
    const auto message = parseJsonObject(line);
    if (!message)
        return false;
    const QString type = message.value().value(control::key::kType).toString();
    return std::ranges::find(kRequests, type) != kRequests.end();
}

void answerMessage(const QJsonObject &message, ControlTarget &target, const Peer &peer, Refusals &refusals, bool &subscribes,
                   const Done &done)
{
    const QJsonValue type = message.value(control::key::kType);
    const Message *known = type.isString() ? findMessage(type.toString()) : nullptr;
    if (known == nullptr || known->answer != status || message.size() > 1)
        target.forgetStatus();
    if (!type.isString()) {
        refusals.add(Refusal::Invalid, peer.pid);
        return done(Reply::refused(control::reason::kInvalidMessage, u"\"type\" must be there and be a string"_s));
    }
    if (known == nullptr) {
        refusals.add(Refusal::UnknownType, peer.pid);
        return done(unknownType(type.toString()));
    }
    Fields fields(message, known->fields);
    known->answer({target, peer, fields, subscribes}, done);
    if (fields.refusal())
        refusals.add(Refusal::Invalid, peer.pid);
}

} // namespace dormouse
