// SPDX-License-Identifier: MIT
#pragma once

#include "shared/base/result.h"
#include "shared/storage/rootpaths.h"

#include <QByteArray>

namespace dormouse {

/// Replaces dormouse.toml, durably and at once: a link is followed, as for reading, and the file keeps its rights; a new one is for its owner alone. A root that is not there yet
/// is made. Errors: those of writeAtomically() and prepareRoot(); NotDurable: it is in place. Thread: any.
[[nodiscard]] Result<void> writeConfiguration(const RootPaths &paths, const QByteArray &text);

} // namespace dormouse
