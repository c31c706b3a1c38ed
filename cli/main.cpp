// SPDX-License-Identifier: MIT
#include "cli/application.h"
#include "shared/base/version.h"

#include <QCoreApplication>

int main(int argc, char **argv)
{
    // Kept before Qt takes words of its own out of argv: those after `run --` belong to somebody else's program.
    std::vector<char *> words(argv + qMin(argc, 1), argv + argc);
    words.push_back(nullptr);

    // Where the locale is not UTF-8 (cron, service managers) Qt warns about it on each start; it is of no use to anybody here.
    qInstallMessageHandler([](QtMsgType, const QMessageLogContext &, const QString &) {});
    QCoreApplication application(argc, argv);
    qInstallMessageHandler(nullptr);

    QCoreApplication::setApplicationName(QStringLiteral("dormouse"));
    QCoreApplication::setApplicationVersion(QLatin1StringView(dormouse::kVersion));
    return dormouse::runDormouse(words);
}
