// SPDX-License-Identifier: MIT
#include "tray/model/menuparts.h"
#include "tray/model/words.h"

namespace dormouse {

using namespace Qt::Literals::StringLiterals;

namespace {

using Verb = TrayCommand::Verb;

MenuEntry maintenanceEntry(const AgentPicture &picture)
{
    QString whyNot = whyNoAgent(picture);
    if (whyNot.isEmpty() && picture.snapshot->runningStep)
        whyNot = TrayView::tr("It runs now: %1", "step").arg(foreign(*picture.snapshot->runningStep, 60));
    return disabledIf(whyNot,
                      actionEntry(u"maintenance"_s, TrayView::tr("Run &Maintenance Now"), {Verb::RunMaintenance, {}, {}, 0},
                                  TrayView::tr("Runs a sleep cycle now; the state stays what it is.")));
}

MenuEntry loginEntry(const TrayContext &context)
{
    const bool isOn = context.startsAtLogin.value_or(false);
    MenuEntry entry = actionEntry(u"login"_s, TrayView::tr("Start at Lo&gin"), {Verb::SetStartAtLogin, {}, {}, isOn ? 0 : 1},
                                  TrayView::tr("Whether this tray starts with your session."));
    entry.isChecked = context.startsAtLogin;
    return disabledIf(context.startsAtLogin ? QString() : TrayView::tr("This cannot be set here."), entry);
}

} // namespace

MenuEntries lookEntries(const AgentPicture &picture)
{
    MenuEntries entries{
        actionEntry(u"overview"_s, TrayView::tr("O&verview…"), {Verb::ShowStatus, {}, {}, 0},
                    TrayView::tr("All of this in a window.")),
        actionEntry(u"history"_s, TrayView::tr("&History…"), {Verb::ShowHistory, {}, {}, 0}),
        disabledIf(whyNoAgent(picture), actionEntry(u"digest"_s, TrayView::tr("Last &Digest…"), {Verb::ShowDigest, {}, {}, 0},
                                                    TrayView::tr("What maintenance did while everybody slept."))),
        maintenanceEntry(picture),
    };
    if (whyNoAgent(picture).isEmpty() && picture.snapshot->quarantine)
        entries.push_back(actionEntry(u"quarantine"_s, TrayView::tr("Reset Quara&ntine"), {Verb::ResetQuarantine, {}, {}, 0},
                                      TrayView::tr("Ends the quarantine, and forgets the failures.")));
    return entries;
}

MenuEntries programEntries(const AgentPicture &picture, const TrayContext &context)
{
    MenuEntries entries{actionEntry(u"settings"_s, TrayView::tr("Se&ttings…"), {Verb::ShowSettings, {}, {}, 0})};
    entries.push_back(
        disabledIf(context.isConfigured ? QString() : TrayView::tr("There is no dormouse.toml yet. Set Up makes one."),
                   actionEntry(u"configuration"_s, TrayView::tr("Open &Configuration"), {Verb::OpenConfiguration, {}, {}, 0})));
    entries.push_back(actionEntry(u"logs"_s, TrayView::tr("Open &Logs"), {Verb::OpenLogs, {}, {}, 0}));
    entries.push_back(loginEntry(context));
    if (!context.isConfigured)
        entries.push_back(actionEntry(u"welcome"_s, TrayView::tr("S&et Up…"), {Verb::ShowWelcome, {}, {}, 0}));
    entries.push_back(separatorEntry(u"separator.program"_s));
    entries.push_back(actionEntry(u"about"_s, TrayView::tr("&About Dormouse"), {Verb::ShowAbout, {}, {}, 0}));
    entries.push_back(actionEntry(u"quit"_s, TrayView::tr("&Quit Tray"), {Verb::Quit, {}, {}, 0},
                                  TrayView::tr("The agent goes on without it.")));
    entries.push_back(disabledIf(whyNoAgent(picture),
                                 actionEntry(u"quit.stop"_s, TrayView::tr("Quit and St&op Agent"), {Verb::QuitAndStop, {}, {}, 0},
                                             TrayView::tr("Stops the agent and its services, too."))));
    return entries;
}

} // namespace dormouse
