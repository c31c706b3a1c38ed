// SPDX-License-Identifier: MIT
// Stand-in: only what our sources use.
#pragma once
#define SZOMB 5
