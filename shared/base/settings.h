// SPDX-License-Identifier: MIT
#pragma once

#include "shared/base/defaults.h"
#include "shared/base/result.h"

#include <QMap>
#include <QStringList>

namespace dormouse {

enum class PresencePolicy { Attached, Active };
enum class HibernationMode { Auto, Exit, Linger };

/// Everything a user can configure, as typed values. The one place of keys and defaults.
struct Settings {
    Millis staleAfter = defaults::kStaleAfter;
    Millis drowsyAfter = defaults::kDrowsyAfter;
    Millis sleepAfter = defaults::kSleepAfter;
    Millis hibernateAfter = defaults::kHibernateAfter;
    Millis tick = defaults::kTick;

    PresencePolicy presence = PresencePolicy::Attached;
    bool ignoreLeaked = true;
    HibernationMode hibernation = HibernationMode::Auto;
    Millis leaseMax = defaults::kLeaseMax;

    bool requireUserIdle = false;
    bool requireAc = false;
    Millis quarantineTtl = defaults::kQuarantineTtl;
    int strikes = defaults::kStrikes;

    int connectionsMax = defaults::kConnectionsMax;
    int requestsPerSecond = defaults::kRequestsPerSecond;

    QMap<QString, QString> environment; ///< [env]: for services, steps and hooks

    bool operator==(const Settings &) const = default;
};

/// Sets one key ("timers.tick") from its text ("30", "0.5", "90s", "5m", "2h", "true", "active").
/// Errors are ErrorCode::Configuration; an unknown key names the nearest known one.
[[nodiscard]] Result<void> applySetting(Settings &settings, const QString &key, const QString &text);

/// Applies the environment's overrides (LIFECYCLE_DROWSY_AFTER_SEC and the like) to `settings`.
[[nodiscard]] Result<void> applyEnvironment(Settings &settings, const QMap<QString, QString> &environment);

/// Checks what no single key can know: thresholds rise, the tick is at most a minute.
[[nodiscard]] Result<void> validate(const Settings &settings);

/// The known keys, in the order of the documentation.
[[nodiscard]] QStringList settingKeys();

} // namespace dormouse
