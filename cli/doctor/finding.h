// SPDX-License-Identifier: MIT
#pragma once

#include <QString>

#include <vector>

namespace dormouse::doctor {

/// Fail: something does not work, or is lost. Warn: it works, but not as it should, or not for long.
enum class Verdict { Pass, Warn, Fail };

/// "PASS", "WARN", "FAIL".
[[nodiscard]] QLatin1StringView toString(Verdict verdict);

/// One row of `dormouse doctor`.
struct Finding {
    QString name; ///< stable: scripts look for it
    Verdict verdict = Verdict::Pass;
    QString text;   ///< what was found, for a person
    QString remedy; ///< what to do; empty with Pass alone

    bool operator==(const Finding &) const = default;
};

[[nodiscard]] Finding pass(const QString &name, const QString &text);
[[nodiscard]] Finding warn(const QString &name, const QString &text, const QString &remedy);
[[nodiscard]] Finding fail(const QString &name, const QString &text, const QString &remedy);

/// A path as a shell wants it pasted: quoted where it must be.
[[nodiscard]] QString shellWord(const QString &path);

} // namespace dormouse::doctor
