// SPDX-License-Identifier: MIT
#include "cli/servicestext.h"

#include "cli/table.h"
#include "cli/times.h"
#include "shared/base/text.h"

namespace dormouse {
namespace {

using namespace Qt::Literals::StringLiterals;

constexpr int kNameMax = 64; // the configuration allows no longer one

Cell number(const QString &text)
{
    return {text.isEmpty() ? u"-"_s : text, Style::Plain, true};
}

Cell heading(const QString &text, bool isNumber = false)
{
    return {text, Style::Bold, isNumber};
}

} // namespace

QString servicesTable(const std::vector<ServiceView> &services, const Palette &palette)
{
    Table table;
    table.addRow({heading(u"NAME"_s), heading(u"STATE"_s), heading(u"PID"_s, true), heading(u"MEMORY"_s, true),
                  heading(u"READY IN"_s, true), heading(u"RESTARTS"_s, true)});
    for (const ServiceView &service : services) {
        const QString pid = service.pid ? QString::number(*service.pid) : QString();
        const QString memory = service.rssBytes ? formatBytes(*service.rssBytes) : QString();
        const QString ready = service.readyInSec ? tookText(fromSeconds(*service.readyInSec)) : QString();
        table.addRow({Cell{sanitized(service.name, kNameMax)}, Cell{serviceStateText(service.state), serviceStyle(service.state)},
                      number(pid), number(memory), number(ready), number(QString::number(service.restarts))});
    }
    return table.text(palette);
}

QJsonArray servicesJson(const std::vector<ServiceView> &services)
{
    QJsonArray array;
    for (const ServiceView &service : services)
        array.append(serviceToJson(service));
    return array;
}

QString serviceStateText(const QString &state)
{
    return sanitized(state, 30).replace(u'_', u' ');
}

Style serviceStyle(const QString &state)
{
    if (state == "ready"_L1 || state == "running"_L1)
        return Style::Good;
    if (state == "failed"_L1)
        return Style::Bad;
    return state == "starting"_L1 || state == "stopping"_L1 ? Style::Warning : Style::Dim;
}

QString serviceDoneText(const QString &action, const ServiceView &service)
{
    const QString name = sanitized(service.name, kNameMax);
    const QString again = u"dormouse service "_s + name + u' ';
    if (action == "start"_L1) {
        if (service.state == "stopping"_L1)
            return name + u" starts again as soon as its stop is over; undo: "_s + again + u"stop"_s;
        return name + (service.state == "ready"_L1 ? u" is ready"_s : u" starts"_s) + u"; undo: "_s + again + u"stop"_s;
    }
    if (action == "stop"_L1) {
        const QString now = service.state == "stopping"_L1 ? u" stops"_s : u" is stopped"_s;
        return name + now + u", and stays so until WAKE is entered again; undo: "_s + again + u"start"_s;
    }
    if (action == "restart"_L1)
        return name + u" restarts; follow it: dormouse services"_s;
    const QString now = service.pid ? u" runs on, and is left alone"_s : u" is left alone"_s;
    return name + now + u": neither started nor stopped from now on; undo: "_s + again + u"start, or stop"_s;
}

QString unknownServiceText(const QString &name, const QStringList &known)
{
    QString text = u"there is no service \""_s + sanitized(name, kNameMax) + u'"';
    if (known.isEmpty())
        return text + u"; dormouse.toml has no [[service]]"_s;
    if (const std::optional<QString> nearest = nearestWord(name, known))
        return text + u"; did you mean \""_s + sanitized(*nearest, kNameMax) + u"\"?"_s;
    return text + u"; there are: "_s + sanitized(known.join(u", "_s), 500);
}

} // namespace dormouse
