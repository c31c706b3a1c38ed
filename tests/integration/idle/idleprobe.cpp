// SPDX-License-Identifier: MIT
// The idle sources of this system by themselves. Each line on stdin asks once; each answer, and each resume, is a line of JSON on stdout. Ends with stdin.
//   idleprobe [FINENESS_MS]
#include "shared/base/logging.h"
#include "shared/idle/makeidlesource.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSocketNotifier>

#include <unistd.h>

#include <array>
#include <cstdio>

using namespace dormouse;
using namespace Qt::Literals::StringLiterals;

namespace {

void print(const QJsonObject &object)
{
    std::puts(QJsonDocument(object).toJson(QJsonDocument::Compact).constData());
    std::fflush(stdout);
}

void printAnswer(const UserIdleness &idleness)
{
    print({{u"idle_ms"_s, idleness.idle ? QJsonValue(qint64(idleness.idle->count())) : QJsonValue()},
           {u"display_asleep"_s, idleness.displayAsleep},
           {u"slept_recently"_s, idleness.sleptRecently},
           {u"sources"_s, QJsonArray::fromStringList(idleness.sources)}});
}

} // namespace

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    static_cast<void>(installLogging(u"debug"_s));
    const SystemClock clock;
    const std::unique_ptr<IdleSource> source = makeIdleSource(clock);
    if (argc > 1)
        source->setFineness(Millis(QByteArray(argv[1]).toInt()));
    QObject::connect(source.get(), &IdleSource::answered, &application, printAnswer);
    QObject::connect(source.get(), &IdleSource::resumed, &application, [] { print({{u"resumed"_s, true}}); });
    source->start();
    QSocketNotifier input(STDIN_FILENO, QSocketNotifier::Read);
    QObject::connect(&input, &QSocketNotifier::activated, &application, [&source] {
        std::array<char, 64> bytes{};
        if (::read(STDIN_FILENO, bytes.data(), bytes.size()) <= 0)
            QCoreApplication::quit();
        else
            source->ask();
    });
    return QCoreApplication::exec();
}
