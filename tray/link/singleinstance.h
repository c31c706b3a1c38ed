// SPDX-License-Identifier: MIT
#pragma once

#include "shared/base/result.h"
#include "shared/storage/rootpaths.h"

#include <QObject>

#include <memory>

namespace dormouse {

/// One tray a user and root. The first one listens; a later one hands over what it was asked to show and leaves. Main thread.
class SingleInstance : public QObject
{
    Q_OBJECT

public:
    explicit SingleInstance(RootPaths paths, QObject *parent = nullptr);
    ~SingleInstance() override;

    /// True: we are the first, as well when called again. False: another one lives, and has been asked (bounded, blocking up to 2 s: start-up only) to show `page` ("history", "settings",
    /// "menu"). Error: neither could be found out.
    [[nodiscard]] Result<bool> claim(const QString &page);
    /// Lets another take our place, before a restart of ourselves.
    void release();

Q_SIGNALS:
    /// A later start wants this page shown.
    void pageAsked(const QString &page);

private:
    class Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace dormouse
