// SPDX-License-Identifier: MIT
// Stand-in: only what our sources use.
#pragma once

#define kIOPSTypeKey "Type"
#define kIOPSInternalBatteryType "InternalBattery"
#define kIOPSBatteryPowerValue "Battery Power"
