// SPDX-License-Identifier: MIT
#include <ext-idle-notify-v1-server-protocol.h>

#include <ext-idle-notify-v1-protocol.c>
