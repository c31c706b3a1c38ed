// SPDX-License-Identifier: MIT
// Stand-ins for Apple's headers: only what our sources use, to check their syntax where there is no SDK.
#pragma once
#define TARGET_OS_MAC 1
#define TARGET_OS_OSX 1
#define TARGET_OS_IPHONE 0
#define TARGET_OS_IOS 0
#define TARGET_OS_WATCH 0
#define TARGET_OS_TV 0
