// SPDX-License-Identifier: MIT
// The running agent against programs that do as little as possible: round trips of `status`, and the way from exec to the first answer.
#include "tests/bench/floor/floor.h"
#include "tests/bench/pairs.h"
#include "tests/bench/sandbox.h"

#include <optional>
#include <string_view>
#include <thread>
#include <utility>

#include <unistd.h>

namespace dormouse::bench {
namespace {

constexpr std::string_view kStatus = "{\"type\":\"status\"}\n";

/// Asks so often that a program that is starting is met within a few microseconds.
int connectSoon(const std::string &path)
{
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    for (;;) {
        const int socket = floor_connect(path.c_str());
        if (socket >= 0 || std::chrono::steady_clock::now() > end)
            return socket;
        std::this_thread::sleep_for(std::chrono::microseconds(20));
    }
}

bool ask(int socket)
{
    return floor_send(socket, kStatus.data(), kStatus.size()) > 0 && floor_receive(socket) > 0;
}

/// Some clients of one server.
class Clients
{
public:
    Clients(const std::string &path, int count)
    {
        for (int i = 0; i < count; ++i)
            m_sockets.push_back(connectSoon(path));
    }
    ~Clients()
    {
        for (const int socket : m_sockets)
            ::close(socket);
    }
    Clients(const Clients &) = delete;
    Clients &operator=(const Clients &) = delete;

    /// All ask at once and all are answered.
    void round(benchmark::State &state) const
    {
        bool ok = true;
        for (const int socket : m_sockets)
            ok &= floor_send(socket, kStatus.data(), kStatus.size()) > 0;
        for (const int socket : m_sockets)
            ok &= floor_receive(socket) > 0;
        if (!ok)
            state.SkipWithError("a client was not answered");
    }

private:
    std::vector<int> m_sockets;
};

std::vector<std::string> agentWords(const QTemporaryDir &root)
{
    return {program("dormouse-agent"), "--root", root.path().toStdString(), "--set", "control.requests_per_second=100000"};
}

void statusRoundTrip(benchmark::State &state)
{
    const QTemporaryDir root;
    const QTemporaryDir floor;
    const std::string echoPath = floor.filePath(QStringLiteral("echo.sock")).toStdString();
    const Child agent(agentWords(root));
    const Child echo({floorProgram("bench_echo"), echoPath});
    const auto count = static_cast<int>(state.range(0));
    const Clients ours(root.filePath(QStringLiteral("agent.sock")).toStdString(), count);
    const Clients theirs(echoPath, count);
    std::this_thread::sleep_for(std::chrono::seconds(1)); // what belongs to the start is over then
    runPairs(
        state, Measure::Wall, [] {}, [&] { ours.round(state); }, [&] { theirs.round(state); });
}
BENCHMARK(statusRoundTrip)->UseManualTime()->Unit(benchmark::kMicrosecond)->ArgName("clients")->Arg(1)->Iterations(8000);
BENCHMARK(statusRoundTrip)->UseManualTime()->Unit(benchmark::kMicrosecond)->ArgName("clients")->Arg(64)->Iterations(500);

/// On a root that an agent has used before.
void start(benchmark::State &state)
{
    const QTemporaryDir root;
    const std::string path = root.filePath(QStringLiteral("agent.sock")).toStdString();
    const std::vector<std::string> words = agentWords(root);
    std::optional<Child> agent;
    std::optional<Child> empty;
    int socket = -1;
    const auto end = [&] {
        if (socket >= 0)
            ::close(std::exchange(socket, -1));
        agent.reset();
        empty.reset();
    };
    const auto ours = [&] {
        agent.emplace(words);
        socket = connectSoon(path);
        if (!ask(socket))
            state.SkipWithError("the agent does not answer");
    };
    const auto floor = [&] {
        empty.emplace(std::vector<std::string>{floorProgram("bench_empty")});
        empty->awaitByte();
    };
    ours();
    runPairs(state, Measure::Wall, end, ours, floor);
    end();
}
BENCHMARK(start)->UseManualTime()->Unit(benchmark::kMillisecond)->Iterations(60);

} // namespace
} // namespace dormouse::bench
