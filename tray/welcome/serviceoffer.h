// SPDX-License-Identifier: MIT
#pragma once

#include "shared/config/configuration.h"

#include <QString>
#include <QStringList>

#include <vector>

namespace dormouse {

/// A program that the first-start window knows how to put under Dormouse's care.
enum class KnownProgram { Ollama, LlamaServer, IaiMcp };

/// One process of this machine, as far as the system tells.
struct RunningCommand {
    qint64 pid = 0;
    bool isOurs = true;    ///< runs as this user
    QStringList arguments; ///< the first one is the program as it was called
    QString program;       ///< full path of the executable; empty: not told
    QString folder;        ///< its working directory; empty: not told
    QString unit;          ///< the systemd service it belongs to; empty: none, or not told

    bool operator==(const RunningCommand &) const = default;
};

/// What a service manager knows, read from its files.
struct InstalledUnit {
    enum class Kind { User, System, LaunchAgent };
    Kind kind = Kind::User;
    QString name;        ///< "ollama.service", or a label
    QStringList command; ///< empty: could not be read

    bool operator==(const InstalledUnit &) const = default;
};

/// What was seen of the machine: the input of serviceOffers().
struct MachineFacts {
    std::vector<RunningCommand> running;
    std::vector<InstalledUnit> units;
    QString ollama; ///< full path of the program `ollama`; empty: not on the PATH
    bool hasCurl = false;
};

/// A service that could be added to dormouse.toml.
struct ServiceOffer {
    enum class Source {
        Unit,        ///< a systemd user unit
        LaunchAgent, ///< a launchd label
        Process,     ///< only seen running: its own command line
        Program,     ///< only seen installed
        OutOfReach,  ///< of the system or of another user: an agent of one user can neither start nor stop it
    };
    KnownProgram program = KnownProgram::Ollama;
    Source source = Source::Process;
    ServiceConfig config; ///< what would be written; of OutOfReach, only its name and unit
    qint64 pid = 0;       ///< of the process that runs now; 0: none

    bool operator==(const ServiceOffer &) const = default;
};

/// Which known program a command line starts; nothing for anything else, also for clients and helpers of these programs.
[[nodiscard]] std::optional<KnownProgram> knownProgram(const QStringList &command);
/// The offers for a machine, those that run and can be managed first. Pure.
[[nodiscard]] std::vector<ServiceOffer> serviceOffers(const MachineFacts &facts);

} // namespace dormouse
