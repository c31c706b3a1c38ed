// SPDX-License-Identifier: MIT
#include "tray/welcome/serviceoffer.h"

#include <QRegularExpression>

#include <algorithm>

namespace dormouse {
namespace {

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

constexpr int kOllamaPort = 11434;
constexpr int kLlamaPort = 8080;
constexpr int kPortMax = 65535;

QString baseName(const QString &path)
{
    return path.mid(path.lastIndexOf(u'/') + 1);
}

/// The value of the last of `options` on the command line: "--port 80" or "--port=80".
QString optionOf(const QStringList &command, const QStringList &options)
{
    QString value;
    for (qsizetype i = 1; i < command.size(); ++i) {
        for (const QString &option : options) {
            if (command[i] == option && i + 1 < command.size())
                value = command[i + 1];
            else if (command[i].startsWith(option + u'='))
                value = command[i].mid(option.size() + 1);
        }
    }
    return value;
}

/// The port answers while the model is still being loaded; /health tells when it can be used.
ReadyCheck llamaReady(const QStringList &command, bool hasCurl)
{
    static const QStringList local{u""_s, u"127.0.0.1"_s, u"localhost"_s, u"0.0.0.0"_s, u"::"_s};
    ReadyCheck ready;
    if (!local.contains(optionOf(command, {u"--host"_s})))
        return ready;
    const QString given = optionOf(command, {u"--port"_s});
    bool isNumber = true;
    const int port = given.isEmpty() ? kLlamaPort : given.toInt(&isNumber);
    if (!isNumber || port < 1 || port > kPortMax)
        return ready;
    const bool isEncrypted = !optionOf(command, {u"--ssl-cert-file"_s}).isEmpty();
    const bool hasPrefix = !optionOf(command, {u"--api-prefix"_s}).isEmpty();
    if (hasCurl && !isEncrypted && !hasPrefix)
        ready.command = QStringList{u"curl"_s, u"-sf"_s, u"http://127.0.0.1:%1/health"_s.arg(port)};
    else
        ready.tcpPort = port;
    return ready;
}

ServiceConfig configFor(KnownProgram program, const QStringList &command, bool hasCurl)
{
    ServiceConfig config;
    switch (program) {
    case KnownProgram::Ollama:
        config.name = u"ollama"_s;
        config.ready.tcpPort = kOllamaPort;
        config.stopIn = State::Sleep;
        break;
    case KnownProgram::LlamaServer:
        config.name = u"llama"_s;
        config.ready = llamaReady(command, hasCurl);
        break;
    case KnownProgram::IaiMcp:
        config.name = u"memory"_s;
        config.stopTimeout = 30s; // it may be amid writing what it learned
        break;
    }
    return config;
}

/// A process' own words, such that they mean the same when the agent says them elsewhere: with the
/// full paths of the program and of the files that it was given.
QStringList portableCommand(const RunningCommand &running)
{
    QStringList command = running.arguments;
    // A virtual environment is found by the name that was called, not by the interpreter behind that link.
    if (!command.first().startsWith(u'/') && !running.program.isEmpty())
        command.first() = running.program;
    if (knownProgram(command) != KnownProgram::LlamaServer || running.folder.isEmpty())
        return command;
    static const QStringList files{u"-m"_s,
                                   u"--model"_s,
                                   u"-md"_s,
                                   u"--model-draft"_s,
                                   u"-mm"_s,
                                   u"--mmproj"_s,
                                   u"--lora"_s,
                                   u"--api-key-file"_s,
                                   u"--chat-template-file"_s,
                                   u"--ssl-key-file"_s,
                                   u"--ssl-cert-file"_s};
    for (qsizetype i = 2; i < command.size(); ++i) {
        if (files.contains(command[i - 1]) && !command[i].startsWith(u'/'))
            command[i] = running.folder + u'/' + command[i];
    }
    return command;
}

std::optional<KnownProgram> programOf(const InstalledUnit &unit)
{
    if (const auto known = knownProgram(unit.command))
        return known;
    // A file that cannot be read (a binary property list) is still known by its usual name.
    if (!unit.command.isEmpty())
        return std::nullopt;
    if (unit.name == "ollama.service"_L1 || unit.name == "homebrew.mxcl.ollama"_L1)
        return KnownProgram::Ollama;
    if (unit.name == "com.iai-mcp.daemon"_L1)
        return KnownProgram::IaiMcp;
    return std::nullopt;
}

/// Goes over the facts once; what was explained by a unit is not offered a second time as a process.
class Offers
{
public:
    explicit Offers(const MachineFacts &facts) : m_facts(facts), m_isTaken(facts.running.size(), false) {}

    [[nodiscard]] std::vector<ServiceOffer> all()
    {
        addUnits(InstalledUnit::Kind::User);
        addUnits(InstalledUnit::Kind::LaunchAgent);
        addUnits(InstalledUnit::Kind::System);
        addProcesses();
        if (!m_facts.ollama.isEmpty() && !has(KnownProgram::Ollama)) {
            ServiceOffer offer{KnownProgram::Ollama, ServiceOffer::Source::Program, {}, 0};
            offer.config = configFor(offer.program, {}, m_facts.hasCurl);
            offer.config.command = QStringList{m_facts.ollama, u"serve"_s};
            m_offers.push_back(offer);
        }
        const auto rank = [](const ServiceOffer &offer) {
            return offer.source == ServiceOffer::Source::OutOfReach ? 2 : offer.pid == 0 ? 1 : 0;
        };
        std::stable_sort(m_offers.begin(), m_offers.end(),
                         [rank](const ServiceOffer &a, const ServiceOffer &b) { return rank(a) < rank(b); });
        return m_offers;
    }

private:
    [[nodiscard]] bool has(KnownProgram program) const
    {
        return std::any_of(m_offers.begin(), m_offers.end(), [program](const auto &offer) { return offer.program == program; });
    }

    void addUnits(InstalledUnit::Kind kind)
    {
        for (const InstalledUnit &unit : m_facts.units) {
            const std::optional<KnownProgram> program = unit.kind == kind ? programOf(unit) : std::nullopt;
            // The way out of a system unit is a user unit: once there is one, the other is of no interest.
            if (!program || (kind == InstalledUnit::Kind::System && has(*program)))
                continue;
            ServiceOffer offer{*program, ServiceOffer::Source::Unit, configFor(*program, unit.command, m_facts.hasCurl), 0};
            offer.pid = takeProcess(*program, unit);
            if (kind == InstalledUnit::Kind::LaunchAgent) {
                offer.source = ServiceOffer::Source::LaunchAgent;
                offer.config.launchd = unit.name;
            } else {
                offer.config.systemd = unit.name;
                if (kind == InstalledUnit::Kind::System)
                    offer.source = ServiceOffer::Source::OutOfReach;
            }
            m_offers.push_back(offer);
        }
    }

    /// The process that `unit` runs, and all others of it.
    qint64 takeProcess(KnownProgram program, const InstalledUnit &unit)
    {
        const bool isLaunchAgent = unit.kind == InstalledUnit::Kind::LaunchAgent; // launchd does not say whose a process is
        const bool wantsOurs = unit.kind != InstalledUnit::Kind::System;
        qint64 pid = 0;
        for (std::size_t i = 0; i < m_facts.running.size(); ++i) {
            const RunningCommand &running = m_facts.running[i];
            if (m_isTaken[i] || knownProgram(running.arguments) != program || (wantsOurs && !running.isOurs)
                || (!isLaunchAgent && running.unit != unit.name))
                continue;
            m_isTaken[i] = true;
            if (pid == 0)
                pid = running.pid;
            if (isLaunchAgent)
                break;
        }
        return pid;
    }

    void addProcesses()
    {
        std::vector<QStringList> seen; // a forked child has the command line of its parent
        for (std::size_t i = 0; i < m_facts.running.size(); ++i) {
            const RunningCommand &running = m_facts.running[i];
            const std::optional<KnownProgram> program = knownProgram(running.arguments);
            if (!program || m_isTaken[i] || std::find(seen.begin(), seen.end(), running.arguments) != seen.end())
                continue;
            seen.push_back(running.arguments);
            ServiceOffer offer{*program, ServiceOffer::Source::Process, configFor(*program, running.arguments, m_facts.hasCurl),
                               running.pid};
            offer.config.command = portableCommand(running);
            if (!running.isOurs) {
                offer.source = ServiceOffer::Source::OutOfReach;
                offer.config.command.clear();
            }
            m_offers.push_back(offer);
        }
    }

    const MachineFacts &m_facts;
    std::vector<bool> m_isTaken;
    std::vector<ServiceOffer> m_offers;
};

} // namespace

std::optional<KnownProgram> knownProgram(const QStringList &command)
{
    // Other processes of the package serve one client each, and end with it.
    static const QRegularExpression package(u"(^|/)iai[_-]mcp([./]|\\z)"_s);
    if (command.isEmpty())
        return std::nullopt;
    const QString program = baseName(command.first());
    if (program == "ollama"_L1 && command.value(1) == "serve"_L1)
        return KnownProgram::Ollama;
    if (program == "llama-server"_L1)
        return KnownProgram::LlamaServer;
    if (!program.startsWith("python"_L1, Qt::CaseInsensitive))
        return std::nullopt;
    const auto isPackage = [](const QString &word) { return word.contains(package); };
    const auto isDaemon = [](const QString &word) { return word.contains("daemon"_L1); };
    if (std::any_of(command.begin() + 1, command.end(), isPackage) && std::any_of(command.begin() + 1, command.end(), isDaemon))
        return KnownProgram::IaiMcp;
    return std::nullopt;
}

std::vector<ServiceOffer> serviceOffers(const MachineFacts &facts)
{
    return Offers(facts).all();
}

} // namespace dormouse
