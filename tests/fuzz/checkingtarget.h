// SPDX-License-Identifier: MIT
#pragma once

#include "agent/serve/controltarget.h"
#include "shared/base/defaults.h"
#include "shared/records/json.h"
#include "tests/fuzz/property.h"

#include <limits>

namespace dormouse::fuzz {

/// What a reply tells, in whichever of its two forms.
[[nodiscard]] inline QJsonObject fieldsOf(const Reply &reply)
{
    if (reply.members.isEmpty())
        return reply.fields;
    const Result<QJsonObject> written = parseJsonObject('{' + reply.members + '}');
    require(written && reply.fields.isEmpty() && !reply.members.contains('\n'),
            "an answer that is written already is JSON on one line");
    return written.value();
}

/// An agent that trusts the control server: what it is asked must be checked and clipped already.
class CheckingTarget final : public ControlTarget
{
public:
    [[nodiscard]] int calls() const { return m_calls; }

    [[nodiscard]] Snapshot snapshot() const override { return {}; }
    [[nodiscard]] Reply why() const override { return asked(); }
    [[nodiscard]] Reply wrappers(int limit, int offset) const override
    {
        checkPage(limit, offset);
        return asked();
    }
    void history(const HistoryQuery &query, Done done) const override
    {
        checkPage(query.limit, query.offset);
        done(asked());
    }
    [[nodiscard]] Reply digest(bool) override { return asked(); }
    [[nodiscard]] Reply request(const Peer &, const QString &uuid) override { return named(uuid, 1000); }
    [[nodiscard]] Reply sleepNow(const QString &reason, bool) override { return named(reason, defaults::kReasonMax); }
    [[nodiscard]] Reply hibernateNow(bool) override { return asked(); }
    [[nodiscard]] Reply pause(std::optional<Millis> length, const QString &reason) override
    {
        checkLength(length, Millis(1));
        return named(reason, defaults::kReasonMax);
    }
    [[nodiscard]] Reply resume() override { return asked(); }
    [[nodiscard]] Reply openSession(const Peer &, const QString &session) override
    {
        return named(session, defaults::kSessionIdMax);
    }
    [[nodiscard]] Reply consumeFirstTurn(const QString &session) override { return named(session, defaults::kSessionIdMax); }
    [[nodiscard]] Reply takeLease(const Peer &, const QString &name, std::optional<qint64> pid,
                                  std::optional<Millis> length) override
    {
        require(!name.trimmed().isEmpty(), "a lease has a name");
        require(!pid || (*pid > 0 && *pid <= std::numeric_limits<int>::max()), "a lease's pid is one that the system could have");
        checkLength(length, Millis(1));
        return named(name, 100);
    }
    [[nodiscard]] Reply release(const QString &name) override { return named(name, 1010); }
    [[nodiscard]] Reply acknowledge(const QString &what) override
    {
        static_cast<void>(named(what, defaults::kReasonMax));
        return Reply::refused(QStringLiteral("not_found"), QStringLiteral("no such mark"));
    }
    void clean(Done done) override { done(asked()); }
    [[nodiscard]] Reply stop() override { return asked(); }
    [[nodiscard]] Reply forceCycle() override { return asked(); }
    [[nodiscard]] Reply sleepCycle(bool) override { return asked(); }
    [[nodiscard]] Reply service(const QString &name, const QString &action, const Peer &) override
    {
        static const QStringList known{QStringLiteral("start"), QStringLiteral("stop"), QStringLiteral("restart"),
                                       QStringLiteral("leave_alone")};
        require(known.contains(action), "a service is asked what it can do");
        return named(name, 100);
    }
    [[nodiscard]] Reply reload() override { return asked(); }
    [[nodiscard]] Reply reportUserIdle(const Peer &, std::optional<Millis> idle) override
    {
        checkLength(idle, Millis(0));
        return asked();
    }
    void connectionClosed(quint64) override {}

private:
    [[nodiscard]] Reply asked() const
    {
        ++m_calls;
        return Reply::accepted();
    }
    [[nodiscard]] Reply named(const QString &text, qsizetype maximum) const
    {
        require(text.size() <= maximum, "a client's text is clipped before the agent sees it");
        require(text.isEmpty() || !text.back().isHighSurrogate() || text.size() < maximum - 1,
                "clipping cuts no character in two");
        return asked();
    }
    static void checkPage(int limit, int offset) { require(limit >= 1 && limit <= 10'000 && offset >= 0, "a page is bounded"); }
    static void checkLength(std::optional<Millis> length, Millis minimum)
    {
        using namespace std::chrono_literals;
        require(!length || (*length >= minimum && *length <= 100 * 365 * 24h), "a time is at least that, and at most 100 years");
    }

    mutable int m_calls = 0;
};

} // namespace dormouse::fuzz
