// SPDX-License-Identifier: MIT
#include "shared/idle/systempower.h"

#include "shared/base/logging.h"

#include <IOKit/IOKitLib.h>
#include <IOKit/IOMessage.h>
#include <IOKit/pwr_mgt/IOPMLib.h>
#include <dispatch/dispatch.h>

namespace dormouse {

class SystemPower::Registration
{
public:
    explicit Registration(SystemPower &owner)
        : m_owner(owner), m_queue(dispatch_queue_create("io.dormouse.agent.power", DISPATCH_QUEUE_SERIAL))
    {
        m_root = IORegisterForSystemPower(this, &m_port, notified, &m_notifier);
        if (m_root != MACH_PORT_NULL)
            IONotificationPortSetDispatchQueue(m_port, m_queue); // from here on notified() may run
    }

    ~Registration()
    {
        if (m_root != MACH_PORT_NULL) {
            IONotificationPortSetDispatchQueue(m_port, nullptr);
            dispatch_sync_f(m_queue, nullptr, [](void *) {}); // one that runs now ends first; it takes no lock and does not wait
            IODeregisterForSystemPower(&m_notifier);
            IOServiceClose(m_root);
            IONotificationPortDestroy(m_port);
        }
        dispatch_release(m_queue);
    }
    Q_DISABLE_COPY_MOVE(Registration)

    [[nodiscard]] bool isOk() const { return m_root != MACH_PORT_NULL; }

private:
    /// On the queue's thread. Who registers has to allow each sleep, or the system waits for half a minute.
    static void notified(void *context, io_service_t, natural_t message, void *argument)
    {
        auto *self = static_cast<Registration *>(context);
        if (message == kIOMessageCanSystemSleep || message == kIOMessageSystemWillSleep)
            IOAllowPowerChange(self->m_root, reinterpret_cast<intptr_t>(argument));
        else if (message == kIOMessageSystemHasPoweredOn)
            QMetaObject::invokeMethod(&self->m_owner, &SystemPower::resumed, Qt::QueuedConnection);
    }

    SystemPower &m_owner;
    dispatch_queue_t m_queue;
    IONotificationPortRef m_port = nullptr;
    io_object_t m_notifier = 0;
    io_connect_t m_root = MACH_PORT_NULL;
};

SystemPower::SystemPower(QObject *parent) : QObject(parent) {}

SystemPower::~SystemPower() = default;

void SystemPower::start()
{
    if (m_registration)
        return;
    m_registration = std::make_unique<Registration>(*this);
    if (!m_registration->isOk())
        qCWarning(lcSense) << "the system does not tell of its suspends: IORegisterForSystemPower failed";
}

} // namespace dormouse
