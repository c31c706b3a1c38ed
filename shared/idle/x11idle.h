// SPDX-License-Identifier: MIT
#pragma once

#include "shared/idle/idlebackend.h"
#include "shared/idle/x11connection.h"

#include <QSocketNotifier>

#include <memory>

namespace dormouse {

/// Asks an X server by its MIT-SCREEN-SAVER extension, over a connection of its own; whether the display sleeps, by DPMS. By libxcb, which, unlike Xlib, does not
/// end the process when the server dies. Main thread.
class X11Idle final : public IdleBackend
{
    Q_OBJECT

public:
    explicit X11Idle(DisplayFinder &displays, QObject *parent = nullptr);
    [[nodiscard]] QString name() const override;
    void ask() override;

private:
    void connectTo(const DisplayVariables &variables);
    void connected();
    void query();
    void readReplies();
    void readIdle();
    void readDisplay();
    void lose(QString why); ///< a copy: it may be the connection's own
    void finish();

    DisplayFinder &m_displays;
    DisplayVariables m_variables;
    std::unique_ptr<X11Connector> m_connector;
    X11Connection m_connection;
    std::unique_ptr<QSocketNotifier> m_notifier;
    bool m_isAsked = false;         ///< an answer is due
    unsigned int m_idleRequest = 0; ///< under way; 0: none
    unsigned int m_displayRequest = 0;
    IdleReading m_reading;
    QString m_told;
};

} // namespace dormouse
