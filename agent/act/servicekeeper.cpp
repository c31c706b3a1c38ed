// SPDX-License-Identifier: MIT
#include "agent/act/services/servicekeeper_p.h"

#include "shared/base/logging.h"
#include "shared/base/text.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace dormouse {

using namespace Qt::Literals::StringLiterals;

namespace {

QString stateName(const ServicePlan::Item &item)
{
    switch (item.phase) {
    case ServicePhase::Stopping: return u"stopping"_s;
    case ServicePhase::Looking:
    case ServicePhase::Stopped: return item.isLeftAlone ? u"left_alone"_s : u"stopped"_s;
    case ServicePhase::Starting: return item.isLeftAlone ? u"left_alone"_s : u"starting"_s;
    case ServicePhase::Ready: return item.isLeftAlone ? u"left_alone"_s : u"ready"_s;
    case ServicePhase::Failed: return item.isLeftAlone ? u"left_alone"_s : u"failed"_s;
    }
    return {};
}

QJsonObject endFields(const ServiceEnd &end)
{
    QJsonObject fields;
    if (end.code)
        fields.insert("code"_L1, *end.code);
    if (end.signal)
        fields.insert("signal"_L1, *end.signal);
    return fields;
}

double seconds(Millis duration)
{
    return static_cast<double>(duration.count()) / 1000.0;
}

} // namespace

ServiceKeeper::Impl::Impl(ServiceKeeper &keeper, const RootPaths &paths, const ProcessTable &processes, const Clock &clock)
    : m_keeper(keeper), m_paths(paths), m_processes(processes), m_clock(clock), m_file(paths.services(), clock)
{
    m_advance.setSingleShot(true);
    m_due.setSingleShot(true);
    connect(&m_advance, &QTimer::timeout, &keeper, [this] { advance(); });
    connect(&m_due, &QTimer::timeout, &keeper, [this] { advance(); });
}

void ServiceKeeper::Impl::configure(const Configuration &configuration, const QSet<QString> &leftAlone)
{
    if (!configuration.services.empty())
        m_programs = servicePrograms();
    QStringList unknown; // units that nobody was asked about yet
    for (const ServiceConfig &config : configuration.services) {
        if (config.command.isEmpty() && !m_plan.find(config.name))
            unknown.append(config.name);
        runOf(config.name).configure(config, configuration.settings.environment);
    }
    m_plan.configure(configuration.services, leftAlone);
    m_unknown.append(unknown);
    if (m_isAdopted)
        lookAtUnits();
    soon();
}

void ServiceKeeper::Impl::lookAtUnits()
{
    for (const QString &name : std::exchange(m_unknown, {})) {
        m_plan.looking(name);
        const ServicePlan::Item *item = m_plan.find(name);
        if (item && item->phase == ServicePhase::Looking)
            runOf(name).look();
    }
}

ServiceRun &ServiceKeeper::Impl::runOf(const QString &name)
{
    std::unique_ptr<ServiceRun> &run = m_runs[name];
    if (!run) {
        ServiceConfig config;
        config.name = name;
        run = std::make_unique<ServiceRun>(ServiceRun::Parts{m_paths, m_file, m_processes, m_clock, m_programs}, config);
        connect(run.get(), &ServiceRun::ran, &m_keeper, [this, name] { ran(name); });
        connect(run.get(), &ServiceRun::becameReady, &m_keeper, [this, name] { becameReady(name); });
        connect(run.get(), &ServiceRun::ended, &m_keeper, [this, name](const ServiceEnd &end) { ended(name, end); });
    }
    return *run;
}

void ServiceKeeper::Impl::adopt()
{
    if (const Result<void> loaded = m_file.load(); !loaded)
        qCWarning(lcStorage).noquote() << "services of a predecessor are not known:" << loaded.error().text();
    const std::vector<ServiceRecord> records = m_file.records(); // those that are gone are taken out on the way
    for (const ServiceRecord &record : records) {
        m_plan.ran(record.name, now());
        if (!runOf(record.name).adopt(record))
            m_plan.ended(record.name, now());
    }
    m_isAdopted = true;
    lookAtUnits();
    soon();
}

void ServiceKeeper::Impl::setState(State state)
{
    const bool isChange = !m_hasState || m_state != state;
    m_hasState = true;
    m_state = state;
    m_plan.setState(state, now());
    if (isChange)
        m_isReportDue = state != State::Wake;
    soon();
}

void ServiceKeeper::Impl::stopAll()
{
    m_plan.end();
    m_isReportDue = true;
    soon();
}

void ServiceKeeper::Impl::poll()
{
    m_file.retry();
    for (const auto &[name, run] : m_runs)
        run->poll();
}

Result<ServiceView> ServiceKeeper::Impl::act(const QString &name, Action action)
{
    const ServicePlan::Item *item = m_plan.find(name);
    if (!item || !item->isConfigured)
        return Error{ErrorCode::NotFound, u"there is no service \"%1\""_s.arg(sanitized(name)), {}};
    switch (action) {
    case Action::Start: m_plan.start(name); break;
    case Action::Stop: m_plan.stop(name); break;
    case Action::Restart: m_plan.restart(name); break;
    case Action::LeaveAlone:
        m_plan.leaveAlone(name);
        log(u"service_left_alone"_s, name);
        break;
    }
    carryOut();
    soon();
    return view(*m_plan.find(name));
}

void ServiceKeeper::Impl::carryOut()
{
    for (const ServiceOrder &order : m_plan.orders(now())) {
        ServiceRun &run = runOf(order.name);
        if (order.kind == ServiceOrder::Kind::Stop) {
            run.stop();
            continue;
        }
        if (std::exchange(m_hasFreed, false))
            m_freedBytes = 0;
        if (m_programs.guard.isEmpty() || (run.isUnit() && m_programs.systemctl.isEmpty() && m_programs.launchctl.isEmpty()))
            m_programs = servicePrograms(); // a look that failed need not fail again
        run.start();
    }
}

void ServiceKeeper::Impl::advance()
{
    carryOut();
    if (const std::optional<Millis> due = m_plan.dueIn(now()))
        m_due.start(std::min(*due, Millis(std::numeric_limits<int>::max())));
    else
        m_due.stop();
    std::erase_if(m_runs, [this](const auto &entry) { return !m_plan.find(entry.first); });
    if (m_isReportDue && m_plan.isSettledDown()) {
        m_isReportDue = false;
        Q_EMIT m_keeper.allStopped();
    }
    Seen seen{{}, troubled()};
    for (const ServicePlan::Item &item : m_plan.items())
        seen.views.push_back(view(item));
    if (seen != std::exchange(m_seen, seen))
        Q_EMIT m_keeper.changed();
}

void ServiceKeeper::Impl::ran(const QString &name)
{
    m_plan.ran(name, now());
    const ServiceRun &run = runOf(name);
    QJsonObject fields;
    if (run.pid())
        fields.insert("pid"_L1, *run.pid());
    log(run.wasAdopted() ? u"service_adopted"_s : u"service_started"_s, name, fields);
    soon();
}

void ServiceKeeper::Impl::becameReady(const QString &name)
{
    m_plan.becameReady(name);
    if (const std::optional<Millis> after = runOf(name).readyAfter())
        log(QString(logkind::kServiceReady), name, {{"ready_sec"_L1, seconds(*after)}});
    soon();
}

void ServiceKeeper::Impl::ended(const QString &name, const ServiceEnd &end)
{
    const ServicePlan::Item *before = m_plan.find(name);
    const ServicePhase phase = before ? before->phase : ServicePhase::Stopped;
    m_plan.ended(name, now());
    const ServicePlan::Item *after = m_plan.find(name);
    QJsonObject fields = endFields(end);
    if (end.freedBytes) {
        m_hasFreed = true;
        m_freedBytes += *end.freedBytes;
        fields.insert("freed_bytes"_L1, *end.freedBytes);
    }
    if (after && after->phase == ServicePhase::Failed) {
        fields.insert("reason"_L1, end.text());
        fields.insert("deaths"_L1, after->deaths);
        qCWarning(lcCycle).noquote() << "service" << name << "died:" << end.text();
        log(u"service_crashed"_s, name, fields);
    } else if (phase != ServicePhase::Looking && phase != ServicePhase::Stopped) {
        log(u"service_stopped"_s, name, fields);
    }
    soon();
}

void ServiceKeeper::Impl::log(const QString &kind, const QString &name, QJsonObject fields)
{
    fields.insert("service"_L1, name);
    qCInfo(lcCycle).noquote() << kind << name;
    Q_EMIT m_keeper.logged({m_clock.now().wall, kind, fields});
}

/// Without memory figures, which take time to find.
ServiceView ServiceKeeper::Impl::view(const ServicePlan::Item &item) const
{
    ServiceView view;
    view.name = item.name;
    view.state = stateName(item);
    view.restarts = item.restarts;
    const auto run = m_runs.find(item.name);
    if (run == m_runs.end())
        return view;
    view.pid = run->second->pid();
    if (const std::optional<Millis> after = run->second->readyAfter())
        view.readyInSec = seconds(*after);
    return view;
}

std::vector<ServiceView> ServiceKeeper::Impl::views()
{
    std::vector<ServiceView> views;
    for (const ServicePlan::Item &item : m_plan.items()) {
        views.push_back(view(item));
        if (views.back().pid)
            views.back().rssBytes = runOf(item.name).memory();
    }
    return views;
}

QMap<QString, QString> ServiceKeeper::Impl::troubled() const
{
    QMap<QString, QString> troubled;
    for (const ServicePlan::Item &item : m_plan.items()) {
        if (!m_plan.isTroubled(item, now()))
            continue;
        if (item.deaths >= ServicePlan::kTroubledAfter)
            troubled.insert(item.name,
                            u"failed %1 times in a row: %2"_s.arg(item.deaths).arg(m_runs.at(item.name)->lastReason()));
        else
            troubled.insert(item.name,
                            u"has been running for %1 without being ready"_s.arg(formatDuration(ServicePlan::kUnreadyAfter)));
    }
    return troubled;
}

ServiceKeeper::ServiceKeeper(const RootPaths &paths, const ProcessTable &processes, const Clock &clock, QObject *parent)
    : QObject(parent), m_impl(std::make_unique<Impl>(*this, paths, processes, clock))
{
}

ServiceKeeper::~ServiceKeeper() = default;

void ServiceKeeper::configure(const Configuration &configuration, const QSet<QString> &leftAlone)
{
    m_impl->configure(configuration, leftAlone);
}

void ServiceKeeper::adopt()
{
    m_impl->adopt();
}

void ServiceKeeper::setState(State state)
{
    m_impl->setState(state);
}

void ServiceKeeper::stopAll()
{
    m_impl->stopAll();
}

void ServiceKeeper::poll()
{
    m_impl->poll();
}

Result<ServiceView> ServiceKeeper::act(const QString &name, Action action)
{
    return m_impl->act(name, action);
}

std::vector<ServiceView> ServiceKeeper::views() const
{
    return m_impl->views();
}

QStringList ServiceKeeper::stoppedBy(State target) const
{
    return m_impl->plan().stoppedBy(target);
}

bool ServiceKeeper::isAnyStopping() const
{
    const auto isStopping = [](const ServicePlan::Item &item) { return item.phase == ServicePhase::Stopping; };
    return !m_impl->plan().isSettledDown() || std::ranges::any_of(m_impl->plan().items(), isStopping);
}

bool ServiceKeeper::isAllReady() const
{
    return m_impl->plan().isAllReady();
}

qint64 ServiceKeeper::freedBytes() const
{
    return m_impl->freedBytes();
}

QSet<QString> ServiceKeeper::leftAlone() const
{
    QSet<QString> names;
    for (const ServicePlan::Item &item : m_impl->plan().items()) {
        if (item.isLeftAlone)
            names.insert(item.name);
    }
    return names;
}

QMap<QString, QString> ServiceKeeper::troubled() const
{
    return m_impl->troubled();
}

} // namespace dormouse
