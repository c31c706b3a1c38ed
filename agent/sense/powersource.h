// SPDX-License-Identifier: MIT
#pragma once

#include <QString>

#include <memory>
#include <optional>

namespace dormouse {

/// Whether the machine runs on its battery. Cheap: asked at ticks. Main thread.
class PowerSource
{
public:
    virtual ~PowerSource() = default;
    /// Nothing where the system does not tell, or has no battery: `sleep.require_ac` is waived then.
    [[nodiscard]] virtual std::optional<bool> isOnBattery() const = 0;
};

/// Reads the kernel's power_supply class (Linux ABI documentation, sysfs-class-power).
class SysfsPowerSource final : public PowerSource
{
public:
    explicit SysfsPowerSource(QString folder = QStringLiteral("/sys/class/power_supply"));
    [[nodiscard]] std::optional<bool> isOnBattery() const override;

private:
    QString m_folder;
};

/// The running system's.
[[nodiscard]] std::unique_ptr<PowerSource> systemPowerSource();

} // namespace dormouse
