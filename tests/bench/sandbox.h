// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QString>
#include <QTemporaryDir>

#include <string>
#include <vector>

namespace dormouse::bench {

/// The folder of the programs to measure: DORMOUSE_BIN. Ends the program when it is not set.
[[nodiscard]] std::string program(const char *name);
/// The folder of the floors' programs: this program's own.
[[nodiscard]] std::string floorProgram(const char *name);

/// Writes a file whole; ends the program when it cannot.
void put(const std::string &path, const QByteArray &bytes);

/// A folder of `count` heartbeats, refreshed now.
class Heartbeats
{
public:
    /// `pids` are used in turn.
    Heartbeats(int count, const std::vector<qint64> &pids);

    /// Refreshes one as wrappers do, by rename.
    void refresh(int index);
    [[nodiscard]] QString folder() const { return m_folder.path(); }
    /// Long enough after the last write that a scan can trust the files' times.
    static void settle();

private:
    QTemporaryDir m_folder;
    std::string m_path;
    std::vector<std::string> m_names;
    std::vector<qint64> m_pids;
};

/// Processes that do nothing, and end with this.
class Sleepers
{
public:
    explicit Sleepers(int count);
    ~Sleepers();
    Sleepers(const Sleepers &) = delete;
    Sleepers &operator=(const Sleepers &) = delete;
    [[nodiscard]] const std::vector<qint64> &pids() const { return m_pids; }

private:
    std::vector<qint64> m_pids;
};

/// A program that runs until this goes. What it writes to stdout can be waited for.
class Child
{
public:
    explicit Child(const std::vector<std::string> &words);
    ~Child(); ///< SIGTERM, and waits
    Child(const Child &) = delete;
    Child &operator=(const Child &) = delete;
    void awaitByte() const;
    [[nodiscard]] int pid() const { return m_pid; }

private:
    int m_pid = -1;
    int m_output = -1;
};

} // namespace dormouse::bench
