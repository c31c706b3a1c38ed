// SPDX-License-Identifier: MIT
#pragma once

#include "agent/act/cyclerunner.h"
#include "shared/records/json.h"
#include "shared/records/timestamp.h"
#include "tests/support/fakeclock.h"
#include "tests/unit/act/marked.h"

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QtTest>

#include <memory>
#include <vector>

namespace dormouse::test {

using namespace std::chrono_literals;

inline StepConfig step(const QString &name, const QString &script)
{
    StepConfig config;
    config.name = name;
    config.command = {u"/bin/sh"_s, u"-c"_s, script};
    config.timeout = 30s;
    return config;
}

/// A step that writes its name into `ran`.
inline StepConfig note(const QString &name, const QString &then = u"exit 0"_s)
{
    return step(name, u"echo $DORMOUSE_STEP $DORMOUSE_ATTEMPT >> $DORMOUSE_ROOT/ran; "_s + then);
}

/// A cycle runner in a private root, with a clock that a test moves and real children. What an evaluator makes durable is kept in `saved`.
class CycleFixture
{
public:
    CycleFixture() : m_processes(systemProcessTable()), m_chores(paths, *m_processes)
    {
        if (!prepareRoot(paths))
            qFatal("no root");
        start();
    }

    /// Starts the agent's parts anew, from what `memory` says and what is on the disk.
    void start(const QJsonObject &memory = {})
    {
        runner.reset();
        dispatcher = std::make_unique<Dispatcher>(paths, clock, false);
        dispatcher->load(clock.now().wall);
        daemonState = std::make_unique<DaemonStateFile>(paths.daemonState(), clock);
        runner = std::make_unique<CycleRunner>(*dispatcher, *daemonState, m_chores, clock);
        runner->configure(configuration);
        runner->restore(memory);
        QObject::connect(runner.get(), &CycleRunner::progressChanged, runner.get(), [this](bool isComplete) {
            saved.push_back(runner->memory());
            completions += isComplete ? 1 : 0;
        });
        finished = std::make_unique<QSignalSpy>(runner.get(), &CycleRunner::finished);
    }
    void restart() { start(saved.empty() ? QJsonObject() : saved.back()); }
    void configure(const std::vector<StepConfig> &steps)
    {
        configuration.steps = steps;
        configuration.settings.environment = mark.environment();
        runner->configure(configuration);
    }

    [[nodiscard]] bool isOver() { return !finished->isEmpty() || finished->wait(20'000); }
    /// Runs a cycle until it is over; true when it is complete.
    [[nodiscard]] bool run(bool isForced = false)
    {
        finished->clear();
        runner->start(isForced);
        return isOver() && finished->takeFirst().at(0).toBool();
    }
    /// Starts a cycle, and waits until the step has made the file `name`.
    [[nodiscard]] bool runUntil(const QString &name)
    {
        finished->clear();
        runner->start();
        return QTest::qWaitFor([&] { return QFile::exists(path(name)); }, 20'000);
    }
    void wait() { clock.advance(std::chrono::minutes(31)); } ///< longer than any back-off

    [[nodiscard]] QString path(const QString &name) const { return paths.root + u'/' + name; }
    [[nodiscard]] QByteArray content(const QString &name) const
    {
        QFile file(path(name));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    /// The steps that ran since the last call.
    QByteArrayList ran() const
    {
        const QByteArrayList names = content(u"ran"_s).split('\n');
        QFile::remove(path(u"ran"_s));
        return names.mid(0, names.size() - 1);
    }
    [[nodiscard]] QJsonObject json(const QString &name) const
    {
        const auto parsed = parseJsonObject(content(name));
        return parsed ? parsed.value() : QJsonObject();
    }
    [[nodiscard]] QJsonValue recorded(QLatin1StringView key) const { return json(u"lifecycle_state.json"_s).value(key); }
    /// Entries of the event log, oldest first.
    [[nodiscard]] std::vector<LogEntry> entries() const
    {
        std::vector<LogEntry> found;
        readEventLog(paths.logs(), WallTime::min(), WallTime::max(), false,
                     [&found](const LogEntry &entry) { found.push_back(entry); });
        return found;
    }
    [[nodiscard]] std::vector<LogEntry> entries(QLatin1StringView kind) const
    {
        std::vector<LogEntry> found = entries();
        std::erase_if(found, [kind](const LogEntry &entry) { return entry.kind != kind; });
        return found;
    }
    [[nodiscard]] CycleMemory memory() const { return cycleMemoryFromJson(runner->memory()); }

    QTemporaryDir folder;
    RootPaths paths{folder.path()};
    FakeClock clock;
    Mark mark;
    Configuration configuration;
    std::vector<QJsonObject> saved;
    int completions = 0;
    std::unique_ptr<Dispatcher> dispatcher;
    std::unique_ptr<DaemonStateFile> daemonState;
    std::unique_ptr<CycleRunner> runner;
    std::unique_ptr<QSignalSpy> finished;

private:
    std::unique_ptr<ProcessTable> m_processes;
    Chores m_chores;
};

} // namespace dormouse::test
