// SPDX-License-Identifier: MIT
#pragma once

#include "shared/storage/rootpaths.h"

#include <QStringList>

namespace dormouse {

/// What the user has been told, kept between starts of the tray, a list a root. It is no state of the agent's and costs nothing when it is lost, so it lies with the user's
/// application settings and not under the root. Main thread.
class ToldNotices
{
public:
    explicit ToldNotices(const RootPaths &paths);
    [[nodiscard]] QStringList load() const;
    void save(const QStringList &ids) const;

private:
    QString m_key;
};

} // namespace dormouse
