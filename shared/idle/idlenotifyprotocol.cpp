// SPDX-License-Identifier: MIT
// What wayland-scanner makes of ext-idle-notify-v1, compiled as C++: the header's declarations give its tables their linkage.
#include <ext-idle-notify-v1-client-protocol.h>

#include <ext-idle-notify-v1-protocol.c>
