// SPDX-License-Identifier: MIT
// Stand-in: only what our sources use.
#pragma once
#include <CoreFoundation/CoreFoundation.h>

extern "C" {
CFTypeRef IOPSCopyPowerSourcesInfo(void);
CFArrayRef IOPSCopyPowerSourcesList(CFTypeRef info);
CFDictionaryRef IOPSGetPowerSourceDescription(CFTypeRef info, CFTypeRef source);
CFStringRef IOPSGetProvidingPowerSourceType(CFTypeRef info);
}
