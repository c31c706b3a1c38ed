// SPDX-License-Identifier: MIT
#include "shared/config/configuration.h"

#include "shared/base/text.h"
#include "shared/config/tomlwords.h"

#include <algorithm>

namespace dormouse {
namespace {

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

/// Without any loss, in the largest unit that divides it.
QString quoted(Millis duration)
{
    if (duration % 1h == 0ms && duration != 0ms)
        return u"\"%1h\""_s.arg(duration / 1h);
    if (duration % 1min == 0ms && duration != 0ms)
        return u"\"%1m\""_s.arg(duration / 1min);
    if (duration % 1s == 0ms)
        return u"\"%1s\""_s.arg(duration / 1s);
    return u"\"%1ms\""_s.arg(duration.count());
}

QString spelled(bool value)
{
    return value ? u"true"_s : u"false"_s;
}

QString keyName(const QString &name)
{
    const auto isBare = [](QChar c) {
        return (c >= u'a' && c <= u'z') || (c >= u'A' && c <= u'Z') || (c >= u'0' && c <= u'9') || c == u'_' || c == u'-';
    };
    return !name.isEmpty() && std::all_of(name.begin(), name.end(), isBare) ? name : tomlString(name);
}

QString hibernationName(HibernationMode mode)
{
    switch (mode) {
    case HibernationMode::Auto: return u"auto"_s;
    case HibernationMode::Exit: return u"exit"_s;
    case HibernationMode::Linger: return u"linger"_s;
    }
    return {};
}

/// Writes sections and keys, one a line, comments aligned.
class TomlText
{
public:
    void comment(const QString &text) { m_text += u"# "_s + text + u'\n'; }
    void section(const QString &header) { m_text += u'\n' + header + u'\n'; }
    void key(const QString &name, const QString &value, const QString &comment = {})
    {
        constexpr qsizetype kCommentColumn = 32;
        const QString line = name + u" = "_s + value;
        m_text += comment.isEmpty() ? line : QString(line.leftJustified(kCommentColumn) + u" # "_s + comment);
        m_text += u'\n';
    }
    [[nodiscard]] QByteArray bytes() const { return m_text.toUtf8(); }

private:
    QString m_text;
};

void writeSettings(TomlText &out, const Settings &settings)
{
    out.section(u"[timers]"_s);
    out.key(u"stale_after"_s, quoted(settings.staleAfter), u"an older heartbeat no longer counts"_s);
    out.key(u"drowsy_after"_s, quoted(settings.drowsyAfter), u"WAKE to DROWSY without presence"_s);
    out.key(u"sleep_after"_s, quoted(settings.sleepAfter), u"DROWSY to SLEEP"_s);
    out.key(u"hibernate_after"_s, quoted(settings.hibernateAfter), u"SLEEP to HIBERNATION although the cycle cannot run"_s);
    out.key(u"tick"_s, quoted(settings.tick), u"how often the agent looks by itself"_s);

    out.section(u"[lifecycle]"_s);
    out.key(u"presence"_s, settings.presence == PresencePolicy::Active ? u"\"active\""_s : u"\"attached\""_s,
            u"\"attached\" or \"active\""_s);
    out.key(u"ignore_leaked"_s, spelled(settings.ignoreLeaked), u"clients whose parent program is gone do not count"_s);
    out.key(u"hibernation"_s, tomlString(hibernationName(settings.hibernation)), u"\"auto\", \"exit\" or \"linger\""_s);
    out.key(u"lease_max"_s, quoted(settings.leaseMax), u"longest life of a lease"_s);

    out.section(u"[control]"_s);
    out.key(u"connections_max"_s, QString::number(settings.connectionsMax), u"at the control socket"_s);
    out.key(u"requests_per_second"_s, QString::number(settings.requestsPerSecond), u"of each connection"_s);
}

void writeSleep(TomlText &out, const Configuration &configuration)
{
    const Settings &settings = configuration.settings;
    out.section(u"[sleep]"_s);
    out.key(u"require_user_idle"_s, spelled(settings.requireUserIdle), u"sleep only when nobody uses the machine"_s);
    out.key(u"require_ac"_s, spelled(settings.requireAc), u"on a battery, steps wait (at most 24 h)"_s);
    out.key(u"quarantine_ttl"_s, quoted(settings.quarantineTtl), u"a failing cycle is left alone for so long"_s);
    out.key(u"strikes"_s, QString::number(settings.strikes), u"failures of a step in a row, then quarantine"_s);
    for (const StepConfig &step : configuration.steps) {
        out.section(u"[[sleep.step]]"_s);
        out.key(u"name"_s, tomlString(step.name));
        out.key(u"command"_s, tomlList(step.command));
        out.key(u"uses_record"_s, spelled(step.usesRecord), u"it keeps its own progress in lifecycle_state.json"_s);
        out.key(u"timeout"_s, quoted(step.timeout), u"at most 24h"_s);
        out.key(u"log_output"_s, spelled(step.logOutput), u"false: its output never reaches a log"_s);
    }
}

void writeServices(TomlText &out, const std::vector<ServiceConfig> &services)
{
    for (const ServiceConfig &service : services) {
        out.section(u"[[service]]"_s);
        out.key(u"name"_s, tomlString(service.name));
        if (!service.command.isEmpty())
            out.key(u"command"_s, tomlList(service.command));
        if (!service.launchd.isEmpty())
            out.key(u"launchd"_s, tomlString(service.launchd));
        if (!service.systemd.isEmpty())
            out.key(u"systemd"_s, tomlString(service.systemd));
        if (service.ready.tcpPort)
            out.key(u"ready"_s, u"{ tcp = %1 }"_s.arg(*service.ready.tcpPort));
        else if (!service.ready.command.isEmpty())
            out.key(u"ready"_s, u"{ command = "_s + tomlList(service.ready.command) + u" }"_s);
        out.key(u"stop_in"_s, tomlString(QString(toString(service.stopIn))), u"\"HIBERNATION\", \"SLEEP\" or \"DROWSY\""_s);
        out.key(u"stop_timeout"_s, quoted(service.stopTimeout), u"from SIGTERM to SIGKILL"_s);
        if (service.after)
            out.key(u"after"_s, tomlList(*service.after), u"[]: waits for none"_s);
    }
}

void writeRest(TomlText &out, const Configuration &configuration)
{
    out.section(u"[env]"_s);
    const QMap<QString, QString> &environment = configuration.settings.environment;
    for (auto it = environment.begin(); it != environment.end(); ++it)
        out.key(keyName(it.key()), tomlString(it.value()));

    out.section(u"[hooks]"_s);
    for (const State state : kAllStates) {
        QStringList commands;
        for (const QStringList &command : configuration.hooks.value(state))
            commands.append(tomlList(command));
        out.key(u"on_"_s + QString(toString(state)).toLower(), u'[' + commands.join(u", ") + u']');
    }
}

} // namespace

QByteArray formatConfiguration(const Configuration &configuration)
{
    TomlText out;
    out.comment(u"Durations: seconds (30, 0.5), or a text with a unit: \"250ms\", \"90s\", \"5m\", \"2h\", \"1d\"."_s);
    writeSettings(out, configuration.settings);
    writeSleep(out, configuration);
    writeServices(out, configuration.services);
    writeRest(out, configuration);
    return out.bytes();
}

} // namespace dormouse
