// SPDX-License-Identifier: MIT
#pragma once

#include "shared/base/clock.h"
#include "shared/base/result.h"
#include "shared/records/agentmemory.h"

#include <QString>

#include <optional>

namespace dormouse {

/// wake.signal, by which any client wakes the agent (files specification). Main thread.
class SignalFile
{
public:
    SignalFile(QString path, const Clock &clock);

    /// Its identity, nothing when there is none. Changes nothing.
    [[nodiscard]] std::optional<CountedSignal> look() const;
    /// Its identity, for whoever lets it count now: a folder of that name is renamed aside.
    [[nodiscard]] std::optional<CountedSignal> take() const;
    /// Removes the file that `signal` names; one written meanwhile stays. Gone already is fine.
    [[nodiscard]] Result<void> remove(const CountedSignal &signal) const;

private:
    QString m_path;
    const Clock &m_clock;
};

} // namespace dormouse
