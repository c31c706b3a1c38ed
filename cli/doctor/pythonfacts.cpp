// SPDX-License-Identifier: MIT
#include "cli/doctor/gathering.h"

#include "shared/presence/processtable.h"
#include "shared/storage/writerlock.h"

#include <QDir>
#include <QFileInfo>
#include <QRegularExpression>

#include <algorithm>

namespace dormouse::doctor {
namespace {

using namespace Qt::Literals::StringLiterals;

bool usesRoot(const RunningProgram &program, const Facts &facts)
{
    const QString root = QDir::cleanPath(facts.paths.root);
    if (program.store && !program.store->isEmpty())
        return QDir::cleanPath(*program.store) == root;
    const QString home = program.home ? *program.home + u"/.iai-mcp"_s : facts.defaultRoot;
    return QDir::cleanPath(home) == root;
}

/// A unit or label of theirs is managed even while its PID is not known.
bool isHandedToServiceManager(const Facts &facts)
{
    if (!facts.configuration.configuration)
        return false;
    const auto isTheirs = [](const ServiceConfig &service) {
        return QString(service.launchd + service.systemd).contains("iai-mcp"_L1)
               || QString(service.launchd + service.systemd).contains("iai_mcp"_L1);
    };
    return std::ranges::any_of(facts.configuration.configuration->services, isTheirs);
}

} // namespace

bool isPythonDaemon(const QStringList &arguments)
{
    // Other processes of the package serve one client each, and end with it.
    static const QRegularExpression package(u"(^|/)iai[_-]mcp([./]|\\z)"_s);
    if (arguments.size() < 2 || !QFileInfo(arguments.constFirst()).fileName().startsWith("python"_L1, Qt::CaseInsensitive))
        return false;
    const auto isPackage = [](const QString &word) { return word.contains(package); };
    const auto isDaemon = [](const QString &word) { return word.contains("daemon"_L1); };
    return std::any_of(arguments.begin() + 1, arguments.end(), isPackage)
           && std::any_of(arguments.begin() + 1, arguments.end(), isDaemon);
}

std::vector<qint64> unmanagedPythonDaemons(const Facts &facts)
{
    const std::unique_ptr<ProcessTable> processes = systemProcessTable();
    const auto isService = [&](qint64 pid) {
        const qint64 parent = processes->facts(pid).parent.value_or(0);
        return std::ranges::any_of(facts.services, [=](const ServiceView &service) {
            return service.pid && (*service.pid == pid || *service.pid == parent);
        });
    };
    std::vector<qint64> found;
    if (const qint64 pid = pythonDaemonPid(facts.paths); pid > 0 && processes->isAlive(pid) && !isService(pid))
        found.push_back(pid);
    for (const RunningProgram &program : runningPrograms()) {
        const bool isTheirs = isPythonDaemon(program.arguments) && usesRoot(program, facts);
        if (isTheirs && !isService(program.pid) && std::ranges::find(found, program.pid) == found.end())
            found.push_back(program.pid);
    }
    if (isHandedToServiceManager(facts))
        found.clear();
    return found;
}

} // namespace dormouse::doctor
