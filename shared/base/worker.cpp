// SPDX-License-Identifier: MIT
#include "shared/base/worker.h"

#include "shared/base/logging.h"

#include <system_error>
#include <utility>

namespace dormouse {

Worker::~Worker()
{
    waitForDone();
}

void Worker::start(std::function<void()> job)
{
    {
        const std::lock_guard lock(m_mutex);
        m_waiting.push_back(std::move(job));
        if (std::exchange(m_isRunning, true))
            return;
    }
    waitForDone(); // of the last one's end nothing is left but its return
    try {
        m_thread = std::thread([this] { run(); });
    } catch (const std::system_error &error) {
        qCWarning(lcAgent, "no thread can be started, so that what takes long is done at once: %s", error.what());
        run();
    }
}

void Worker::clear()
{
    const std::lock_guard lock(m_mutex);
    m_waiting.clear();
}

void Worker::waitForDone()
{
    if (m_thread.joinable())
        m_thread.join();
}

void Worker::run()
{
    for (;;) {
        std::function<void()> job;
        {
            const std::lock_guard lock(m_mutex);
            m_isRunning = !m_waiting.empty();
            if (!m_isRunning)
                return;
            job = std::move(m_waiting.front());
            m_waiting.pop_front();
        }
        job();
    }
}

} // namespace dormouse
