// SPDX-License-Identifier: MIT
#include "shared/idle/dbus/busaddress.h"

#include <QStringList>
#include <QUrl>

namespace dormouse::dbus {

using namespace Qt::Literals::StringLiterals;

std::optional<BusSocket> parseBusAddress(const QString &addresses)
{
    for (const QString &address : addresses.split(u';', Qt::SkipEmptyParts)) {
        if (!address.startsWith("unix:"_L1))
            continue;
        for (const QString &pair : address.mid(5).split(u',')) {
            const qsizetype sign = pair.indexOf(u'=');
            const QString key = pair.left(sign);
            const QString value = QUrl::fromPercentEncoding(pair.mid(sign + 1).toUtf8());
            if (sign < 0 || value.isEmpty() || value.contains(QChar(0)))
                continue;
            if (key == "path"_L1 || key == "abstract"_L1)
                return BusSocket{value, key == "abstract"_L1};
        }
    }
    return std::nullopt;
}

QString sessionBusAddress()
{
    if (const QString address = qEnvironmentVariable("DBUS_SESSION_BUS_ADDRESS"); !address.isEmpty())
        return address;
    const QString folder = qEnvironmentVariable("XDG_RUNTIME_DIR");
    return folder.isEmpty() ? QString()
                            : QString(u"unix:path="_s + QString::fromLatin1(QUrl::toPercentEncoding(folder, "/")) + u"/bus"_s);
}

QString systemBusAddress()
{
    return qEnvironmentVariable("DBUS_SYSTEM_BUS_ADDRESS", u"unix:path=/run/dbus/system_bus_socket"_s);
}

} // namespace dormouse::dbus
