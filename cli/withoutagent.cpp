// SPDX-License-Identifier: MIT
#include "cli/withoutagent.h"

#include "shared/base/defaults.h"
#include "shared/presence/bootid.h"
#include "shared/presence/processtable.h"
#include "shared/records/agentmemory.h"
#include "shared/records/json.h"
#include "shared/records/lifecyclerecord.h"
#include "shared/storage/file.h"

#include <QJsonArray>

#include <algorithm>

namespace dormouse {
namespace {

using namespace Qt::Literals::StringLiterals;

/// Empty when there is no such file, or none that can be read.
QJsonObject readObject(const QString &path)
{
    const Result<QByteArray> bytes = readBounded(path, defaults::kStateBytesMax);
    const Result<QJsonObject> object = bytes ? parseJsonObject(bytes.value()) : Result<QJsonObject>(bytes.error());
    return object ? object.value() : QJsonObject();
}

/// PIDs by service of those that services.json names and that are still the same process.
QMap<QString, qint64> survivors(const RootPaths &paths)
{
    const QJsonObject file = readObject(paths.services());
    const QString boot = currentBootId();
    if (file.value("boot_id"_L1).toString(boot) != boot)
        return {}; // the pids of another boot name other processes now
    const std::unique_ptr<ProcessTable> processes = systemProcessTable();
    QMap<QString, qint64> pids;
    for (const QJsonValue &value : file.value("services"_L1).toArray()) {
        const QJsonObject entry = value.toObject();
        const qint64 pid = jsonInteger(entry.value("pid"_L1)).value_or(0);
        const std::optional<qint64> startTime = jsonInteger(entry.value("start_time"_L1));
        if (pid > 1 && startTime && processes->facts(pid).startTime == startTime)
            pids.insert(entry.value("name"_L1).toString(), pid);
    }
    return pids;
}

QString stateOf(const ServiceConfig &service, bool isAlive, bool isLeftAlone)
{
    if (isLeftAlone)
        return u"left_alone"_s;
    if (isAlive)
        return u"running"_s;
    return service.command.isEmpty() ? u"unknown"_s : u"stopped"_s;
}

QJsonArray strikesFrom(const QJsonObject &strikes)
{
    QJsonArray array;
    for (auto step = strikes.begin(); step != strikes.end(); ++step) {
        const QJsonObject one = step.value().toObject();
        array.append(QJsonObject{{"step"_L1, step.key()},
                                 {"count"_L1, one.value("count"_L1)},
                                 {"error"_L1, one.value("error"_L1)},
                                 {"ts"_L1, one.value("at"_L1)}});
    }
    return array;
}

/// What the socket shows of it; the rest is the agent's own bookkeeping.
QJsonValue progressFrom(const QJsonValue &value)
{
    if (!value.isObject())
        return {};
    QJsonObject progress = value.toObject();
    progress.remove("last_completed_name"_L1);
    progress.remove("numbers"_L1);
    return progress;
}

} // namespace

std::vector<ServiceView> servicesWithoutAgent(const RootPaths &paths, const std::vector<ServiceConfig> &configured)
{
    QMap<QString, qint64> alive = survivors(paths);
    const QStringList leftAlone = memoryFromJson(readObject(paths.memory())).leftAlone;
    std::vector<ServiceView> views;
    for (const ServiceConfig &service : configured) {
        ServiceView view;
        view.name = service.name;
        view.state = stateOf(service, alive.contains(service.name), leftAlone.contains(service.name));
        if (const qint64 pid = alive.take(service.name); pid > 0)
            view.pid = pid;
        views.push_back(view);
    }
    for (auto stranger = alive.begin(); stranger != alive.end(); ++stranger) {
        ServiceView view;
        view.name = stranger.key();
        view.state = u"running"_s;
        view.pid = *stranger;
        views.push_back(view);
    }
    return views;
}

QJsonObject cycleWithoutAgent(const RootPaths &paths, const std::vector<StepConfig> &configured)
{
    QJsonArray steps;
    for (const StepConfig &step : configured)
        steps.append(step.name);
    const QJsonObject own = memoryFromJson(readObject(paths.memory())).cycle;
    const bool isForeign = std::ranges::any_of(configured, &StepConfig::usesRecord);
    QJsonValue progress = progressFrom(own.value("progress"_L1));
    QJsonValue quarantine = own.value("quarantine"_L1).isObject() ? own.value("quarantine"_L1) : QJsonValue();
    const Result<QByteArray> bytes = readBounded(paths.record(), defaults::kStateBytesMax);
    const std::optional<LifecycleRecord> record = bytes ? parseRecord(bytes.value()) : std::nullopt;
    if (record && (isForeign || own.isEmpty())) { // the fields of the record are not a mirror of ours
        progress = progress.isObject() ? progress : record->progress;
        quarantine = quarantine.isObject() ? quarantine : record->quarantine;
    }
    return {{"progress"_L1, progress},
            {"strikes"_L1, strikesFrom(own.value("strikes"_L1).toObject())},
            {"quarantine"_L1, quarantine},
            {"steps"_L1, steps},
            {"deferrals"_L1, own.value("deferrals"_L1).toInt()},
            {"retry_at"_L1, own.contains("retry_at"_L1) ? own.value("retry_at"_L1) : QJsonValue()},
            {"running_step"_L1, QJsonValue()}};
}

} // namespace dormouse
