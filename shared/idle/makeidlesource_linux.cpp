// SPDX-License-Identifier: MIT
#include "shared/idle/makeidlesource.h"

#include "shared/idle/dbus/busaddress.h"
#include "shared/idle/dbus/buslink.h"
#include "shared/idle/displayvariables.h"
#include "shared/idle/idlechooser.h"
#include "shared/idle/logindidle.h"
#include "shared/idle/mutteridle.h"
#include "shared/idle/platformidle.h"
#include "shared/idle/screensaveridle.h"

namespace dormouse {

using namespace Qt::Literals::StringLiterals;

/// The best first: what sees each input, then what a desktop says, then what it left as a hint.
std::unique_ptr<IdleSource> makeIdleSource(const Clock &clock, std::unique_ptr<IdleBackend> lastResort)
{
    auto session = std::make_unique<dbus::BusLink>(u"session"_s, dbus::sessionBusAddress(), clock);
    auto system = std::make_unique<dbus::BusLink>(u"system"_s, dbus::systemBusAddress(), clock);
    auto displays = std::make_unique<DisplayFinder>(*session);
    IdleChooser::Backends backends;
    backends.push_back(makeWaylandIdle(*displays, clock));
    backends.push_back(std::make_unique<MutterIdle>(*session));
    backends.push_back(makeX11Idle(*displays));
    backends.push_back(std::make_unique<ScreenSaverIdle>(*session));
    backends.push_back(std::make_unique<LogindIdle>(*system, clock));
    backends.push_back(std::move(lastResort));
    std::erase(backends, nullptr);
    auto chooser = std::make_unique<IdleChooser>(clock, std::move(backends));
    // Children go after the members: the back-ends never see these gone.
    session.release()->setParent(chooser.get());
    system.release()->setParent(chooser.get());
    displays.release()->setParent(chooser.get());
    return chooser;
}

} // namespace dormouse
