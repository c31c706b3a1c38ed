// SPDX-License-Identifier: MIT
// Stand-in: only what our sources use.
#pragma once
#include <CoreFoundation/CoreFoundation.h>

#include <stdint.h>

typedef uint32_t CGDirectDisplayID;
typedef double CFTimeInterval;
typedef int32_t CGEventSourceStateID;
typedef uint32_t CGEventType;
enum : int32_t { kCGEventSourceStateHIDSystemState = 1 };
#define kCGAnyInputEventType ((CGEventType)(~0))

extern "C" {
CFDictionaryRef CGSessionCopyCurrentDictionary(void);
CFTimeInterval CGEventSourceSecondsSinceLastEventType(CGEventSourceStateID state, CGEventType type);
CGDirectDisplayID CGMainDisplayID(void);
uint32_t CGDisplayIsAsleep(CGDirectDisplayID display);
}
