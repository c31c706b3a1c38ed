// SPDX-License-Identifier: MIT
#pragma once

#include "shared/base/compactoptional.h"
#include "shared/base/defaults.h"
#include "shared/presence/heartbeatfolder.h"
#include "shared/presence/heartbeatscanner.h"

#include <functional>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace dormouse {

[[nodiscard]] inline std::string_view viewOf(const QByteArray &name)
{
    return {name.constData(), static_cast<std::size_t>(name.size())};
}

struct NameHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view name) const { return std::hash<std::string_view>{}(name); }
    std::size_t operator()(const QByteArray &name) const { return operator()(viewOf(name)); }
};

struct NameEqual {
    using is_transparent = void;
    bool operator()(const QByteArray &left, const QByteArray &right) const { return left == right; }
    bool operator()(std::string_view left, const QByteArray &right) const { return left == viewOf(right); }
    bool operator()(const QByteArray &left, std::string_view right) const { return viewOf(left) == right; }
};

/// Facts cost a file each on Linux: a full scan asks for this many in turn, so that a tick stays cheap with 10 000 wrappers.
inline constexpr std::size_t kFactsPerScan = 500;

/// What is remembered of one file.
struct KnownFile {
    Heartbeat heartbeat;
    FileStamp stamp;
    CompactOptional<qint64> startTime;
    CompactOptional<qint64> firstStartTime; // of the process at first sight of (pid, uuid)
    quint32 seenIn = 0;                     // number of the scan that saw it last
    quint32 changedIn = 0;                  // number of the scan that found it changed
    quint32 place = 0;                      // where it stood in the last listing
    ParentKind parent = ParentKind::Unknown;
    bool isEntry = false;
    bool alive = false;
    bool reused = false;
    bool listsInode = false;     // the directory named the inode number that the file has
    bool hasFacts = false;       // asked since it was read last
    bool unsettled = false;      // may have changed under the same stamp, or could not be read: read it again
    bool staleConfirmed = false; // was read again and found stale
};

using KnownFiles = std::unordered_map<QByteArray, KnownFile, NameHash, NameEqual>;

struct Newcomer {
    QByteArray name;
    quint64 inode = 0;
};

/// The inside of a scanner. heartbeatscanner.cpp: which files are there; heartbeatvisit.cpp: what one file says.
class HeartbeatScanner::Impl
{
public:
    Impl(QString folder, const ProcessTable &processes);

    HeartbeatScan scan(ScanDepth depth, WallTime now, Millis staleAfter);

private:
    struct Facts {
        std::optional<qint64> startTime;
        ParentKind parent = ParentKind::Unknown;
    };

    void begin(ScanDepth depth, WallTime now, Millis staleAfter);
    void walk();
    void visitUnlisted();
    void visitNewcomer(Newcomer newcomer);
    void list(KnownFiles::value_type &file);
    KnownFiles::value_type *find(std::string_view name);
    bool visit(KnownFiles::value_type &file, quint64 direntInode);
    bool isTrusted(const KnownFile &known, quint64 direntInode);
    bool read(KnownFiles::value_type &file);
    bool leaveOut(KnownFiles::value_type &file, const FileLook &look);
    bool keepAfterFailure(KnownFiles::value_type &file, const FileLook &look);
    void take(KnownFile &known, Heartbeat heartbeat);
    HeartbeatStatus judge(KnownFiles::value_type &file);
    [[nodiscard]] bool isAlive(const KnownFile &known) const;
    [[nodiscard]] bool isFactsTurn() const;
    [[nodiscard]] ParentKind parentKind(qint64 parent);
    void askFacts(KnownFile &known);

    const QString m_folderPath;
    const ProcessTable &m_processes;
    QByteArray m_buffer;
    KnownFiles m_known;
    std::vector<KnownFiles::value_type *> m_listing; // in the order of the last listing: the next one will hardly differ
    std::pair<quint64, quint64> m_identity;
    quint32 m_number = 0;
    std::size_t m_factsCursor = 0;
    std::size_t m_lastCount = 0;

    // Of the scan that runs.
    HeartbeatFolder *m_folder = nullptr;
    HeartbeatScan m_scan;
    ScanDepth m_depth = ScanDepth::Full;
    bool m_asksInTurn = false;
    Millis m_staleAfter{0};
    WallTime m_started; // system time: stamps of files are compared with it
    std::vector<KnownFiles::value_type *> m_listed;
    std::size_t m_expected = 0; // place in m_listing that is likely to be listed next
    std::vector<Newcomer> m_newcomers;
    std::unordered_map<qint64, Facts> m_facts;
    std::unordered_map<qint64, ParentKind> m_parents; // within one scan
    int m_changingLeft = 0;
};

} // namespace dormouse
