// SPDX-License-Identifier: MIT
#include "agent/sense/powersource.h"

#include <QDir>
#include <QFile>

namespace dormouse {

using namespace Qt::Literals::StringLiterals;

namespace {

QByteArray attribute(const QString &supply, QLatin1StringView name)
{
    QFile file(supply + u'/' + name);
    return file.open(QIODevice::ReadOnly) ? file.read(64).trimmed() : QByteArray();
}

} // namespace

SysfsPowerSource::SysfsPowerSource(QString folder) : m_folder(std::move(folder)) {}

std::optional<bool> SysfsPowerSource::isOnBattery() const
{
    bool hasBattery = false;
    const QDir folder(m_folder);
    for (const QString &name : folder.entryList(QDir::Dirs | QDir::System | QDir::NoDotAndDotDot)) {
        const QString supply = folder.filePath(name);
        // A mouse or a headset has a battery, too: its scope is "Device".
        if (attribute(supply, "type"_L1) != "Battery" || attribute(supply, "scope"_L1) == "Device")
            continue;
        hasBattery = true;
        if (attribute(supply, "status"_L1) == "Discharging")
            return true;
    }
    return hasBattery ? std::optional(false) : std::nullopt;
}

} // namespace dormouse
