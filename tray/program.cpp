// SPDX-License-Identifier: MIT
#include "tray/program.h"

#include "shared/base/exitcodes.h"
#include "shared/base/version.h"
#include "tray/display.h"
#include "tray/item/iconrenderer.h"

#include <QApplication>
#include <QLibraryInfo>
#include <QLocale>
#include <QTranslator>

#include <cstdio>
#include <vector>

#include <unistd.h>

namespace dormouse {

using namespace Qt::Literals::StringLiterals;

std::optional<TrayExit> exitBeforeDisplay(int argc, char **argv)
{
    QStringList arguments;
    for (int i = 1; i < argc; ++i)
        arguments.append(QString::fromLocal8Bit(argv[i]));
    for (const QString &question : {u"--help"_s, u"-h"_s, u"--version"_s}) {
        if (arguments.contains(question))
            return std::get<TrayExit>(parseTrayOptions({question}));
    }
    if (!hasDisplay(arguments))
        return TrayExit{u"dormouse-tray: there is no display here; `dormouse status --watch` shows the same in a terminal"_s,
                        kExitFailure};
    return {};
}

void introduce(QApplication &application)
{
    application.setApplicationName(u"dormouse-tray"_s);
    application.setApplicationDisplayName(u"Dormouse"_s);
    application.setDesktopFileName(u"dormouse-tray"_s);
    application.setApplicationVersion(QString::fromLatin1(kVersion));
    application.setWindowIcon(applicationIcon());
    application.setQuitOnLastWindowClosed(false);
}

void installLanguages(QApplication &application)
{
    auto *qtTexts = new QTranslator(&application);
    if (qtTexts->load(QLocale(), u"qtbase"_s, u"_"_s, QLibraryInfo::path(QLibraryInfo::TranslationsPath)))
        application.installTranslator(qtTexts);
    auto *ours = new QTranslator(&application);
    if (ours->load(QLocale(), u"dormouse"_s, u"_"_s, u":/i18n"_s))
        application.installTranslator(ours);
}

int restart(char **argv)
{
    // Without --show: its window has been shown.
    std::vector<char *> words;
    for (char **word = argv; *word != nullptr; ++word) {
        const QByteArrayView text(*word);
        if (text == "--show" && word[1] != nullptr)
            ++word;
        else if (!text.startsWith("--show="))
            words.push_back(*word);
    }
    words.push_back(nullptr);
    ::execv(qPrintable(QCoreApplication::applicationFilePath()), words.data());
    std::perror("dormouse-tray: a panel has appeared, but the program cannot be started anew for it");
    return kExitTryAgain;
}

} // namespace dormouse
