// SPDX-License-Identifier: MIT
// Stand-in: only what our sources use.
#pragma once
#include <IOKit/IOKitLib.h>

extern "C" {
io_connect_t IORegisterForSystemPower(void *context, IONotificationPortRef *port, IOServiceInterestCallback callback, io_object_t *notifier);
IOReturn IODeregisterForSystemPower(io_object_t *notifier);
IOReturn IOAllowPowerChange(io_connect_t port, intptr_t notification);
}
