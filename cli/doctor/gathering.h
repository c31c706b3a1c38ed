// SPDX-License-Identifier: MIT
#pragma once

#include "cli/command.h"
#include "cli/doctor/facts.h"

namespace dormouse::doctor {

// Reads the facts. Nothing here wakes anybody, writes anything, or takes a lock; a live agent is asked, 5 s at most an answer.

/// All of them.
[[nodiscard]] Facts gatherFacts(const Context &context);

// agentfacts.cpp
[[nodiscard]] AgentFacts agentFacts(const Context &context);
[[nodiscard]] SocketFacts socketFacts(const Context &context, bool isAgentAlive);
[[nodiscard]] LockFacts lockFacts(const RootPaths &paths);
[[nodiscard]] RecordFacts recordFacts(const RootPaths &paths);
[[nodiscard]] LegacyFacts legacyFacts(const RootPaths &paths);
[[nodiscard]] SignalFacts signalFacts(const RootPaths &paths, WallTime now);

/// presencefacts.cpp: the agent's own judgement where it answers, else what the files say.
[[nodiscard]] PresenceFacts presenceFacts(const Context &context, const AgentFacts &agent, const Settings &settings);

/// historyfacts.cpp
[[nodiscard]] HistoryFacts historyFacts(const RootPaths &paths, const AgentFacts &agent, WallTime now);

/// rightsfacts.cpp: everything under the root, links not followed.
[[nodiscard]] RightsFacts rightsFacts(const RootPaths &paths, const QString &socket);

/// configurationfacts.cpp
[[nodiscard]] ConfigurationFacts configurationFacts(const Context &context);

/// pythonfacts.cpp: daemons of iai-mcp that use this root and belong to no service.
[[nodiscard]] std::vector<qint64> unmanagedPythonDaemons(const Facts &facts);
/// Whether a command line is that daemon's.
[[nodiscard]] bool isPythonDaemon(const QStringList &arguments);

} // namespace dormouse::doctor
