// SPDX-License-Identifier: MIT
#pragma once

#include "shared/presence/heartbeatscanner.h"
#include "shared/records/timestamp.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>

#include <cerrno>
#include <cstring>
#include <functional>
#include <map>
#include <set>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace dormouse::test {

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

/// Processes as a test wants them. `onAsk` runs at each question of liveness: the place for what others do meanwhile.
struct FakeProcesses final : ProcessTable {
    mutable std::set<qint64> alive;
    std::map<qint64, ProcessFacts> known;
    std::set<qint64> reapers{1};
    std::function<void(qint64)> onAsk;
    mutable int factsAsked = 0;

    [[nodiscard]] bool isAlive(qint64 pid) const override
    {
        if (onAsk)
            onAsk(pid);
        return alive.contains(pid);
    }
    [[nodiscard]] ProcessFacts facts(qint64 pid) const override
    {
        ++factsAsked;
        const auto found = known.find(pid);
        return found == known.end() ? ProcessFacts{} : found->second;
    }
    [[nodiscard]] bool isReaper(qint64 pid) const override { return reapers.contains(pid); }
};

inline constexpr Millis kStale = 90s;
inline const WallTime kNow = *parseTimestamp(u"2026-05-02T15:14:30+00:00");

/// A private wrappers folder, written the way wrappers do.
struct WrapperFolder {
    QTemporaryDir dir;

    [[nodiscard]] QString path() const { return dir.path() + u"/wrappers"_s; }
    [[nodiscard]] QByteArray raw(const QByteArray &name) const { return QFile::encodeName(path()) + '/' + name; }
    void make() const { require(QDir().mkpath(path()), "mkpath"); }

    /// Unlike QVERIFY it may be used on any thread.
    static void require(bool done, const char *what)
    {
        if (!done)
            qFatal("%s: %s", what, std::strerror(errno));
    }

    static QByteArray payload(qint64 pid, const QString &uuid, WallTime lastRefresh, const QByteArray &more = {})
    {
        return "{\"pid\":" + QByteArray::number(pid) + ",\"uuid\":\"" + uuid.toUtf8() + "\",\"last_refresh\":\""
               + formatExactTimestamp(lastRefresh).toUtf8() + "\"" + more + ",\"schema_version\":1}";
    }
    static QByteArray nameOf(qint64 pid, const QString &uuid)
    {
        return "heartbeat-" + QByteArray::number(pid) + '-' + uuid.toUtf8() + ".json";
    }

    /// Writes in place, whatever the bytes of the name.
    void put(const QByteArray &name, const QByteArray &bytes) const
    {
        const int descriptor = ::open(raw(name).constData(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
        require(descriptor >= 0, "open");
        require(::write(descriptor, bytes.constData(), static_cast<std::size_t>(bytes.size())) == bytes.size(), "write");
        ::close(descriptor);
    }
    /// Writes beside it and renames over it.
    void rename(const QByteArray &name, const QByteArray &bytes, const QByteArray &temporary = ".w.tmp") const
    {
        put(temporary, bytes);
        require(::rename(raw(temporary).constData(), raw(name).constData()) == 0, "rename");
    }
    void beat(qint64 pid, const QString &uuid, WallTime lastRefresh) const
    {
        rename(nameOf(pid, uuid), payload(pid, uuid, lastRefresh));
    }

    /// Many names of one file, since that is quick: heartbeat-99-0.json and so on.
    void fill(int count) const
    {
        put("first", payload(99, u"filler"_s, kNow));
        for (int number = 0; number < count; ++number)
            require(::link(raw("first").constData(), raw("heartbeat-99-" + QByteArray::number(number) + ".json").constData())
                        == 0,
                    "link");
        require(::unlink(raw("first").constData()) == 0, "unlink");
    }

    void setModified(const QByteArray &name, WallTime time) const
    {
        const auto micros = time.time_since_epoch().count();
        const timespec at{static_cast<time_t>(micros / 1'000'000), static_cast<long>(micros % 1'000'000) * 1'000};
        const timespec times[2] = {at, at};
        require(::utimensat(AT_FDCWD, raw(name).constData(), times, AT_SYMLINK_NOFOLLOW) == 0, "utimensat");
    }
    [[nodiscard]] bool has(const QByteArray &name) const
    {
        struct stat data {
        };
        return ::lstat(raw(name).constData(), &data) == 0;
    }
};

inline const HeartbeatEntry *entryOf(const HeartbeatScan &scan, qint64 pid)
{
    for (const HeartbeatEntry &entry : scan.entries) {
        if (entry.heartbeat.pid == pid)
            return &entry;
    }
    return nullptr;
}

} // namespace dormouse::test
