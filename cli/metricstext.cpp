// SPDX-License-Identifier: MIT
#include "cli/metricstext.h"

#include "shared/base/version.h"
#include "shared/records/timestamp.h"

namespace dormouse {
namespace {

using namespace Qt::Literals::StringLiterals;

/// A label's value between its quotes.
QString escaped(QString value)
{
    return value.replace(u'\\', u"\\\\"_s).replace(u'"', u"\\\""_s).replace(u'\n', u"\\n"_s);
}

/// Whole numbers without a fraction; others as exact as they were.
QString number(double value)
{
    return QString::number(value, 'g', 15);
}

/// Writes metrics one after the other; samples of one stand together.
class Exposition
{
public:
    void begin(const QString &name, QLatin1StringView type, const QString &help)
    {
        m_name = u"dormouse_"_s + name;
        m_text += u"# HELP "_s + m_name + u' ' + help + u"\n# TYPE "_s + m_name + u' ' + type + u'\n';
    }
    void sample(double value) { m_text += m_name + u' ' + number(value) + u'\n'; }
    void sample(const QString &label, const QString &labelled, double value)
    {
        m_text += m_name + u'{' + label + u"=\""_s + escaped(labelled) + u"\"} "_s + number(value) + u'\n';
    }
    /// One metric with one value.
    void gauge(const QString &name, const QString &help, double value)
    {
        begin(name, "gauge"_L1, help);
        sample(value);
    }
    [[nodiscard]] QString text() const { return m_text; }

private:
    QString m_name;
    QString m_text;
};

void addTime(Exposition &out, const QString &name, const QString &help, const QString &stamp)
{
    if (const std::optional<WallTime> time = parseTimestamp(stamp))
        out.gauge(name, help, double(time->time_since_epoch().count()) / 1e6);
}

void addState(Exposition &out, State current)
{
    out.begin(u"state"_s, "gauge"_L1, u"The lifecycle state: 1 for the present one, 0 for the others."_s);
    for (const State state : kAllStates)
        out.sample(u"state"_s, toString(state), state == current ? 1 : 0);
}

void addRecord(Exposition &out, const LifecycleRecord &record)
{
    addState(out, record.state);
    addTime(out, u"state_since_timestamp_seconds"_s, u"When the present state was entered, in seconds since 1970."_s,
            record.sinceTs);
    addTime(out, u"last_activity_timestamp_seconds"_s, u"The last use, in seconds since 1970."_s, record.lastActivityTs);
    out.gauge(u"quarantined"_s, u"1 while the sleep cycle is in quarantine."_s, record.quarantine.isObject() ? 1 : 0);
}

void addWrappers(Exposition &out, const WrapperCounts &counts)
{
    out.begin(u"wrappers"_s, "gauge"_L1, u"Wrappers by the state of their heartbeat."_s);
    out.sample(u"kind"_s, u"fresh"_s, counts.fresh);
    out.sample(u"kind"_s, u"stale"_s, counts.stale);
    out.sample(u"kind"_s, u"orphan"_s, counts.orphan);
    out.gauge(u"wrappers_leaked"_s, u"Wrappers that have outlived the program that started them."_s, counts.leaked);
    out.gauge(u"leases"_s, u"Leases that are held."_s, counts.leases);
    out.gauge(u"heartbeats_overflow"_s, u"Heartbeat files beyond the bound, which are not read."_s, counts.overflow);
}

bool isUp(const ServiceView &service)
{
    return service.state == "ready"_L1 || service.state == "running"_L1;
}

void addServices(Exposition &out, const std::vector<ServiceView> &services)
{
    if (services.empty())
        return;
    out.begin(u"service_ready"_s, "gauge"_L1, u"1 while the service is ready; without an agent, while its process lives."_s);
    for (const ServiceView &service : services)
        out.sample(u"service"_s, service.name, isUp(service) ? 1 : 0);
    out.begin(u"service_failed"_s, "gauge"_L1, u"1 while the service is down because it died by itself."_s);
    for (const ServiceView &service : services)
        out.sample(u"service"_s, service.name, service.state == "failed"_L1 ? 1 : 0);
    out.begin(u"service_resident_memory_bytes"_s, "gauge"_L1, u"Resident memory of the service's processes."_s);
    for (const ServiceView &service : services)
        out.sample(u"service"_s, service.name, double(service.rssBytes.value_or(0)));
    out.begin(u"service_restarts_total"_s, "counter"_L1,
              u"Restarts after the service died by itself, since the agent's start."_s);
    for (const ServiceView &service : services)
        out.sample(u"service"_s, service.name, service.restarts);
}

void addRefused(Exposition &out, const QJsonObject &refused)
{
    if (refused.isEmpty())
        return;
    out.begin(u"refused_total"_s, "counter"_L1, u"Breaches of each limit of the control socket, since the agent's start."_s);
    for (auto count = refused.begin(); count != refused.end(); ++count)
        out.sample(u"limit"_s, count.key(), count.value().toDouble());
}

void addSnapshot(Exposition &out, const Snapshot &snapshot)
{
    addState(out, snapshot.state);
    addTime(out, u"state_since_timestamp_seconds"_s, u"When the present state was entered, in seconds since 1970."_s,
            snapshot.stateSinceTs.isEmpty() ? snapshot.sinceTs : snapshot.stateSinceTs);
    addTime(out, u"last_activity_timestamp_seconds"_s, u"The last use, in seconds since 1970."_s, snapshot.lastActivityTs);
    out.gauge(u"quarantined"_s, u"1 while the sleep cycle is in quarantine."_s, snapshot.quarantine ? 1 : 0);
    addTime(out, u"agent_start_timestamp_seconds"_s, u"When the agent was started, in seconds since 1970."_s,
            snapshot.daemonStartedAt);
    addWrappers(out, snapshot.wrappers);
    out.gauge(u"attention_marks"_s, u"Marks that a person should look at."_s, double(snapshot.attention.size()));
    out.gauge(u"held"_s, u"1 while somebody keeps everything awake (dormouse pause)."_s, snapshot.schedulerPaused ? 1 : 0);
    out.gauge(u"idle_sources"_s, u"Sources that tell whether a person is at the machine."_s, double(snapshot.idleSources.size()));
    out.gauge(u"sleep_cycle_running"_s, u"1 while a step of the sleep cycle runs."_s, snapshot.runningStep ? 1 : 0);
    out.gauge(u"freed_bytes"_s, u"Memory that the services had when they were stopped the last time."_s,
              double(snapshot.freedBytes.value_or(0)));
    out.begin(u"activity_events_total"_s, "counter"_L1, u"Signs of use: heartbeats that counted, requests, wake signals."_s);
    out.sample(double(snapshot.sequence));
    addRefused(out, snapshot.refused);
}

} // namespace

QString metricsText(const MetricsSource &source)
{
    Exposition out;
    out.begin(u"build_info"_s, "gauge"_L1, u"Version of the command that wrote this; always 1."_s);
    out.sample(u"version"_s, QString::fromLatin1(kVersion), 1);
    out.gauge(u"agent_up"_s, u"1 while an agent answers."_s, source.snapshot ? 1 : 0);
    out.gauge(u"agent_alive"_s, u"1 while an agent holds the lock, whether it answers or not."_s, source.isAgentThere ? 1 : 0);
    out.gauge(u"record_valid"_s, u"1 when lifecycle_state.json can be read and is valid."_s, source.record ? 1 : 0);
    if (source.snapshot)
        addSnapshot(out, *source.snapshot);
    else if (source.record)
        addRecord(out, *source.record);
    addServices(out, source.snapshot ? source.snapshot->services : source.services);
    return out.text();
}

} // namespace dormouse
