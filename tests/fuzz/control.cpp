// SPDX-License-Identifier: MIT
#include "agent/serve/messagetable.h"

#include "shared/control/messages.h"
#include "shared/records/json.h"
#include "tests/fuzz/checkingtarget.h"
#include "tests/fuzz/targets.h"

namespace dormouse::fuzz {
namespace {

void checkReply(const Reply &reply, const QByteArray &line)
{
    require(reply.ok == reply.error.isEmpty(), "a refusal says what is wrong, and only a refusal");
    require(reply.ok || !reply.reason.isEmpty(), "a refusal has a reason");
    require(reply.error.size() <= 400, "a refusal is short");
    // A snapshot has its own size; what is echoed may need six bytes for one that the client sent.
    require(formatJsonLine(fieldsOf(reply)).size() <= 2000 + 6 * line.size(), "an answer is not much longer than its question");
}

void answer(const QByteArray &line)
{
    const Result<QJsonObject> message = parseJsonObject(line);
    if (!message) {
        require(!isRequestLine(line), "what is no message is no request");
        return;
    }
    CheckingTarget target;
    Refusals refusals;
    bool subscribes = false;
    int answers = 0;
    bool isOk = false;
    answerMessage(message.value(), target, Peer{7, 42}, refusals, subscribes, [&](const Reply &reply) {
        checkReply(reply, line);
        isOk = reply.ok;
        ++answers;
    });
    require(answers == 1, "every message is answered once");
    require(isOk || !subscribes, "who is refused is not subscribed");
    require(target.calls() <= 1, "a message asks the agent for one thing");
    const bool isAcknowledge = message.value().value(control::key::kType).toString() == control::type::kAcknowledge;
    require(isOk || target.calls() == 0 || isAcknowledge, "what is refused for its form does not reach the agent");
    require(!isOk || message.value().value(control::key::kType).isString(), "what has no type is refused");
}

} // namespace

void control(const QByteArray &input)
{
    constexpr int kLinesMax = 16;
    QByteArray rest = input;
    for (int i = 0; i < kLinesMax && !rest.isEmpty(); ++i)
        answer(takeLine(rest));
}

} // namespace dormouse::fuzz
