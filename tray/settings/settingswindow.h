// SPDX-License-Identifier: MIT
#pragma once

#include "shared/base/result.h"
#include "shared/storage/rootpaths.h"
#include "tray/startatlogin.h"

#include <QWidget>

#include <functional>
#include <memory>

namespace dormouse {

/// Edits the timers, the presence policy, require_user_idle and start-at-login. Writes dormouse.toml so that everything else in it stays byte for byte; shows the agent's own messages beside
/// the fields. GUI thread.
class SettingsWindow : public QWidget
{
    Q_OBJECT

public:
    SettingsWindow(RootPaths paths, StartAtLogin &startAtLogin, QWidget *parent = nullptr);
    ~SettingsWindow() override;

    /// What `reload` said after saved(): an empty text, or why the agent keeps the old configuration.
    void showReloadAnswer(const QString &error);

Q_SIGNALS:
    /// dormouse.toml was written: the agent should read it.
    void saved();

protected:
    bool event(QEvent *event) override;
    void closeEvent(QCloseEvent *event) override;

private:
    class Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace dormouse
