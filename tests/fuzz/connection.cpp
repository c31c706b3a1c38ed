// SPDX-License-Identifier: MIT
#include "agent/serve/connection.h"

#include "agent/serve/messagetable.h"
#include "shared/control/messages.h"
#include "shared/records/json.h"
#include "shared/storage/descriptor.h"
#include "tests/fuzz/checkingtarget.h"
#include "tests/fuzz/targets.h"

#include <QCoreApplication>
#include <QEvent>
#include <QList>

#include <array>
#include <sys/socket.h>

namespace dormouse::fuzz {
namespace {

using namespace Qt::Literals::StringLiterals;

constexpr qsizetype kLineMax = 200; // far below the real one, so that small inputs are over it
constexpr int kRateMax = 1'000'000'000;

QJsonObject answerTo(const QByteArray &line, bool &subscribes)
{
    const Result<QJsonObject> message = parseJsonObject(line);
    Reply answer = Reply::refused(control::reason::kInvalidMessage, u"?"_s);
    QJsonObject object;
    if (message) {
        CheckingTarget target;
        Refusals refusals;
        answerMessage(message.value(), target, Peer{}, refusals, subscribes, [&answer](const Reply &reply) { answer = reply; });
        object = fieldsOf(answer);
        if (message.value().contains(control::key::kId))
            object.insert(control::key::kId, message.value().value(control::key::kId));
    }
    object.insert(control::key::kOk, answer.ok);
    if (!answer.reason.isEmpty())
        object.insert(control::key::kReason, answer.reason);
    return object;
}

/// What a client must get: an answer for each line in their order, and a snapshot after each that subscribes. Errors are for people, and left out.
QList<QJsonObject> expectedFor(const QByteArray &sent)
{
    QList<QJsonObject> expected;
    for (qsizetype from = 0; from < sent.size();) {
        const qsizetype newline = sent.indexOf('\n', from);
        const qsizetype end = newline < 0 ? sent.size() : newline;
        if (end - from > kLineMax) {
            expected.append({{control::key::kOk, false}, {control::key::kReason, QString(control::reason::kTooLarge)}});
            return expected;
        }
        if (newline < 0)
            return expected;
        bool subscribes = false;
        expected.append(answerTo(sent.mid(from, end - from), subscribes));
        if (subscribes) {
            QJsonObject event = snapshotToJson({});
            event.insert(control::key::kEvent, u"snapshot"_s);
            expected.append(event);
        }
        from = end + 1;
    }
    return expected;
}

void drain(int descriptor, QByteArray &received)
{
    std::array<char, 16 * 1024> buffer;
    for (;;) {
        const ssize_t got = ::recv(descriptor, buffer.data(), buffer.size(), MSG_DONTWAIT);
        if (got <= 0)
            return;
        received.append(buffer.data(), got);
    }
}

void check(const QByteArray &received, const QList<QJsonObject> &expected)
{
    QByteArray rest = received;
    for (QJsonObject wanted : expected) {
        Result<QJsonObject> got = parseJsonObject(takeLine(rest));
        require(got.ok(), "every line of the agent is JSON, and none is missing");
        got.value().remove(control::key::kError);
        // As it goes through the wire: an id may hold a number that is written in another way.
        const Result<QJsonObject> wire = parseJsonObject(formatJsonLine(wanted));
        require(wire && got.value() == wire.value(), "lines are answered in their order, each with its own id");
    }
    require(rest.isEmpty(), "nothing is answered that was not asked");
}

/// The sizes of the pieces that a client's bytes come in: letters, 'a' is one byte; the last one is what is left.
QList<QByteArray> pieces(const QByteArray &cuts, const QByteArray &sent)
{
    constexpr qsizetype kPiecesMax = 6;
    QList<QByteArray> result;
    qsizetype from = 0;
    for (const char cut : cuts.left(kPiecesMax)) {
        result.append(sent.mid(from, std::max(1, cut - 'a' + 1)));
        from += result.last().size();
    }
    result.append(sent.mid(from));
    return result;
}

/// All that the agent answers to a client that sends this.
QByteArray answersTo(const QByteArray &sent, const QByteArray &cuts)
{
    std::array<int, 2> ends{-1, -1};
    require(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()) == 0, "a pair of sockets can be had");
    const Descriptor client(ends[1]);
    ConnectionLimits limits;
    limits.lineBytes = kLineMax;
    limits.requestsPerSecond = kRateMax;
    CheckingTarget target;
    Refusals refusals;
    ServingLoad load;
    Connection connection(ends[0], Peer{}, limits, target, refusals, load);
    QByteArray received;
    for (const QByteArray &piece : pieces(cuts, sent)) {
        // After a line that is too long the agent has hung up.
        const auto size = static_cast<std::size_t>(piece.size());
        if (::send(client.get(), piece.constData(), size, MSG_NOSIGNAL | MSG_DONTWAIT) != piece.size())
            break;
        do {
            QCoreApplication::processEvents();
            drain(client.get(), received);
        } while (connection.hasUnanswered());
    }
    return received;
}

} // namespace

void connection(const QByteArray &input)
{
    QByteArray sent = input;
    const QByteArray cuts = takeLine(sent);
    check(answersTo(sent, cuts), expectedFor(sent));
    QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete); // of the socket's parts
}

} // namespace dormouse::fuzz
