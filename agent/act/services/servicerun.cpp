// SPDX-License-Identifier: MIT
#include "agent/act/services/servicerun.h"

#include "agent/act/services/unitservice.h"
#include "shared/base/logging.h"

#include <QStandardPaths>

#include <algorithm>

namespace dormouse {

using namespace std::chrono_literals;
using namespace Qt::Literals::StringLiterals;

namespace {

constexpr Millis kMeasurePeriod = 10s;
constexpr int kMeasureFactor = 20; // measuring never takes more than a twentieth of the time

QString systemProgram(const QString &name)
{
    const QString found = QStandardPaths::findExecutable(name);
    return !found.isEmpty() ? found
                            : QStandardPaths::findExecutable(name, {u"/usr/bin"_s, u"/bin"_s, u"/run/current-system/sw/bin"_s});
}

} // namespace

ServicePrograms servicePrograms()
{
    const Result<QString> guard = guardProgram();
    if (!guard)
        qCWarning(lcCycle).noquote() << guard.error().text();
    return {guard ? guard.value() : QString(), systemProgram(u"systemctl"_s), systemProgram(u"launchctl"_s)};
}

ServiceRun::ServiceRun(const Parts &parts, ServiceConfig config, QObject *parent)
    : QObject(parent), m_parts(parts), m_config(std::move(config))
{
}

ServiceRun::~ServiceRun() = default;

void ServiceRun::configure(const ServiceConfig &config, const QMap<QString, QString> &environment)
{
    m_config = config;
    m_environment = environment;
}

bool ServiceRun::adopt(const ServiceRecord &record)
{
    std::unique_ptr<OwnService> own = makeOwn();
    if (!own->adopt(record))
        return false;
    OwnService *adopted = own.get();
    take(std::move(own));
    m_isAdopted = true;
    adopted->look();
    return true;
}

void ServiceRun::look()
{
    m_isAdopted = true;
    take(makeBackend());
    m_backend->look();
}

void ServiceRun::start()
{
    m_isAdopted = false;
    m_startedAt = m_parts.clock.now().awake;
    take(makeBackend());
    m_backend->start();
}

void ServiceRun::stop()
{
    m_probe.reset();
    if (m_backend)
        m_backend->stop(m_config.stopTimeout);
    else
        Q_EMIT ended({});
}

void ServiceRun::poll()
{
    if (m_backend)
        m_backend->poll();
}

std::optional<qint64> ServiceRun::pid() const
{
    return m_backend ? m_backend->pid() : std::nullopt;
}

std::optional<qint64> ServiceRun::memory()
{
    const AwakeTime now = m_parts.clock.now().awake;
    if (!m_backend || (m_measureNextAt && now < *m_measureNextAt))
        return m_memory;
    m_memory = m_backend->memory();
    const AwakeTime after = m_parts.clock.now().awake;
    m_measureNextAt = after + std::max(kMeasurePeriod, (after - now) * kMeasureFactor);
    return m_memory;
}

std::unique_ptr<ServiceBackend> ServiceRun::makeBackend()
{
    if (!isUnit())
        return makeOwn();
    const bool isLaunchd = !m_config.launchd.isEmpty();
    const QString label = m_config.launchd;
    auto tool = isLaunchd ? launchdTool(label, m_parts.file.propertyList(label)) : systemdTool(m_config.systemd);
    const QString program = isLaunchd ? m_parts.programs.launchctl : m_parts.programs.systemctl;
    auto unit = std::make_unique<UnitService>(std::move(tool), program, m_parts.processes);
    connect(unit.get(), &UnitService::propertyListSeen, this,
            [this, label](const QString &path) { m_parts.file.rememberPropertyList(label, path); });
    return unit;
}

std::unique_ptr<OwnService> ServiceRun::makeOwn()
{
    return std::make_unique<OwnService>(
        OwnService::Parts{m_parts.file, m_parts.processes, m_parts.clock},
        OwnService::Program{m_config.name, m_parts.programs.guard, m_config.command, environment(), m_parts.paths.logs()});
}

QMap<QString, QString> ServiceRun::environment() const
{
    QMap<QString, QString> all = m_environment;
    all.insert(u"DORMOUSE_ROOT"_s, m_parts.paths.root);
    return all;
}

void ServiceRun::take(std::unique_ptr<ServiceBackend> backend)
{
    m_backend = std::move(backend);
    m_readyAfter.reset();
    m_memory.reset();
    m_measureNextAt.reset();
    connect(m_backend.get(), &ServiceBackend::ran, this, &ServiceRun::backendRan);
    connect(m_backend.get(), &ServiceBackend::ended, this, &ServiceRun::backendEnded);
}

void ServiceRun::backendRan()
{
    m_probe = std::make_unique<ReadinessProbe>(m_config.ready, environment(), m_parts.clock);
    connect(m_probe.get(), &ReadinessProbe::ready, this, [this] {
        m_probe.release()->deleteLater();
        if (!m_isAdopted)
            m_readyAfter = m_parts.clock.now().awake - m_startedAt;
        Q_EMIT becameReady();
    });
    m_probe->start();
    Q_EMIT ran();
}

void ServiceRun::backendEnded(const ServiceEnd &end)
{
    m_probe.reset();
    m_backend.release()->deleteLater();
    m_memory.reset();
    m_readyAfter.reset();
    m_lastReason = end.text();
    Q_EMIT ended(end);
}

} // namespace dormouse
