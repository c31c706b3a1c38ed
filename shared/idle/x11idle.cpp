// SPDX-License-Identifier: MIT
#include "shared/idle/x11idle.h"

#include "shared/base/logging.h"
#include "shared/idle/platformidle.h"

#include <xcb/screensaver.h>
#include <xcb/xcbext.h>

#include <array>
#include <cstdlib>
#include <cstring>
#include <utility>

namespace dormouse {

using namespace Qt::Literals::StringLiterals;

namespace {

/// A reply or an error has come, or the connection is dead. `*reply` is the caller's, to be freed.
bool hasCome(xcb_connection_t *connection, unsigned int request, void **reply)
{
    xcb_generic_error_t *error = nullptr;
    const bool isThere = xcb_poll_for_reply(connection, request, reply, &error) != 0;
    std::free(error);
    return isThere;
}

/// DPMSInfo of the Display Power Management Signaling extension, protocol version 1.1. Debian's libxcb has no package of its own for it in every release, and it
/// is two words: so it is put together here. Without an xcb_extension_t, the number stands where a core request has its opcode.
unsigned int askDpms(xcb_connection_t *connection, quint8 extensionOpcode)
{
    constexpr quint8 kInfo = 7;
    struct Request {
        quint8 major = 0; // filled in by libxcb
        quint8 minor = kInfo;
        quint16 words = 1;
    } request;
    std::array<iovec, 3> parts{}; // libxcb uses the two before those that are handed over
    parts[2] = {&request, sizeof(request)};
    xcb_protocol_request_t description{};
    description.count = 1;
    description.opcode = extensionOpcode;
    return xcb_send_request(connection, XCB_REQUEST_CHECKED, parts.data() + 2, &description);
}

struct DpmsInfo {
    quint8 type;
    quint8 pad;
    quint16 sequence;
    quint32 length;
    quint16 powerLevel; ///< 0: on, 1 to 3: standby, suspend, off
    quint8 isEnabled;
};

} // namespace

std::unique_ptr<IdleBackend> makeX11Idle(DisplayFinder &displays)
{
    return std::make_unique<X11Idle>(displays);
}

X11Idle::X11Idle(DisplayFinder &displays, QObject *parent) : IdleBackend(parent), m_displays(displays) {}

QString X11Idle::name() const
{
    return u"x11"_s;
}

void X11Idle::ask()
{
    m_isAsked = true;
    m_reading = {};
    if (m_connection.xcb)
        query();
    else
        m_displays.find([this](const DisplayVariables &variables) { connectTo(variables); });
}

void X11Idle::connectTo(const DisplayVariables &variables)
{
    if (variables.x11.isEmpty() || !variables.wayland.isEmpty())
        return finish(); // beside a compositor the X server is Xwayland, which sees only a part of the input
    m_variables = variables;
    m_connector = std::make_unique<X11Connector>(variables);
    connect(m_connector.get(), &X11Connector::connected, this, &X11Idle::connected);
}

void X11Idle::connected()
{
    m_connection = m_connector->take();
    m_connector.release()->deleteLater(); // it is amid its own signal
    if (!m_connection.xcb)
        return lose(m_connection.problem);
    if (!std::exchange(m_told, {}).isEmpty())
        qCInfo(lcSense).noquote() << "the X server" << m_variables.x11 << "is there again";
    m_notifier = std::make_unique<QSocketNotifier>(xcb_get_file_descriptor(m_connection.xcb.get()), QSocketNotifier::Read);
    connect(m_notifier.get(), &QSocketNotifier::activated, this, &X11Idle::readReplies);
    query();
}

void X11Idle::query()
{
    xcb_connection_t *const connection = m_connection.xcb.get();
    m_idleRequest = xcb_screensaver_query_info(connection, m_connection.root).sequence;
    if (m_connection.dpmsOpcode != 0)
        m_displayRequest = askDpms(connection, m_connection.dpmsOpcode);
    xcb_flush(connection);
    readReplies(); // libxcb may have read them while it wrote
}

void X11Idle::readReplies()
{
    xcb_connection_t *const connection = m_connection.xcb.get();
    while (xcb_generic_event_t *event = xcb_poll_for_event(connection))
        std::free(event); // unasked for, such as a change of the keyboard
    readIdle();
    readDisplay();
    if (xcb_connection_has_error(connection) != 0)
        return lose(u"the connection broke"_s);
    if (m_idleRequest == 0 && m_displayRequest == 0)
        finish();
}

void X11Idle::readIdle()
{
    void *reply = nullptr;
    if (m_idleRequest == 0 || !hasCome(m_connection.xcb.get(), m_idleRequest, &reply))
        return;
    m_idleRequest = 0;
    if (reply != nullptr)
        m_reading.idle = Millis(static_cast<const xcb_screensaver_query_info_reply_t *>(reply)->ms_since_user_input);
    std::free(reply);
}

void X11Idle::readDisplay()
{
    void *reply = nullptr;
    if (m_displayRequest == 0 || !hasCome(m_connection.xcb.get(), m_displayRequest, &reply))
        return;
    m_displayRequest = 0;
    if (reply != nullptr) {
        DpmsInfo info{};
        std::memcpy(&info, reply, sizeof(info)); // a reply is 32 bytes at least
        m_reading.isDisplayAsleep = info.isEnabled != 0 && info.powerLevel != 0;
    }
    std::free(reply);
}

/// The agent goes on without; the next question connects anew.
void X11Idle::lose(QString why)
{
    if (m_notifier) {
        m_notifier->setEnabled(false);
        m_notifier.release()->deleteLater(); // it may be amid its own signal
    }
    m_idleRequest = m_displayRequest = 0;
    m_connection = {};
    m_displays.noteFailure(m_variables);
    if (std::exchange(m_told, why) != why)
        qCInfo(lcSense).noquote() << "the X server" << m_variables.x11 << "tells no idleness:" << why;
    m_reading = {};
    finish();
}

/// Answers the question, if one is open.
void X11Idle::finish()
{
    if (std::exchange(m_isAsked, false))
        Q_EMIT answered(m_reading);
}

} // namespace dormouse
