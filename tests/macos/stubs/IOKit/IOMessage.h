// SPDX-License-Identifier: MIT
// Stand-in: only what our sources use.
#pragma once
#include <stdint.h>

#define kIOMessageCanSystemSleep ((uint32_t)0xe0000270)
#define kIOMessageSystemWillSleep ((uint32_t)0xe0000280)
#define kIOMessageSystemHasPoweredOn ((uint32_t)0xe0000300)
