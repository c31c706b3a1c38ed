// SPDX-License-Identifier: MIT
#include "cli/doctor/gathering.h"

#include "cli/agentlink.h"
#include "shared/base/defaults.h"
#include "shared/control/messages.h"
#include "shared/presence/heartbeatscanner.h"
#include "shared/records/agentmemory.h"
#include "shared/records/json.h"
#include "shared/storage/file.h"

#include <QJsonArray>

#include <algorithm>

namespace dormouse::doctor {
namespace {

using namespace Qt::Literals::StringLiterals;

constexpr int kPagesMax = 16; ///< of 1 000: more than is kept

bool isWish(const QJsonObject &wish)
{
    return wish.value("kind"_L1).isString();
}

Client clientOf(const QJsonObject &entry)
{
    return {entry.value("name"_L1).toString(), entry.value("pid"_L1).toInteger()};
}

/// As the agent judges them; no more than it tells.
void askWhoCounts(PresenceFacts &facts, const Context &context)
{
    qint64 offset = 0;
    for (int page = 0; page < kPagesMax; ++page) {
        const QJsonObject message{{control::key::kType, QString(control::type::kWrappers)}, {"offset"_L1, offset}};
        const Result<QJsonObject> answer = askAgent(context, message);
        if (!answer || !isAccepted(answer.value()))
            return;
        const QJsonArray entries = answer.value().value("wrappers"_L1).toArray();
        for (const QJsonValue &value : entries) {
            const QJsonObject entry = value.toObject();
            if (entry.value("counts"_L1).toBool())
                facts.counting.push_back(clientOf(entry));
            if (entry.value("leaked"_L1).toBool())
                facts.leaked.push_back(clientOf(entry));
        }
        offset += entries.size();
        if (entries.isEmpty() || offset >= answer.value().value("total"_L1).toInteger())
            return;
    }
}

AgentMemory readMemory(const RootPaths &paths)
{
    const Result<QByteArray> bytes = readBounded(paths.memory(), defaults::kStateBytesMax);
    const Result<QJsonObject> object = bytes ? parseJsonObject(bytes.value()) : Result<QJsonObject>(bytes.error());
    return object ? memoryFromJson(object.value()) : AgentMemory();
}

/// The rules by which an agent would judge one heartbeat (lifecycle rules 1 and 13), as far as the files tell.
class Judge
{
public:
    Judge(const AgentMemory &memory, const Settings &settings, WallTime now) : m_memory(memory), m_settings(settings), m_now(now)
    {
    }

    bool isLeaked(const HeartbeatEntry &entry) const
    {
        const auto isMarked = [&entry](const WrapperMemory &known) {
            return known.leaked && known.id.pid == entry.heartbeat.pid && known.id.startTime == entry.startTime;
        };
        return entry.alive && std::ranges::any_of(m_memory.wrappers, isMarked);
    }

    bool counts(const HeartbeatEntry &entry) const
    {
        if (entry.status != HeartbeatStatus::Fresh || isIgnored(entry) || (m_settings.ignoreLeaked && isLeaked(entry)))
            return false;
        const bool isUseAsked = m_settings.presence == PresencePolicy::Active && entry.heartbeat.lastActive;
        return !isUseAsked || m_now - *entry.heartbeat.lastActive <= m_settings.drowsyAfter;
    }

private:
    bool isIgnored(const HeartbeatEntry &entry) const
    {
        if (!m_memory.wish)
            return false;
        const auto isMeant = [&entry](const IgnoredWrapper &ignored) {
            return ignored.pid == entry.heartbeat.pid && ignored.uuid == entry.heartbeat.uuid
                   && !(std::optional<WallTime>(entry.heartbeat.lastActive) > ignored.lastActive);
        };
        return std::ranges::any_of(m_memory.wish->ignored, isMeant);
    }

    const AgentMemory &m_memory;
    const Settings &m_settings;
    WallTime m_now;
};

void judge(PresenceFacts &facts, const HeartbeatScan &scan, const RootPaths &paths, const Settings &settings)
{
    const AgentMemory memory = readMemory(paths);
    const Judge judge(memory, settings, scan.at);
    facts.isWishStanding = memory.wish && memory.wish->kind;
    for (const HeartbeatEntry &entry : scan.entries) {
        const Client client{entry.heartbeat.name, entry.heartbeat.pid};
        if (judge.isLeaked(entry))
            facts.leaked.push_back(client);
        if (judge.counts(entry))
            facts.counting.push_back(client);
    }
}

} // namespace

PresenceFacts presenceFacts(const Context &context, const AgentFacts &agent, const Settings &settings)
{
    PresenceFacts facts;
    facts.isFolderMissing = fileKind(context.paths.wrappers()) == FileKind::Missing;
    const std::unique_ptr<ProcessTable> processes = systemProcessTable();
    HeartbeatScanner scanner(context.paths.wrappers(), *processes);
    const HeartbeatScan scan = scanner.scan(ScanDepth::Full, context.now(), settings.staleAfter);
    if (const std::optional<Error> &error = scan.error ? scan.error : scan.fileError)
        facts.error = error->text();
    facts.total = static_cast<int>(scan.entries.size());
    facts.overflow = scan.overflow;
    for (const HeartbeatEntry &entry : scan.entries) {
        facts.dead += entry.status == HeartbeatStatus::Fresh ? 0 : 1;
        facts.inFuture += entry.heartbeat.lastRefresh - scan.at > settings.staleAfter ? 1 : 0;
    }
    if (!agent.snapshot) {
        judge(facts, scan, context.paths, settings);
        return facts;
    }
    facts.isWishStanding = agent.snapshot->wish && isWish(*agent.snapshot->wish);
    if (agent.snapshot->state == State::Hibernation || agent.snapshot->wrappers.leaked > 0)
        askWhoCounts(facts, context);
    return facts;
}

} // namespace dormouse::doctor
