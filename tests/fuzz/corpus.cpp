// SPDX-License-Identifier: MIT
// Runs every kept input through its target, in the ordinary build: what a fuzzer once found stays found, where there is no clang, too.
#include "tests/fuzz/targets.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QLoggingCategory>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <iterator>
#include <unistd.h>

using namespace Qt::Literals::StringLiterals;

namespace {

using Target = void (*)(const QByteArray &input);
struct NamedTarget {
    const char *name;
    Target run;
};

constexpr NamedTarget kTargets[] = {
    {"heartbeat", dormouse::fuzz::heartbeat},
    {"record", dormouse::fuzz::record},
    {"daemonstate", dormouse::fuzz::daemonstate},
    {"memory", dormouse::fuzz::memory},
    {"config", dormouse::fuzz::config},
    {"tomledit", dormouse::fuzz::tomledit},
    {"control", dormouse::fuzz::control},
    {"connection", dormouse::fuzz::connection},
    {"snapshot", dormouse::fuzz::snapshot},
    {"logline", dormouse::fuzz::logline},
    {"eventlog", dormouse::fuzz::eventlog},
    {"text", dormouse::fuzz::text},
#ifndef __APPLE__ // which has neither a message bus nor an X server of its own
    {"dbus", dormouse::fuzz::dbus},
    {"xauthority", dormouse::fuzz::xauthority},
#endif
};

char currentFile[4096]; // of the input under way, for the signal's message

/// Says which input it was, and lets the program end as it would have.
void tellInput(int signal)
{
    static_cast<void>(!::write(STDERR_FILENO, currentFile, std::strlen(currentFile)));
    static_cast<void>(!::write(STDERR_FILENO, ": ended the program\n", 20));
    std::signal(signal, SIG_DFL);
    std::raise(signal);
}

/// How many inputs there were; -1 when one cannot be read.
int runFolder(const QString &path, Target run)
{
    const QDir folder(path);
    const QStringList names = folder.entryList(QDir::Files, QDir::Name);
    for (const QString &name : names) {
        QFile file(folder.filePath(name));
        if (!file.open(QIODevice::ReadOnly)) {
            std::fprintf(stderr, "%s: %s\n", qPrintable(file.fileName()), qPrintable(file.errorString()));
            return -1;
        }
        qstrncpy(currentFile, QFile::encodeName(file.fileName()).constData(), sizeof currentFile);
        run(file.readAll());
    }
    return static_cast<int>(names.size());
}

/// A folder that belongs to no target would never be run.
bool areAllKnown(const QString &path)
{
    bool isKnown = true;
    for (const QString &name : QDir(path).entryList(QDir::Dirs | QDir::NoDotAndDotDot)) {
        const auto found = std::find_if(std::begin(kTargets), std::end(kTargets),
                                        [&name](const NamedTarget &target) { return name == QLatin1StringView(target.name); });
        const bool isElsewhere = name == "dbus"_L1 || name == "xauthority"_L1; // not on macOS
        if (found == std::end(kTargets) && !isElsewhere) {
            std::fprintf(stderr, "%s/%s: there is no such target\n", qPrintable(path), qPrintable(name));
            isKnown = false;
        }
    }
    return isKnown;
}

} // namespace

int main(int count, char **arguments)
{
    const QCoreApplication application(count, arguments);
    QLoggingCategory::setFilterRules(u"*=false"_s);
    for (const int signal : {SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL})
        std::signal(signal, tellInput);
    const QString folder = application.arguments().value(1);
    if (folder.isEmpty() || !QDir(folder).exists()) {
        std::fprintf(stderr, "usage: fuzz_corpus FOLDER, which holds corpus/ and crashes/\n");
        return 2;
    }
    bool isWell = areAllKnown(folder + u"/corpus"_s) && areAllKnown(folder + u"/crashes"_s);
    for (const NamedTarget &target : kTargets) {
        const QString name = QString::fromLatin1(target.name);
        const int kept = runFolder(folder + u"/corpus/"_s + name, target.run);
        const int crashes = runFolder(folder + u"/crashes/"_s + name, target.run);
        std::printf("%-12s %5d inputs, %3d of them once broke it\n", target.name, kept + crashes, crashes);
        isWell = isWell && kept > 0 && crashes >= 0;
    }
    return isWell ? 0 : 1;
}
