// SPDX-License-Identifier: MIT
#include "shared/idle/dbus/buslink.h"

#include "shared/base/logging.h"
#include "shared/idle/dbus/busaddress.h"

#include <QFile>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <utility>

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace dormouse::dbus {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr qsizetype kAuthenticationMax = 4096;
constexpr qint64 kUnsentMax = 64 * 1024; // a bus that stopped reading
const QString &busName()
{
    static const QString name(u"org.freedesktop.DBus"_s);
    return name;
}

MethodCall busCall(const QString &member, const QStringList &arguments = {})
{
    return {busName(), u"/org/freedesktop/DBus"_s, busName(), member, arguments};
}

/// A socket that is connected to the bus; -1 and errno when there is none. A local socket answers at once.
int connected(const BusSocket &bus)
{
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const QByteArray name = bus.isAbstract ? '\0' + bus.name.toUtf8() : QFile::encodeName(bus.name);
    if (name.size() >= qsizetype{sizeof(address.sun_path)}) {
        errno = ENAMETOOLONG;
        return -1;
    }
    std::memcpy(address.sun_path, name.constData(), static_cast<std::size_t>(name.size()));
    const std::size_t size = offsetof(sockaddr_un, sun_path) + static_cast<std::size_t>(name.size()) + (bus.isAbstract ? 0 : 1);
    const int descriptor = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (descriptor >= 0 && ::connect(descriptor, reinterpret_cast<const sockaddr *>(&address), static_cast<socklen_t>(size)) == 0)
        return descriptor;
    const int failure = errno;
    if (descriptor >= 0)
        ::close(descriptor);
    errno = failure;
    return -1;
}

} // namespace

BusLink::BusLink(QString name, QString addresses, const Clock &clock, QObject *parent)
    : QObject(parent), m_name(std::move(name)), m_addresses(std::move(addresses)), m_clock(clock)
{
    connect(&m_socket, &StreamSocket::readyRead, this, &BusLink::readMore);
    connect(&m_socket, &StreamSocket::disconnected, this, [this] { drop(u"it has closed the connection"_s, false); });
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, &BusLink::expire);
}

BusLink::~BusLink()
{
    m_socket.disconnect(this);
}

bool BusLink::open()
{
    if (m_phase != Phase::Down)
        return true;
    const AwakeTime now = m_clock.now().awake;
    const std::optional<BusSocket> socket = parseBusAddress(m_addresses);
    if (!socket || (m_notBefore && now < *m_notBefore))
        return false;
    m_phase = Phase::Authenticating;
    send(busCall(u"Hello"_s), [this](const Answer &answer) {
        if (answer.ok) {
            m_backOff = kBackOffMin;
            m_notBefore.reset();
            if (!std::exchange(m_told, {}).isEmpty())
                qCInfo(lcSense).noquote() << "the" << m_name << "bus is there again";
        } else if (m_phase != Phase::Down) {
            drop(answer.error, true);
        }
    });
    for (const Subscription &subscription : m_subscriptions)
        sendMatch(subscription);
    const int descriptor = connected(*socket);
    if (descriptor < 0) {
        drop(errno == ENOENT ? u"nobody is there"_s : qt_error_string(errno), false);
        return false;
    }
    m_socket.open(descriptor);
    const QByteArray uid = QByteArray::number(::geteuid()).toHex();
    sendNow(QByteArray(1, '\0') + "AUTH EXTERNAL " + uid + "\r\n");
    return m_phase != Phase::Down;
}

void BusLink::call(const MethodCall &call, Done done)
{
    if (open())
        send(call, std::move(done));
    else
        done({false, u"no connection"_s, {}});
}

void BusLink::get(const QString &service, const QString &path, const QString &interface, const QString &property, Done done)
{
    call({service, path, u"org.freedesktop.DBus.Properties"_s, u"Get"_s, {interface, property}}, std::move(done));
}

void BusLink::listen(const QString &service, const QString &interface, const QString &member,
                     std::function<void(const QVariantList &)> heard)
{
    m_subscriptions.push_back({service, interface, member, std::move(heard)});
    if (m_phase != Phase::Down)
        sendMatch(m_subscriptions.back());
}

void BusLink::sendMatch(const Subscription &subscription)
{
    const QString rule = u"type='signal',sender='%1',interface='%2',member='%3'"_s.arg(
        subscription.service, subscription.interface, subscription.member);
    send(busCall(u"AddMatch"_s, {rule}), [this, rule](const Answer &answer) {
        if (!answer.ok && m_phase == Phase::Up)
            tell(QString(u"it refuses "_s + rule + u": "_s + answer.error), true);
    });
}

void BusLink::send(const MethodCall &call, Done done)
{
    m_lastSerial = std::max(m_lastSerial + 1, 1U);
    m_pending.insert_or_assign(m_lastSerial, Pending{std::move(done), m_clock.now().awake + kCallLimit});
    write(encode(call, m_lastSerial));
    armTimer();
}

void BusLink::write(const QByteArray &bytes)
{
    if (m_phase == Phase::Up)
        sendNow(bytes);
    else
        m_output += bytes;
    if (m_socket.bytesToWrite() > kUnsentMax) // not at once: the caller's answer comes later
        QMetaObject::invokeMethod(
            this, [this] { drop(u"it does not read"_s, true); }, Qt::QueuedConnection);
}

void BusLink::sendNow(const QByteArray &bytes)
{
    m_socket.write(bytes);
    m_socket.flush();
}

void BusLink::readMore()
{
    m_input += m_socket.read(kMessageBytesMax);
    if (m_phase == Phase::Authenticating)
        authenticate();
    if (m_phase == Phase::Up)
        takeMessages();
    if (m_phase != Phase::Down && m_socket.bytesAvailable() > 0)
        QMetaObject::invokeMethod(this, &BusLink::readMore, Qt::QueuedConnection);
}

/// D-Bus specification, "Authentication Protocol": the socket's credentials say who we are.
void BusLink::authenticate()
{
    const qsizetype end = m_input.indexOf("\r\n");
    if (end < 0 && m_input.size() <= kAuthenticationMax)
        return;
    const QByteArray line = m_input.left(end);
    m_input.remove(0, end + 2);
    if (end < 0 || !line.startsWith("OK "))
        return drop(u"it does not accept this user"_s, true);
    m_phase = Phase::Up;
    sendNow("BEGIN\r\n" + std::exchange(m_output, {}));
}

void BusLink::takeMessages()
{
    while (m_phase == Phase::Up) {
        const Framing framing = frame(m_input);
        if (framing.kind == Framing::Kind::Incomplete)
            return;
        const auto message = framing.kind == Framing::Kind::Complete ? decode(m_input.left(framing.size)) : std::nullopt;
        if (!message)
            return drop(u"it sends what is no message"_s, true);
        m_input.remove(0, framing.size);
        take(*message);
    }
}

void BusLink::take(const Message &message)
{
    if (message.type == Message::Type::Signal) {
        for (const Subscription &subscription : m_subscriptions) {
            if (message.interface == subscription.interface && message.member == subscription.member)
                subscription.heard(message.arguments().value_or(QVariantList()));
        }
        return;
    }
    const auto found = m_pending.find(message.replySerial);
    if (message.type == Message::Type::Call || found == m_pending.end())
        return;
    const Done done = std::move(found->second.done);
    m_pending.erase(found);
    armTimer();
    const auto values = message.arguments();
    if (message.type == Message::Type::Error)
        done({false, message.errorName, {}});
    else
        done({values.has_value(), values ? QString() : u"a malformed answer"_s, values.value_or(QVariantList())});
}

/// All calls have the same time: the first one sent is the first to expire.
void BusLink::armTimer()
{
    if (m_pending.empty())
        m_timer.stop();
    else
        m_timer.start(std::max(m_pending.begin()->second.deadline - m_clock.now().awake, Millis(1)));
}

void BusLink::expire()
{
    const AwakeTime now = m_clock.now().awake;
    std::vector<Done> expired;
    while (!m_pending.empty() && m_pending.begin()->second.deadline <= now)
        expired.push_back(std::move(m_pending.extract(m_pending.begin()).mapped().done));
    if (m_phase == Phase::Authenticating && !expired.empty())
        drop(u"it accepts, but does not answer"_s, true);
    armTimer();
    for (const Done &done : expired)
        done({false, u"no answer in time"_s, {}});
}

void BusLink::drop(const QString &why, bool isBackingOff)
{
    if (m_phase == Phase::Down)
        return;
    m_phase = Phase::Down;
    if (isBackingOff) {
        m_notBefore = m_clock.now().awake + m_backOff;
        m_backOff = std::min(2 * m_backOff, kBackOffMax);
    }
    m_socket.close();
    m_input.clear();
    m_output.clear();
    m_timer.stop();
    tell(why, isBackingOff);
    for (const auto &[serial, pending] : std::exchange(m_pending, {}))
        pending.done({false, why, {}});
}

/// Once, not at each attempt. No bus at all is how a machine without a desktop is, and no complaint.
void BusLink::tell(const QString &why, bool isWarning)
{
    if (std::exchange(m_told, why) == why)
        return;
    if (isWarning)
        qCWarning(lcSense).noquote() << "the" << m_name << "bus at" << m_addresses << "cannot be used:" << why;
    else
        qCInfo(lcSense).noquote() << "no" << m_name << "bus at" << m_addresses + ':'_L1 << why;
}

} // namespace dormouse::dbus
