// SPDX-License-Identifier: MIT
#include "agent/sense/powersource.h"

#include <CoreFoundation/CoreFoundation.h>
#include <IOKit/ps/IOPSKeys.h>
#include <IOKit/ps/IOPowerSources.h>

#include <type_traits>

namespace dormouse {
namespace {

struct Release {
    void operator()(CFTypeRef object) const { CFRelease(object); }
};
template<typename Ref>
using Owned = std::unique_ptr<std::remove_pointer_t<Ref>, Release>;

bool isBattery(CFDictionaryRef source)
{
    const CFTypeRef type = source != nullptr ? CFDictionaryGetValue(source, CFSTR(kIOPSTypeKey)) : nullptr;
    return type != nullptr && CFEqual(type, CFSTR(kIOPSInternalBatteryType));
}

/// Asks the system's power daemon, which answers from memory: no notification is needed at one question a tick.
class IokitPowerSource final : public PowerSource
{
public:
    [[nodiscard]] std::optional<bool> isOnBattery() const override
    {
        const Owned<CFTypeRef> info(IOPSCopyPowerSourcesInfo());
        const Owned<CFArrayRef> sources(info ? IOPSCopyPowerSourcesList(info.get()) : nullptr);
        bool hasBattery = false;
        for (CFIndex i = 0; sources && i < CFArrayGetCount(sources.get()); ++i)
            hasBattery =
                hasBattery || isBattery(IOPSGetPowerSourceDescription(info.get(), CFArrayGetValueAtIndex(sources.get(), i)));
        const CFStringRef providing = hasBattery ? IOPSGetProvidingPowerSourceType(info.get()) : nullptr; // not ours to release
        if (providing == nullptr)
            return std::nullopt;
        return CFEqual(providing, CFSTR(kIOPSBatteryPowerValue)) != 0;
    }
};

} // namespace

std::unique_ptr<PowerSource> systemPowerSource()
{
    return std::make_unique<IokitPowerSource>();
}

} // namespace dormouse
