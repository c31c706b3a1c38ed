// SPDX-License-Identifier: MIT
#include "shared/idle/x11connection.h"

#include "shared/idle/xauthority.h"

#include <QFile>
#include <QSocketNotifier>
#include <QSysInfo>

#include <sys/eventfd.h>
#include <unistd.h>
#include <xcb/screensaver.h>

#include <cstdlib>
#include <mutex>
#include <system_error>
#include <thread>

namespace dormouse {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr qint64 kAuthorityBytesMax = 256 * 1024;

struct FreeReply {
    void operator()(void *reply) const { std::free(reply); }
};
template<typename T>
using Reply = std::unique_ptr<T, FreeReply>;

std::optional<XCookie> cookieFor(const DisplayVariables &variables)
{
    const auto number = localDisplayNumber(variables.x11);
    QFile file(variables.authorityFile.isEmpty() ? QString(variables.home + "/.Xauthority"_L1) : variables.authorityFile);
    if (!number || !file.open(QIODevice::ReadOnly))
        return std::nullopt;
    return findXCookie(file.read(kAuthorityBytesMax), *number, QSysInfo::machineHostName().toLocal8Bit());
}

/// The extension's number; 0 when the server has none of that name.
quint8 opcodeOf(xcb_connection_t *connection, QByteArrayView name)
{
    const auto cookie = xcb_query_extension(connection, quint16(name.size()), name.data());
    const Reply<xcb_query_extension_reply_t> reply(xcb_query_extension_reply(connection, cookie, nullptr));
    return reply && reply->present != 0 ? reply->major_opcode : quint8(0);
}

/// Blocks as long as the server does.
X11Connection connectTo(const DisplayVariables &variables)
{
    X11Connection result;
    int screen = 0;
    std::optional<XCookie> cookie = cookieFor(variables);
    xcb_auth_info_t authority{};
    if (cookie)
        authority = {int(cookie->name.size()), cookie->name.data(), int(cookie->data.size()), cookie->data.data()};
    const QByteArray display = variables.x11.toLocal8Bit();
    // Given nothing, libxcb asks libXau, whose static buffer is for one thread alone, and here may be two. For a local display there is nothing to find.
    const bool isSearched = localDisplayNumber(variables.x11).has_value();
    result.xcb.reset(xcb_connect_to_display_with_auth_info(display.constData(), isSearched ? &authority : nullptr, &screen));
    xcb_connection_t *const connection = result.xcb.get();
    if (const int error = xcb_connection_has_error(connection); error != 0) {
        result.problem =
            error == XCB_CONN_CLOSED_PARSE_ERR ? u"libxcb does not understand the name"_s : u"it does not let us connect"_s;
    } else if (xcb_get_extension_data(connection, &xcb_screensaver_id)->present == 0) {
        result.problem = u"it does not tell idleness (no MIT-SCREEN-SAVER)"_s;
    } else if (opcodeOf(connection, "XWAYLAND") != 0) {
        result.problem = u"it is Xwayland, which sees only a part of the input"_s;
    } else {
        auto roots = xcb_setup_roots_iterator(xcb_get_setup(connection));
        for (; screen > 0 && roots.rem > 1; --screen)
            xcb_screen_next(&roots);
        result.root = roots.data->root;
        result.dpmsOpcode = opcodeOf(connection, "DPMS");
        if (xcb_connection_has_error(connection) != 0)
            result.problem = u"the connection broke"_s;
    }
    if (!result.problem.isEmpty())
        result.xcb.reset();
    return result;
}

} // namespace

/// Shared with the thread; whoever lets go last cleans up.
struct X11Connector::Handover {
    Handover() : event(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}
    ~Handover()
    {
        if (event >= 0)
            ::close(event);
    }
    Q_DISABLE_COPY_MOVE(Handover)

    void put(X11Connection connection)
    {
        {
            const std::lock_guard lock(mutex);
            result = std::move(connection);
        }
        const quint64 one = 1;
        static_cast<void>(!::write(event, &one, sizeof(one)));
    }

    const int event;
    std::mutex mutex;
    X11Connection result;
};

X11Connector::X11Connector(const DisplayVariables &variables, QObject *parent)
    : QObject(parent), m_handover(std::make_shared<Handover>())
{
    auto *notifier = new QSocketNotifier(m_handover->event, QSocketNotifier::Read, this);
    connect(notifier, &QSocketNotifier::activated, this, [this, notifier] {
        notifier->setEnabled(false);
        Q_EMIT connected();
    });
    try {
        std::thread([handover = m_handover, variables] { handover->put(connectTo(variables)); }).detach();
    } catch (const std::system_error &error) {
        m_handover->put({.xcb = nullptr, .problem = QString::fromLocal8Bit(error.what())});
    }
}

X11Connector::~X11Connector() = default;

X11Connection X11Connector::take()
{
    const std::lock_guard lock(m_handover->mutex);
    return std::move(m_handover->result);
}

} // namespace dormouse
