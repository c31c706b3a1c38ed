// SPDX-License-Identifier: MIT
#pragma once

#include "shared/storage/descriptor.h"

#include <QtGlobal>

namespace dormouse {

/// A descriptor that becomes readable when the process ends, whoever its parent is: a pidfd (Linux 5.3), a kqueue. Not open where there is no such process,
/// or the system cannot tell.
[[nodiscard]] Descriptor exitDescriptor(qint64 pid);

} // namespace dormouse
