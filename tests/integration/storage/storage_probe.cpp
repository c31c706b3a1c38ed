// SPDX-License-Identifier: MIT
// Drives shared/storage from a test script, in a process of its own. Prints one JSON object a command: {"ok", "code", "errno", "text"}.
#include "shared/records/daemonstate.h"
#include "shared/records/json.h"
#include "shared/records/lifecyclerecord.h"
#include "shared/records/timestamp.h"
#include "shared/storage/eventlog.h"
#include "shared/storage/file.h"
#include "shared/storage/writerlock.h"

#include <QCoreApplication>
#include <QFile>

#include <cstdio>

using namespace dormouse;
using namespace Qt::Literals::StringLiterals;

namespace {

QString codeName(ErrorCode code)
{
    switch (code) {
    case ErrorCode::Io: return u"Io"_s;
    case ErrorCode::NotFound: return u"NotFound"_s;
    case ErrorCode::Permission: return u"Permission"_s;
    case ErrorCode::Busy: return u"Busy"_s;
    case ErrorCode::Malformed: return u"Malformed"_s;
    case ErrorCode::TooLarge: return u"TooLarge"_s;
    case ErrorCode::Refused: return u"Refused"_s;
    case ErrorCode::NotDurable: return u"NotDurable"_s;
    case ErrorCode::Configuration: return u"Configuration"_s;
    case ErrorCode::Unavailable: return u"Unavailable"_s;
    }
    return {};
}

int tell(const QJsonObject &answer)
{
    const QByteArray line = formatJsonLine(answer) + '\n';
    std::fwrite(line.constData(), 1, static_cast<std::size_t>(line.size()), stdout);
    std::fflush(stdout);
    return answer.value("ok"_L1).toBool() ? 0 : 1;
}

int tell(const Error &error)
{
    return tell(
        {{"ok"_L1, false}, {"code"_L1, codeName(error.code)}, {"errno"_L1, error.systemError}, {"text"_L1, error.text()}});
}

int tell(const Result<void> &result)
{
    return result ? tell(QJsonObject{{"ok"_L1, true}}) : tell(result.error());
}

QByteArray standardInput()
{
    QFile input;
    return input.open(stdin, QIODevice::ReadOnly) ? input.readAll() : QByteArray();
}

// Holds the lock until its standard input ends.
int hold(const QString &root, int limit)
{
    WriterLock lock({root});
    if (const int failure = tell(lock.acquire(Millis(limit))); failure != 0)
        return failure;
    standardInput();
    return 0;
}

// The record with a transition, as the agent writes it: record, then log.
int dispatch(const RootPaths &paths, WallTime now)
{
    const auto bytes = readBounded(paths.record(), 1 << 20);
    const std::optional<LifecycleRecord> present = bytes ? parseRecord(bytes.value()) : std::nullopt;
    const LifecycleRecord before = present.value_or(defaultRecord(now));
    const Dispatched done = dispatched(before, Event::RequestArrived, {}, now, false);
    if (const auto written = writeAtomically(paths.record(), formatJsonFile(recordToJson(done.record)), Durability::Transition);
        !written)
        return tell(written);
    return tell(EventLog(paths.logs())
                    .append(transitionEntry(now, before.state, done.target.value_or(before.state), Event::RequestArrived)));
}

int openSession(const RootPaths &paths, WallTime now)
{
    QJsonObject state;
    if (const auto bytes = readBounded(paths.daemonState(), 1 << 20)) {
        const auto parsed = parseJsonObject(bytes.value());
        if (!parsed)
            return tell(parsed.error());
        state = parsed.value();
    }
    daemonstate::markSessionOpened(state, u"session-1"_s, now);
    return tell(writeAtomically(paths.daemonState(), formatJsonFile(state)));
}

int countEntries(const QString &folder, const QStringList &range)
{
    int count = 0;
    readEventLog(folder, parseTimestamp(range.at(0)).value_or(WallTime()), parseTimestamp(range.at(1)).value_or(WallTime()),
                 false, [&count](const LogEntry &) { ++count; });
    return tell(QJsonObject{{"ok"_L1, true}, {"entries"_L1, count}});
}

} // namespace

int main(int argc, char *argv[])
{
    const QCoreApplication application(argc, argv);
    const QStringList arguments = application.arguments();
    const QString command = arguments.value(1);
    const QString path = arguments.value(2);
    const WallTime time = parseTimestamp(arguments.value(3)).value_or(WallTime());
    if (command == "hold"_L1)
        return hold(path, arguments.value(3).toInt());
    if (command == "prepare"_L1)
        return tell(prepareRoot({path}));
    if (command == "write"_L1)
        return tell(writeAtomically(path, standardInput()));
    if (command == "dispatch"_L1)
        return dispatch({path}, time);
    if (command == "session"_L1)
        return openSession({path}, time);
    if (command == "append"_L1)
        return tell(EventLog(path).append({time, u"test"_s, {{"text"_L1, QString::fromUtf8(standardInput())}}}));
    if (command == "keep"_L1)
        return tell(keepBad(path, u"tag"_s));
    if (command == "archive"_L1) {
        const auto archived = EventLog(path).archive(time);
        return archived ? tell(QJsonObject{{"ok"_L1, true}, {"archived"_L1, archived.value()}}) : tell(archived.error());
    }
    if (command == "count"_L1)
        return countEntries(path, arguments.mid(3, 2));
    return tell(Error{ErrorCode::Configuration, u"no such command"_s, command});
}
