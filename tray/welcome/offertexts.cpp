// SPDX-License-Identifier: MIT
// What the panel says of an offer.
#include "tray/welcome/offerpanel.h"

#include "tray/welcome/isolated.h"

namespace dormouse {

namespace {

QString programName(KnownProgram program)
{
    switch (program) {
    case KnownProgram::Ollama: return OfferPanel::tr("Ollama");
    case KnownProgram::LlamaServer: return OfferPanel::tr("llama-server");
    case KnownProgram::IaiMcp: return OfferPanel::tr("The iai-mcp daemon");
    }
    return {};
}

} // namespace

QString OfferPanel::offerText(const ServiceOffer &offer) const
{
    const QString name = programName(offer.program);
    const bool runs = offer.pid != 0;
    switch (offer.source) {
    case ServiceOffer::Source::Unit:
        return (runs ? tr("%1 – user unit %2, running") : tr("%1 – user unit %2, not running"))
            .arg(name, isolated(offer.config.systemd));
    case ServiceOffer::Source::LaunchAgent:
        return (runs ? tr("%1 – launch agent %2, running") : tr("%1 – launch agent %2, not running"))
            .arg(name, isolated(offer.config.launchd));
    case ServiceOffer::Source::Process: return tr("%1 – running as process %2").arg(name).arg(offer.pid);
    case ServiceOffer::Source::Program: return tr("%1 – installed, not running").arg(name);
    case ServiceOffer::Source::OutOfReach:
        return offer.config.systemd.isEmpty() ? tr("%1 – of another user").arg(name) : tr("%1 – system service").arg(name);
    }
    return {};
}

QString OfferPanel::advice(const ServiceOffer &offer) const
{
    switch (offer.source) {
    case ServiceOffer::Source::Unit:
        return tr(
            "The agent starts and stops this unit through systemd. If the unit is enabled, disable it, so that it does not start "
            "at every login as well.");
    case ServiceOffer::Source::LaunchAgent:
        return tr("The agent starts and stops it through launchd; its property list stays in place.");
    case ServiceOffer::Source::Process:
        return tr("The agent starts a process of its own with the command line seen here. End process %1 first, and whatever starts it: "
                  "two of them would get in each other’s way.")
            .arg(offer.pid);
    case ServiceOffer::Source::Program: return tr("The agent starts it as a process of its own.");
    case ServiceOffer::Source::OutOfReach:
        return offer.config.systemd.isEmpty()
                   ? tr("It belongs to another user, and an agent of yours can neither start nor stop it.")
                   : tr("%1 is a system unit, which an agent of one user can neither start nor stop. Disable it there and make it a "
                        "user unit; then look again.")
                         .arg(isolated(offer.config.systemd));
    }
    return {};
}

} // namespace dormouse
