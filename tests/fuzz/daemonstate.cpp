// SPDX-License-Identifier: MIT
#include "shared/records/daemonstate.h"

#include "shared/records/json.h"
#include "shared/records/timestamp.h"
#include "tests/fuzz/property.h"
#include "tests/fuzz/targets.h"

#include <array>

namespace dormouse::fuzz {
namespace {

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

constexpr QLatin1StringView kFirstTurns{"first_turn_pending"};
constexpr qsizetype kOperationsMax = 12;

/// What is not ours in the file.
QJsonObject othersPart(QJsonObject state)
{
    for (const QLatin1StringView key : {kFirstTurns, "pending_digest"_L1, "last_digest_shown_at"_L1})
        state.remove(key);
    return state;
}

/// A session that the state knows, or one that it does not.
QString sessionIn(const QJsonObject &state, WallTime now)
{
    const QStringList known = state.value(kFirstTurns).toObject().keys();
    const auto number = static_cast<qsizetype>(now.time_since_epoch().count() / 1'000'000 % (known.size() + 1));
    return number < known.size() ? known.at(number) : u"another session"_s;
}

void checkAges(const QJsonObject &state, WallTime now, Millis ttl)
{
    const QJsonObject entries = state.value(kFirstTurns).toObject();
    for (const QJsonValue &value : entries) {
        const std::optional<WallTime> at = parseTimestamp(value.toString());
        require(at && now - *at <= ttl, "after pruning, only times that are young enough are left");
    }
}

void pruneStale(QJsonObject &state, WallTime now)
{
    const qsizetype before = state.value(kFirstTurns).toObject().size();
    const int dropped = daemonstate::pruneStaleFirstTurns(state, now);
    const qsizetype after = state.value(kFirstTurns).toObject().size();
    require(dropped == before - after, "pruning tells how many went");
    require(after <= defaults::kFirstTurnMax, "no more first turns are kept than the bound");
    checkAges(state, now, defaults::kFirstTurnStale);
    require(daemonstate::pruneStaleFirstTurns(state, now) == 0, "pruning twice drops nothing more");
}

void prunePending(QJsonObject &state, WallTime now)
{
    const QJsonObject before = state.value(kFirstTurns).toObject();
    const QStringList dropped = daemonstate::prunePendingFirstTurns(state, now);
    require(dropped.size() + state.value(kFirstTurns).toObject().size() == before.size(), "pruning tells all that went");
    for (const QString &id : dropped)
        require(before.contains(id), "only what was there is told as expired");
    checkAges(state, now, defaults::kFirstTurnTtl);
}

void mark(QJsonObject &state, WallTime now)
{
    const QString session = sessionIn(state, now);
    const bool isSaved = daemonstate::markSessionOpened(state, session, now);
    require(isSaved != session.isEmpty(), "every session with an id is marked");
    const QJsonObject entries = state.value(kFirstTurns).toObject();
    // One with a time ahead of us is newer, and a hundred of those leave no place.
    const bool isCrowded = entries.size() >= defaults::kFirstTurnMax;
    require(!isSaved || isCrowded || entries.contains(session), "a session that opens now is marked");
    require(!isSaved || entries.size() <= defaults::kFirstTurnMax, "no more first turns are kept than the bound");
}

void consume(QJsonObject &state, WallTime now)
{
    const QString session = sessionIn(state, now);
    const bool isThere = state.value(kFirstTurns).toObject().contains(session);
    const daemonstate::FirstTurn turn = daemonstate::consumeFirstTurn(state, session);
    require(isThere || !turn.first, "a turn that nobody marked is no first turn");
    require(!state.value(kFirstTurns).toObject().contains(session), "a first turn is taken");
    require(!daemonstate::consumeFirstTurn(state, session).first, "a first turn is there once");
}

void digest(QJsonObject &state, WallTime now)
{
    const QJsonObject pending = state.value("pending_digest"_L1).toObject();
    const daemonstate::Digest digest = daemonstate::takePendingDigest(state, now);
    if (!digest.digest)
        return;
    require(*digest.digest == pending && !pending.isEmpty() && digest.save,
            "the digest that is shown is the one that was pending");
    state.insert("pending_digest"_L1, pending);
    require(!daemonstate::takePendingDigest(state, now + defaults::kDigestPeriod - 1s).digest,
            "no second digest within 18 hours");
    require(daemonstate::takePendingDigest(state, now + defaults::kDigestPeriod).digest == pending,
            "after 18 hours the next one");
}

void operate(char operation, QJsonObject &state, WallTime &now)
{
    constexpr std::array<std::chrono::microseconds, 8> kSteps{1us, 1s, 59min, 1h, 17h, 24h, 24h + 1us, -2h};
    switch (operation) {
    case 's': pruneStale(state, now); break;
    case 'p': prunePending(state, now); break;
    case 'm': mark(state, now); break;
    case 'c': consume(state, now); break;
    case 'd': digest(state, now); break;
    default:
        if (operation >= '0' && operation <= '7')
            now += kSteps.at(static_cast<std::size_t>(operation - '0'));
    }
}

} // namespace

void daemonstate(const QByteArray &input)
{
    QByteArray bytes = input;
    const QByteArray operations = takeLine(bytes).left(kOperationsMax);
    const Result<QJsonObject> parsed = parseJsonObject(bytes);
    if (!parsed)
        return;
    QJsonObject state = parsed.value();
    const QJsonObject others = othersPart(state);
    WallTime now = someTime();
    for (const char operation : operations)
        operate(operation, state, now);
    require(othersPart(state) == others, "others' keys are as they were");
    if (!hasIntegerBeyond64Bits(bytes)) {
        const Result<QJsonObject> again = parseJsonObject(formatJsonFile(state));
        require(again && again.value() == state, "what is written is read again as it was");
    }
}

} // namespace dormouse::fuzz
