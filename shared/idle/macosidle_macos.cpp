// SPDX-License-Identifier: MIT
#include "shared/idle/macosidle.h"

#include <CoreGraphics/CoreGraphics.h>
#include <sys/sysctl.h>
#include <sys/time.h>

namespace dormouse {

using namespace Qt::Literals::StringLiterals;

namespace {

/// An agent that runs outside of a graphical session sees no input of anybody.
bool hasGraphicalSession()
{
    const CFDictionaryRef session = CGSessionCopyCurrentDictionary();
    if (session == nullptr)
        return false;
    CFRelease(session);
    return true;
}

/// kern.sleeptime or kern.waketime, wall time; nothing when it has not happened since the boot.
std::optional<WallTime> timeOf(const char *name)
{
    timeval time{};
    std::size_t size = sizeof(time);
    if (::sysctlbyname(name, &time, &size, nullptr, 0) != 0 || size != sizeof(time) || time.tv_sec <= 0)
        return std::nullopt;
    return WallTime(std::chrono::seconds(time.tv_sec) + std::chrono::microseconds(time.tv_usec));
}

/// Both stamps are of the wall clock, so a set clock shifts this; the signal of IOKit, where this program heard it, is exact.
std::optional<Millis> sinceResume(WallTime now)
{
    const auto slept = timeOf("kern.sleeptime");
    const auto woke = timeOf("kern.waketime");
    if (!slept || !woke || *woke < *slept || *woke > now)
        return std::nullopt;
    return std::chrono::duration_cast<Millis>(now - *woke);
}

} // namespace

MacIdle::MacIdle(const Clock &clock, QObject *parent) : IdleBackend(parent), m_clock(clock)
{
    connect(&m_power, &SystemPower::resumed, this, &MacIdle::resumed);
}

QString MacIdle::name() const
{
    return u"macos"_s;
}

void MacIdle::start()
{
    m_power.start();
}

void MacIdle::ask()
{
    IdleReading reading;
    reading.sinceResume = sinceResume(m_clock.now().wall);
    if (hasGraphicalSession()) {
        const double seconds = CGEventSourceSecondsSinceLastEventType(kCGEventSourceStateHIDSystemState, kCGAnyInputEventType);
        constexpr double kSecondsMax = 100 * 366 * 86400.0; // nonsense beyond; also keeps the conversion defined
        if (seconds >= 0 && seconds < kSecondsMax)
            reading.idle = Millis(qint64(seconds * 1000));
        reading.isDisplayAsleep = CGDisplayIsAsleep(CGMainDisplayID()) != 0;
    }
    Q_EMIT answered(reading);
}

} // namespace dormouse
