// SPDX-License-Identifier: MIT
#pragma once

#include <deque>
#include <functional>
#include <mutex>
#include <thread>

namespace dormouse {

/// Runs jobs one after the other on a thread of its own, which ends when none is left. Where no thread can be had (a limit of processes, no memory) the
/// job runs at once instead: late for others, but not never; QThreadPool waits for such a thread for ever, when it goes, too. Destroying it waits for
/// all jobs. One thread starts the jobs.
class Worker
{
public:
    Worker() = default;
    ~Worker();
    Worker(const Worker &) = delete;
    Worker &operator=(const Worker &) = delete;

    void start(std::function<void()> job);
    /// Forgets the jobs that have not begun.
    void clear();
    /// Blocks until every job is done.
    void waitForDone();

private:
    void run();

    std::mutex m_mutex;
    std::deque<std::function<void()>> m_waiting; ///< guarded by the mutex, as is the next
    bool m_isRunning = false;
    std::thread m_thread;
};

} // namespace dormouse
