// SPDX-License-Identifier: MIT
#include "agent/act/services/servicesfile.h"

#include "shared/base/defaults.h"
#include "shared/base/logging.h"
#include "shared/presence/bootid.h"
#include "shared/records/json.h"
#include "shared/records/timestamp.h"
#include "shared/storage/file.h"

#include <QJsonArray>

#include <algorithm>

namespace dormouse {

using namespace Qt::Literals::StringLiterals;

namespace {

std::optional<ServiceRecord> recordFromJson(const QJsonObject &object)
{
    const std::optional<qint64> pid = jsonInteger(object.value("pid"_L1));
    const std::optional<qint64> startTime = jsonInteger(object.value("start_time"_L1));
    const QString name = object.value("name"_L1).toString();
    if (!pid || *pid <= 1 || !startTime || name.isEmpty())
        return std::nullopt;
    ServiceRecord record{name, *pid, *startTime, {}, object.value("started_at"_L1).toString()};
    for (const QJsonValue &word : object.value("command"_L1).toArray())
        record.command.append(word.toString());
    return record;
}

QJsonObject toJson(const ServiceRecord &record)
{
    return {{"name"_L1, record.name},
            {"pid"_L1, record.pid},
            {"start_time"_L1, record.startTime},
            {"command"_L1, QJsonArray::fromStringList(record.command)},
            {"started_at"_L1, record.startedAt}};
}

} // namespace

ServicesFile::ServicesFile(QString path, const Clock &clock) : m_path(std::move(path)), m_clock(clock), m_bootId(currentBootId())
{
}

Result<void> ServicesFile::load()
{
    m_isLoaded = true;
    m_records.clear();
    m_propertyLists.clear();
    const Result<QByteArray> bytes = readPatiently(m_path, defaults::kStateBytesMax);
    if (!bytes)
        return bytes.error().code == ErrorCode::NotFound ? Result<void>() : Result<void>(bytes.error());
    const Result<QJsonObject> object = parseJsonObject(bytes.value());
    if (!object) {
        if (const auto kept = keepBad(m_path, timeTag(m_clock.now().wall)); !kept)
            qCWarning(lcStorage).noquote() << "cannot keep a copy:" << kept.error().text();
        return Error{object.error().code, u"running services are not known: "_s + object.error().message, m_path};
    }
    const QJsonObject lists = object.value().value("property_lists"_L1).toObject();
    for (auto list = lists.begin(); list != lists.end(); ++list)
        m_propertyLists.insert(list.key(), list.value().toString());
    // The pids of another boot name other processes now.
    if (object.value().value("boot_id"_L1).toString(m_bootId) != m_bootId)
        return {};
    for (const QJsonValue &value : object.value().value("services"_L1).toArray()) {
        const std::optional<ServiceRecord> record = recordFromJson(value.toObject());
        if (record && std::ranges::find(m_records, record->name, &ServiceRecord::name) == m_records.end())
            m_records.push_back(*record);
        else
            qCWarning(lcStorage).noquote()
                << "an entry without name, pid and start time, or a second one of its name, is left out:" << m_path;
    }
    return {};
}

Result<void> ServicesFile::put(const ServiceRecord &record)
{
    const std::vector<ServiceRecord> before = m_records;
    std::erase_if(m_records, [&record](const ServiceRecord &each) { return each.name == record.name; });
    m_records.push_back(record);
    const Result<void> saved = save();
    if (!saved)
        m_records = before;
    return saved;
}

void ServicesFile::remove(const QString &name)
{
    if (std::erase_if(m_records, [&name](const ServiceRecord &each) { return each.name == name; }) > 0)
        m_isSaveDue = true;
    retry();
}

void ServicesFile::rememberPropertyList(const QString &label, const QString &path)
{
    if (m_propertyLists.value(label) == path)
        return;
    m_propertyLists.insert(label, path);
    m_isSaveDue = true;
    retry();
}

void ServicesFile::retry()
{
    if (!m_isSaveDue)
        return;
    if (const Result<void> saved = save(); !saved)
        qCWarning(lcStorage).noquote() << "cannot note which services run:" << saved.error().text();
}

Result<void> ServicesFile::save()
{
    if (!m_isLoaded)
        return Error{ErrorCode::Busy, u"running services are not known yet"_s, m_path};
    QJsonArray services;
    for (const ServiceRecord &record : m_records)
        services.append(toJson(record));
    QJsonObject lists;
    for (auto list = m_propertyLists.begin(); list != m_propertyLists.end(); ++list)
        lists.insert(list.key(), list.value());
    QJsonObject object{{"services"_L1, services}, {"boot_id"_L1, m_bootId}};
    if (!lists.isEmpty())
        object.insert("property_lists"_L1, lists);
    Result<void> saved = writeAtomically(m_path, formatJsonFile(object));
    // In place is enough: the processes do not survive the power cut that could take it away.
    if (!saved && saved.error().code == ErrorCode::NotDurable)
        saved = {};
    m_isSaveDue = !saved.ok();
    return saved;
}

} // namespace dormouse
