// SPDX-License-Identifier: MIT
#include "tray/welcome/serviceaddition.h"

#include "shared/config/tomlwords.h"
#include "shared/storage/file.h"

#include <QFileInfo>

#include <algorithm>

namespace dormouse {
namespace {

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

QString duration(Millis value)
{
    return value % 1s == 0ms ? u"\"%1s\""_s.arg(value / 1s) : u"\"%1ms\""_s.arg(value.count());
}

/// Nothing that would be started or stopped twice.
bool isSame(const ServiceConfig &a, const ServiceConfig &b)
{
    const auto unit = [](const QString &name) {
        return name.isEmpty() || name.endsWith(".service"_L1) ? name : QString(name + u".service"_s);
    };
    return a.command == b.command && a.launchd == b.launchd && unit(a.systemd) == unit(b.systemd);
}

QString freeName(const QString &wanted, const std::vector<ServiceConfig> &taken)
{
    QString name = wanted;
    const auto isTaken = [&] {
        return std::any_of(taken.begin(), taken.end(), [&name](const ServiceConfig &service) { return service.name == name; });
    };
    for (int number = 2; isTaken(); ++number)
        name = u"%1-%2"_s.arg(wanted).arg(number);
    return name;
}

/// The line ends of a text, which a file edited elsewhere may have otherwise.
QByteArray lineEnd(const QByteArray &text)
{
    return text.contains("\r\n") ? "\r\n"_ba : "\n"_ba;
}

} // namespace

QByteArray serviceToml(const ServiceConfig &service)
{
    const ServiceConfig plain;
    QStringList lines{u"[[service]]"_s, u"name = "_s + tomlString(service.name)};
    if (!service.command.isEmpty())
        lines += u"command = "_s + tomlList(service.command);
    if (!service.launchd.isEmpty())
        lines += u"launchd = "_s + tomlString(service.launchd);
    if (!service.systemd.isEmpty())
        lines += u"systemd = "_s + tomlString(service.systemd);
    if (service.ready.tcpPort)
        lines += u"ready = { tcp = %1 }"_s.arg(*service.ready.tcpPort);
    else if (!service.ready.command.isEmpty())
        lines += u"ready = { command = "_s + tomlList(service.ready.command) + u" }"_s;
    lines += u"stop_in = "_s + tomlString(toString(service.stopIn));
    if (service.stopTimeout != plain.stopTimeout)
        lines += u"stop_timeout = "_s + duration(service.stopTimeout);
    if (service.after)
        lines += u"after = "_s + tomlList(*service.after);
    return (lines.join(u'\n') + u'\n').toUtf8();
}

Result<ServiceAddition> planAddition(const QByteArray &before, ServiceConfig service, const QString &path)
{
    const Result<Configuration> existing = parseConfiguration(before, path);
    if (!existing)
        return existing.error();
    const std::vector<ServiceConfig> &services = existing.value().services;
    if (std::any_of(services.begin(), services.end(), [&](const ServiceConfig &other) { return isSame(service, other); }))
        return Error{ErrorCode::Busy, u"this service is in it already"_s, path, 0};
    service.name = freeName(service.name, services);
    if (!services.empty() && !service.after)
        service.after = QStringList(); // it knows nothing of the one before it, and need not wait for it

    ServiceAddition addition{before, serviceToml(service), before};
    const QByteArray end = lineEnd(before);
    addition.section.replace("\n", end);
    if (!before.isEmpty())
        addition.after += before.endsWith('\n') ? end : end + end;
    addition.after += addition.section;
    const Result<Configuration> checked = parseConfiguration(addition.after, path);
    return checked ? Result<ServiceAddition>(addition) : Result<ServiceAddition>(checked.error());
}

Result<ServiceAddition> planAddition(const RootPaths &paths, const ServiceConfig &service)
{
    const Result<QByteArray> text = readConfigurationFile(paths.configuration());
    return text ? planAddition(text.value(), service, paths.configuration()) : Result<ServiceAddition>(text.error());
}

Result<void> writeAddition(const RootPaths &paths, const ServiceAddition &addition)
{
    if (const Result<void> prepared = prepareRoot(paths); !prepared)
        return prepared;
    const Result<QByteArray> now = readConfigurationFile(paths.configuration());
    if (!now)
        return now.error();
    if (now.value() != addition.before)
        return Error{ErrorCode::Busy, u"was changed meanwhile; look at the new text, then try again"_s, paths.configuration(), 0};
    const QString real = QFileInfo(paths.configuration()).canonicalFilePath();
    return writeAtomically(real.isEmpty() ? paths.configuration() : real, addition.after);
}

} // namespace dormouse
