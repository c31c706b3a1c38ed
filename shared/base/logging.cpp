// SPDX-License-Identifier: MIT
#include "shared/base/logging.h"

#include "shared/base/clock.h"
#include "shared/base/text.h"

#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>

namespace dormouse {

Q_LOGGING_CATEGORY(lcAgent, "dormouse.agent")
Q_LOGGING_CATEGORY(lcLifecycle, "dormouse.lifecycle")
Q_LOGGING_CATEGORY(lcSense, "dormouse.sense")
Q_LOGGING_CATEGORY(lcStorage, "dormouse.storage")
Q_LOGGING_CATEGORY(lcControl, "dormouse.control")
Q_LOGGING_CATEGORY(lcCycle, "dormouse.cycle")
Q_LOGGING_CATEGORY(lcTray, "dormouse.tray")

namespace {

using namespace Qt::Literals::StringLiterals;

constexpr int kMessageMax = 4000; ///< a step's output may be in a message; one line of the journal is enough

const char *levelName(QtMsgType type)
{
    switch (type) {
    case QtDebugMsg: return "debug";
    case QtInfoMsg: return "info";
    case QtWarningMsg: return "warning";
    case QtCriticalMsg: return "critical";
    case QtFatalMsg: return "fatal";
    }
    return "unknown";
}

QByteArray timeText()
{
    using namespace std::chrono;
    const WallTime now = SystemClock().now().wall;
    const auto day = floor<days>(now);
    const year_month_day date(day);
    const hh_mm_ss time(floor<milliseconds>(now - day));
    std::array<char, 40> text{};
    std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ", static_cast<int>(date.year()),
                  static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), static_cast<int>(time.hours().count()),
                  static_cast<int>(time.minutes().count()), static_cast<int>(time.seconds().count()),
                  static_cast<int>(time.subseconds().count()));
    return QByteArray(text.data());
}

/// One write a line, so that lines of several threads do not mix. A stderr that is closed or full is nobody's business.
void writeLine(QtMsgType type, const QMessageLogContext &context, const QString &message)
{
    const QByteArray category(context.category != nullptr ? context.category : "default");
    const QByteArray line =
        timeText() + ' ' + levelName(type) + ' ' + category + ": " + sanitized(message, kMessageMax).toUtf8() + '\n';
    qsizetype done = 0;
    while (done < line.size()) {
        const ssize_t count = ::write(STDERR_FILENO, line.constData() + done, static_cast<std::size_t>(line.size() - done));
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            return;
        done += count;
    }
}

} // namespace

QStringList logLevels()
{
    return {u"debug"_s, u"info"_s, u"warning"_s, u"critical"_s};
}

bool installLogging(const QString &level)
{
    const QStringList levels = logLevels();
    const qsizetype lowest = levels.indexOf(level);
    if (lowest < 0)
        return false;
    // Debug messages of Qt itself are never wanted; ours are switched on by name.
    QString rules = u"*.debug=false\n"_s;
    for (qsizetype i = 0; i < levels.size(); ++i)
        rules += (i == 0 ? u"dormouse.*."_s : u"*."_s) + levels.at(i) + (i >= lowest ? u"=true\n"_s : u"=false\n"_s);
    QLoggingCategory::setFilterRules(rules);
    qInstallMessageHandler(writeLine);
    return true;
}

} // namespace dormouse
