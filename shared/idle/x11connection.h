// SPDX-License-Identifier: MIT
#pragma once

#include "shared/idle/displayvariables.h"

#include <xcb/xcb.h>

#include <functional>
#include <memory>

namespace dormouse {

struct XcbDisconnect {
    void operator()(xcb_connection_t *connection) const { xcb_disconnect(connection); }
};

/// A connection to an X server that tells idleness.
struct X11Connection {
    std::unique_ptr<xcb_connection_t, XcbDisconnect> xcb = {}; ///< null: there is none
    QString problem = {};                                      ///< why
    xcb_window_t root = 0;
    quint8 dpmsOpcode = 0; ///< the extension's number; 0: the server has none
};

/// Connects on a thread of its own, which ends with it: libxcb's connect waits for the server as long as that takes. Destroyed meanwhile, it leaves the thread
/// alone, which then cleans up after itself. Main thread.
class X11Connector : public QObject
{
    Q_OBJECT

public:
    explicit X11Connector(const DisplayVariables &variables, QObject *parent = nullptr);
    ~X11Connector() override;
    /// Once, after connected().
    [[nodiscard]] X11Connection take();

Q_SIGNALS:
    void connected();

private:
    struct Handover;
    std::shared_ptr<Handover> m_handover;
};

} // namespace dormouse
