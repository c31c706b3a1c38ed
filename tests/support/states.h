// SPDX-License-Identifier: MIT
#pragma once

#include "shared/lifecycle/lifecycle.h"

#include <QString>
#include <QtTest>

/// QCOMPARE of states that names them. `thing` has state().
#define COMPARE_STATE(thing, expected) QCOMPARE(QString(toString((thing).state())), QString(toString(expected)))
