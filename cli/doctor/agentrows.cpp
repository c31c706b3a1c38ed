// SPDX-License-Identifier: MIT
#include "cli/doctor/rows.h"

#include "cli/times.h"
#include "shared/base/text.h"
#include "shared/base/version.h"

#include <QSysInfo>

namespace dormouse::doctor {
namespace {

using namespace Qt::Literals::StringLiterals;

QString pidText(qint64 pid)
{
    return u"pid "_s + QString::number(pid);
}

Finding liveAgentRow(const QString &name, const AgentFacts &agent)
{
    const QString pid = QString::number(agent.holder->pid);
    if (agent.isStopped)
        return fail(name, u"pid "_s + pid + u" lives, but a signal has stopped it: it does nothing"_s, u"kill -CONT "_s + pid);
    if (!agent.snapshot)
        return pass(name, u"pid "_s + pid + u" lives"_s);
    const Snapshot &snapshot = *agent.snapshot;
    const QString text =
        u"pid %1, version %2, up %3"_s.arg(pid, sanitized(snapshot.version, 40), formatDuration(fromSeconds(snapshot.uptimeSec)));
    if (snapshot.version != QString::fromLatin1(kVersion))
        return warn(name, text + u", but this command is version "_s + QString::fromLatin1(kVersion),
                    u"start it anew: dormouse stop; dormouse wake"_s);
    return pass(name, text);
}

/// Somebody else's file, or a leftover, where no agent lives.
Finding idleSocketRow(const QString &name, const Facts &facts)
{
    const SocketFacts &socket = facts.socket;
    if (socket.kind == FileKind::Missing)
        return pass(name, u"none, since no agent runs"_s);
    if (socket.kind != FileKind::Socket)
        return fail(name, socket.path + u" is no socket: an agent could not serve there"_s, u"rm "_s + shellWord(socket.path));
    if (facts.autostart.isSocketInstalled && socket.isListened.value_or(true))
        return pass(name, facts.autostart.manager + u" listens on it, and starts the agent when somebody asks"_s);
    if (socket.isListened.value_or(false))
        return fail(name, u"some other program listens on "_s + socket.path,
                    u"find it with: ss -xlp | grep agent.sock; end it, or use another --socket"_s);
    return warn(name, socket.path + u" is left over from an agent that was killed"_s,
                u"nothing needs it; the next start replaces it: dormouse wake"_s);
}

QString holderText(const LockFacts &lock)
{
    if (lock.holderProgram.isEmpty())
        return u"a child of process %1, which itself is gone"_s.arg(*lock.holder);
    return u"%1 (pid %2)"_s.arg(sanitized(lock.holderProgram, 64)).arg(*lock.holder);
}

Finding liveLockRow(const QString &name, const Facts &facts)
{
    const LockFacts &lock = facts.lock;
    const qint64 agent = facts.agent.holder->pid;
    const QString remedy = u"start it anew: kill %1; dormouse wake"_s.arg(agent);
    if (lock.lifecycleLock == FileKind::Missing)
        return fail(name, u"somebody deleted .lifecycle.lock under the agent: others could write beside it"_s, remedy);
    if (!lock.areHoldersTold)
        return pass(name, u"agent.lock names pid %1"_s.arg(agent));
    if (!lock.holder)
        return fail(name,
                    u"the agent (pid %1) does not hold .lifecycle.lock: somebody has put another file in its place"_s.arg(agent),
                    remedy);
    if (*lock.holder != agent)
        return fail(name, u"agent.lock names pid %1, but .lifecycle.lock is held by "_s.arg(agent) + holderText(lock),
                    u"end %1, then start the agent anew: dormouse wake"_s.arg(pidText(*lock.holder)));
    return pass(name, u"held by the agent, pid %1"_s.arg(agent));
}

Finding leftoverLockRow(const QString &name, const Facts &facts)
{
    const std::optional<LockHolder> &left = facts.agent.holder;
    if (!left)
        return pass(name, u"free"_s);
    if (left->host != QSysInfo::machineHostName())
        return warn(name,
                    u"agent.lock was left by an agent on another machine: host %1, pid %2"_s.arg(sanitized(left->host, 64))
                        .arg(left->pid),
                    u"let no two machines share a root; if that one is gone for good: dormouse wake"_s);
    return pass(name, u"free; an agent that was killed (pid %1) left agent.lock, which the next one takes over"_s.arg(left->pid));
}

} // namespace

Finding agentRow(const Facts &facts)
{
    const QString name = u"agent"_s;
    if (facts.agent.isAlive())
        return liveAgentRow(name, facts.agent);
    const QString killed = facts.agent.holder ? u"; the last one (pid %1) was killed"_s.arg(facts.agent.holder->pid) : QString();
    if (!facts.record.record)
        return fail(name, u"none runs, and there is no valid record of an earlier one"_s + killed, u"dormouse wake"_s);
    const State state = facts.record.record->state;
    if (state != State::Hibernation)
        return fail(name, u"none runs, though the record says "_s + toString(state) + killed, u"dormouse wake"_s);
    return pass(name, u"hibernating since %1; none needs to run"_s.arg(localTimeOf(facts.record.record->sinceTs, facts.now)));
}

Finding socketRow(const Facts &facts)
{
    const QString name = u"socket"_s;
    const AgentFacts &agent = facts.agent;
    if (!facts.socket.pathError.isEmpty())
        return fail(name, facts.socket.pathError, u"use a shorter --root or --socket"_s);
    if (!agent.isAlive())
        return idleSocketRow(name, facts);
    const QString pid = QString::number(agent.holder->pid);
    if (facts.socket.kind == FileKind::Missing)
        return fail(name, facts.socket.path + u" is missing: nobody can reach the agent"_s,
                    u"kill "_s + pid + u"; dormouse wake"_s);
    if (!agent.snapshot) {
        const QString remedy =
            (agent.isStopped ? u"kill -CONT %1"_s : u"kill %1 (-9 if that does not help); dormouse wake"_s).arg(pid);
        return fail(name, u"the agent does not answer: "_s + agent.trouble, remedy);
    }
    if (agent.snapshot->pid != agent.holder->pid)
        return fail(name, u"another agent answers there: pid %1, but agent.lock names pid %2"_s.arg(agent.snapshot->pid).arg(pid),
                    u"remove %1 if it is a link, or name the right --root and --socket"_s.arg(shellWord(facts.socket.path)));
    if (facts.socket.kind == FileKind::Link)
        return warn(name, facts.socket.path + u" is a symbolic link"_s,
                    u"kill "_s + pid + u"; rm "_s + shellWord(facts.socket.path) + u"; dormouse wake"_s);
    return pass(name, u"answered after "_s + tookText(agent.took));
}

Finding lockRow(const Facts &facts)
{
    const QString name = u"lock"_s;
    const LockFacts &lock = facts.lock;
    const QString lifecycleLock = facts.paths.lifecycleLock();
    if (lock.lifecycleLock != FileKind::Missing && lock.lifecycleLock != FileKind::Regular)
        return fail(name, lifecycleLock + u" is no regular file: no agent can start"_s,
                    u"mv %1 %1.aside"_s.arg(shellWord(lifecycleLock)));
    if (lock.agentLock != FileKind::Missing && lock.agentLock != FileKind::Regular)
        return fail(name, facts.paths.agentLock() + u" is no regular file: no agent can start"_s,
                    u"mv %1 %1.aside"_s.arg(shellWord(facts.paths.agentLock())));
    if (facts.agent.isAlive())
        return liveLockRow(name, facts);
    if (lock.holder && lock.holderProgram == "dormouse-agent"_L1)
        return fail(name, u"an agent (pid %1) runs, but could not tell so in agent.lock: nobody can see it"_s.arg(*lock.holder),
                    u"make room on the disk, or: kill %1; dormouse wake"_s.arg(*lock.holder));
    if (lock.holder)
        return fail(name, u"held by "_s + holderText(lock) + u": no agent can start"_s, u"end it: kill %1"_s.arg(*lock.holder));
    return leftoverLockRow(name, facts);
}

} // namespace dormouse::doctor
