// SPDX-License-Identifier: MIT
#include "agent/agent.h"
#include "agent/freememory.h"
#include "agent/options.h"
#include "shared/base/exitcodes.h"
#include "shared/base/logging.h"

#include <QCoreApplication>

#include <cstdio>
#include <unistd.h>

int main(int argc, char **argv)
{
    using namespace dormouse;
    setUpAllocator();
    QCoreApplication application(argc, argv);
    QCoreApplication::setApplicationName(QStringLiteral("dormouse-agent"));
    const auto parsed = parseAgentOptions(QCoreApplication::arguments().mid(1));
    if (const auto *exit = std::get_if<ProgramExit>(&parsed)) {
        std::fprintf(exit->code == kExitOk ? stdout : stderr, "%s\n", qPrintable(exit->text));
        return exit->code;
    }
    const auto &options = std::get<AgentOptions>(parsed);
    if (!installLogging(options.logLevel)) {
        std::fprintf(stderr, "dormouse-agent: --log-level %s: expected debug, info, warning or critical\n",
                     qPrintable(options.logLevel));
        return kExitUsage;
    }
    bool isRestartDue = false;
    int code = kExitOk;
    {
        Agent agent(options);
        if (const auto failed = agent.start())
            return *failed;
        code = QCoreApplication::exec();
        isRestartDue = agent.isRestartDue();
    }
    if (!isRestartDue)
        return code;
    ::execv(qPrintable(QCoreApplication::applicationFilePath()), argv);
    std::perror("dormouse-agent: a wake came at the last moment, but the agent cannot be started anew");
    return kExitTryAgain;
}
