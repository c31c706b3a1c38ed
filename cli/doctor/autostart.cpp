// SPDX-License-Identifier: MIT
#include "cli/doctor/autostart.h"

#include "shared/control/servedroot.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>
#include <QProcess>

namespace dormouse::doctor {

using namespace Qt::Literals::StringLiterals;

QString agentProgramBeside()
{
    const QFileInfo agent(QCoreApplication::applicationDirPath() + u"/dormouse-agent"_s);
    return agent.isFile() && agent.isExecutable() ? agent.absoluteFilePath() : QString();
}

std::optional<QString> printedBy(const QString &program, const QStringList &arguments)
{
    constexpr int kLimitMs = 3000;
    QProcess process;
    process.setStandardInputFile(QProcess::nullDevice());
    process.setStandardErrorFile(QProcess::nullDevice());
    process.start(program, arguments, QIODevice::ReadOnly);
    if (!process.waitForFinished(kLimitMs)) {
        process.kill();
        process.waitForFinished(kLimitMs);
        return std::nullopt;
    }
    if (process.exitStatus() != QProcess::NormalExit)
        return std::nullopt;
    return QString::fromLocal8Bit(process.readAllStandardOutput());
}

void judgeCommand(AutostartFacts &facts, const RootPaths &paths, const QString &socketPath)
{
    facts.expectedProgram = agentProgramBeside();
    if (facts.command.isEmpty())
        return;
    facts.servesThis = commandServes(facts.command, paths, socketPath, QDir::homePath());
    const QFileInfo program(facts.command.constFirst());
    facts.isProgramThere = program.isAbsolute() && program.isFile() && program.isExecutable();
    facts.isExpected =
        facts.isProgramThere && program.canonicalFilePath() == QFileInfo(facts.expectedProgram).canonicalFilePath();
}

} // namespace dormouse::doctor
