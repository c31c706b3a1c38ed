// SPDX-License-Identifier: MIT
#include "tray/model/menuparts.h"
#include "tray/model/words.h"

#include "shared/base/text.h"

#include <algorithm>

namespace dormouse {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int kNameMax = 64; // the configuration allows no longer one

/// What can be asked of a service, each an explanation why not; empty: it can.
struct Possible {
    QString start;
    QString stop;
    QString restart;
    QString leaveAlone;
};

QString stateText(const ServiceView &service)
{
    if (service.state == "stopped"_L1)
        return TrayView::tr("stopped", "service");
    if (service.state == "starting"_L1)
        return TrayView::tr("starting", "service");
    if (service.state == "ready"_L1)
        return TrayView::tr("ready", "service");
    if (service.state == "stopping"_L1)
        return TrayView::tr("stopping", "service");
    if (service.state == "failed"_L1)
        return TrayView::tr("failed", "service");
    if (service.state == "left_alone"_L1)
        return TrayView::tr("left alone", "service");
    return foreign(QString(service.state).replace(u'_', u' '), 30); // of a newer agent
}

/// A state of a newer agent forbids nothing: the agent itself refuses what cannot be.
Possible possible(const ServiceView &service)
{
    Possible result;
    const QString &state = service.state;
    if (state == "ready"_L1)
        result.start = TrayView::tr("It runs already.");
    if (state == "starting"_L1)
        result.start = TrayView::tr("It starts already.");
    if (state == "stopped"_L1) {
        result.stop = TrayView::tr("It is stopped already.");
        result.restart = TrayView::tr("It does not run; Start starts it.");
    }
    if (state == "stopping"_L1) {
        result.stop = TrayView::tr("It is being stopped already.");
        result.restart = TrayView::tr("It is being stopped; Start starts it again.");
    }
    if (state == "failed"_L1)
        result.restart = TrayView::tr("It does not run; Start starts it.");
    if (state == "left_alone"_L1) {
        result.leaveAlone = TrayView::tr("It is left alone already.");
        if (!service.pid)
            result.restart = TrayView::tr("It does not run; Start starts it.");
    }
    return result;
}

MenuEntry orderEntry(const ServiceView &service, const QString &action, const QString &text, const QString &hint,
                     const QString &whyNot)
{
    const TrayCommand command{TrayCommand::Verb::Service, service.name, action, 0};
    return disabledIf(whyNot, actionEntry(u"service."_s + service.name + u'.' + action, text, command, hint));
}

QString restartsText(int restarts)
{
    return restarts == 1 ? TrayView::tr("Started again once after it had died")
                         : TrayView::tr("Started again %Ln times after it had died", nullptr, restarts);
}

QString detailsText(const ServiceView &service)
{
    QStringList parts;
    if (service.pid)
        parts.append(TrayView::tr("Process %1").arg(QString::number(*service.pid)));
    if (service.readyInSec)
        parts.append(TrayView::tr("was ready in %1", "duration").arg(durationText(fromJsonSeconds(*service.readyInSec))));
    return listed(parts);
}

MenuEntry serviceEntry(const ServiceView &service)
{
    const QString id = u"service."_s + service.name;
    const Possible can = possible(service);
    MenuEntries children{
        orderEntry(service, u"start"_s, TrayView::tr("&Start"), TrayView::tr("Starts it now; counts as use."), can.start),
        orderEntry(service, u"stop"_s, TrayView::tr("S&top"), TrayView::tr("It stays stopped until the next wake."), can.stop),
        orderEntry(service, u"restart"_s, TrayView::tr("&Restart"), TrayView::tr("Stops it, and starts it again."), can.restart),
        orderEntry(service, u"leave_alone"_s, TrayView::tr("&Leave Alone"),
                   TrayView::tr("It is neither started nor stopped from now on, until you start or stop it by hand."),
                   can.leaveAlone),
    };
    const QString details = detailsText(service);
    if (!details.isEmpty() || service.restarts > 0)
        children.push_back(separatorEntry(id + u".separator"_s));
    if (!details.isEmpty())
        children.push_back(labelEntry(id + u".details"_s, details));
    if (service.restarts > 0)
        children.push_back(labelEntry(id + u".restarts"_s, restartsText(service.restarts)));
    const QString memory = service.rssBytes ? bytesText(*service.rssBytes) : QString();
    const QString title = withoutMnemonics(listed({foreign(service.name, kNameMax), stateText(service), memory}));
    return submenuEntry(id, title, std::move(children));
}

} // namespace

MenuEntry servicesEntry(const AgentPicture &picture)
{
    const QString id = u"services"_s;
    if (picture.link == LinkState::Absent)
        return disabledIf(whyNoAgent(picture), submenuEntry(id, TrayView::tr("Se&rvices (no agent is running)"), {}));
    const QString title = TrayView::tr("Se&rvices");
    if (const QString why = whyNoAgent(picture); !why.isEmpty())
        return disabledIf(why, submenuEntry(id, title, {}));
    const std::vector<ServiceView> &services = picture.snapshot->services;
    if (services.empty())
        return disabledIf(TrayView::tr("dormouse.toml has no [[service]]."),
                          submenuEntry(id, TrayView::tr("Se&rvices (none configured)"), {}));
    MenuEntries children;
    for (std::size_t i = 0; i < std::min(services.size(), kListedMax); ++i)
        children.push_back(serviceEntry(services[i]));
    append(children, moreEntries(u"services.more"_s, services.size(), kListedMax));
    return submenuEntry(id, title, std::move(children));
}

} // namespace dormouse
