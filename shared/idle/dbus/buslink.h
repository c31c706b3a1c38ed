// SPDX-License-Identifier: MIT
#pragma once

#include "shared/base/clock.h"
#include "shared/base/streamsocket.h"
#include "shared/idle/dbus/message.h"

#include <QObject>
#include <QTimer>

#include <functional>
#include <map>
#include <vector>

namespace dormouse::dbus {

/// What became of a call.
struct Answer {
    bool ok = false;
    QString error; ///< the D-Bus name of the error, or what kept the call from being answered
    QVariantList values;

    /// The first value as that type; nothing when there is none, or of another.
    template<typename T>
    [[nodiscard]] std::optional<T> first() const
    {
        const bool fits = ok && !values.isEmpty() && values.first().metaType() == QMetaType::fromType<T>();
        return fits ? std::optional(values.first().value<T>()) : std::nullopt;
    }
};

/// A client's connection to one message bus, as small as our needs. Everything is asynchronous and bounded in time, on the main thread: QtDBus is not used, since
/// a bus that accepts and never answers blocks the one thread that serves all of its connections, and keeps the process from exiting. Connects at the first call,
/// and again at a later one when the connection was lost.
class BusLink : public QObject
{
    Q_OBJECT

public:
    using Done = std::function<void(const Answer &)>;
    static constexpr Millis kCallLimit{1500}; ///< for a call, and for connecting
    static constexpr Millis kBackOffMin = std::chrono::seconds(30);
    static constexpr Millis kBackOffMax = std::chrono::minutes(10);

    /// `name` is for the log, `addresses` as in DBUS_SESSION_BUS_ADDRESS.
    BusLink(QString name, QString addresses, const Clock &clock, QObject *parent = nullptr);
    ~BusLink() override;

    /// `done` gets the answer exactly once, at once where there is no bus, unless the link is destroyed before.
    void call(const MethodCall &call, Done done);
    /// Reads one property.
    void get(const QString &service, const QString &path, const QString &interface, const QString &property, Done done);
    /// From now on, also over later connections, `heard` gets the arguments of that signal when `service` sends it.
    void listen(const QString &service, const QString &interface, const QString &member,
                std::function<void(const QVariantList &)> heard);
    /// Connects unless connected, or tried too short a time ago. True when connected or on the way.
    bool open();

private:
    enum class Phase : quint8 { Down, Authenticating, Up };
    struct Pending {
        Done done;
        AwakeTime deadline;
    };
    struct Subscription {
        QString service;
        QString interface;
        QString member;
        std::function<void(const QVariantList &)> heard;
    };

    void send(const MethodCall &call, Done done);
    void sendMatch(const Subscription &subscription);
    void write(const QByteArray &bytes);
    void sendNow(const QByteArray &bytes);
    void readMore();
    void authenticate();
    void takeMessages();
    void take(const Message &message);
    void expire();
    void armTimer();
    void drop(const QString &why, bool isBackingOff);
    void tell(const QString &why, bool isWarning);

    QString m_name;
    QString m_addresses;
    const Clock &m_clock;
    StreamSocket m_socket;
    QTimer m_timer;
    QByteArray m_input;
    QByteArray m_output; ///< what waits for the authentication
    std::map<quint32, Pending> m_pending;
    std::vector<Subscription> m_subscriptions;
    Phase m_phase = Phase::Down;
    quint32 m_lastSerial = 0;
    std::optional<AwakeTime> m_notBefore;
    Millis m_backOff = kBackOffMin;
    QString m_told;
};

} // namespace dormouse::dbus
