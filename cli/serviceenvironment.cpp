// SPDX-License-Identifier: MIT
#include "cli/serviceenvironment.h"

#include <QProcess>

namespace dormouse {

std::optional<QByteArray> outputOf(const QString &program, const QStringList &arguments)
{
    constexpr int kLimitMs = 5000;
    QProcess process;
    process.setStandardInputFile(QProcess::nullDevice());
    process.setStandardErrorFile(QProcess::nullDevice());
    process.start(program, arguments, QIODevice::ReadOnly);
    if (!process.waitForFinished(kLimitMs)) {
        process.kill();
        process.waitForFinished(kLimitMs);
        return std::nullopt;
    }
    const bool isGood = process.exitStatus() == QProcess::NormalExit && process.exitCode() == 0;
    return isGood ? std::optional(process.readAllStandardOutput()) : std::nullopt;
}

} // namespace dormouse
