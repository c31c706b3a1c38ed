// SPDX-License-Identifier: MIT
#include "shared/base/exitcodes.h"
#include "shared/base/logging.h"
#include "tray/colours.h"
#include "tray/program.h"
#include "tray/tray.h"

#include <QApplication>

#include <cstdio>

int main(int argc, char **argv)
{
    using namespace dormouse;
    const auto say = [](const TrayExit &exit) {
        std::fprintf(exit.code == kExitOk ? stdout : stderr, "%s\n", qPrintable(exit.text));
        return exit.code;
    };
    if (const std::optional<TrayExit> exit = exitBeforeDisplay(argc, argv))
        return say(*exit);
    QApplication application(argc, argv);
    introduce(application);
    const auto parsed = parseTrayOptions(QApplication::arguments().mid(1)); // without those that are Qt's own
    if (const auto *exit = std::get_if<TrayExit>(&parsed))
        return say(*exit);
    const auto &options = std::get<TrayOptions>(parsed);
    static_cast<void>(installLogging(options.logLevel)); // one that there is: parseTrayOptions() has looked
    applyColourScheme(options.scheme);
    installLanguages(application);
    bool isRestartDue = false;
    {
        Tray tray(options);
        if (const std::optional<int> done = tray.start())
            return *done;
        QApplication::exec();
        isRestartDue = tray.isRestartDue();
    }
    return isRestartDue ? restart(argv) : kExitOk;
}
