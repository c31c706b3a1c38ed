// SPDX-License-Identifier: MIT
#include "cli/installtool.h"

#include "shared/base/clock.h"
#include "shared/base/text.h"

#include <QFileInfo>
#include <QProcess>
#include <QThread>

#include <unistd.h>

namespace dormouse {
namespace {

using namespace Qt::Literals::StringLiterals;

constexpr int kLimitMs = 10'000;
constexpr qsizetype kBytesMax = 256 * 1024;
constexpr unsigned long kPeriodMs = 100;

/// After `su` or in a bare ssh session the variable is missing by which the user manager is found.
QProcessEnvironment toolEnvironment()
{
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    const QFileInfo folder(u"/run/user/%1"_s.arg(::geteuid()));
    if (!environment.contains(u"XDG_RUNTIME_DIR"_s) && folder.isDir() && folder.ownerId() == ::geteuid())
        environment.insert(u"XDG_RUNTIME_DIR"_s, folder.filePath());
    return environment;
}

} // namespace

QString ToolOutcome::complaint() const
{
    const QString said = sanitized(QString::fromUtf8(errors.isEmpty() ? output : errors).simplified(), 300);
    if (!isAnswered)
        return said.isEmpty() ? u"no answer within 10 s"_s : said;
    return said.isEmpty() ? u"exit code %1"_s.arg(exitCode) : said;
}

InstallTool::InstallTool(QString program, QStringList first, bool isRehearsal, Say say)
    : m_program(std::move(program)), m_first(std::move(first)), m_isRehearsal(isRehearsal), m_say(std::move(say))
{
}

ToolOutcome InstallTool::look(const QStringList &arguments) const
{
    ToolOutcome outcome;
    QProcess process;
    process.setProcessEnvironment(toolEnvironment());
    process.setStandardInputFile(QProcess::nullDevice());
    process.start(m_program, m_first + arguments);
    if (!process.waitForStarted(kLimitMs)) {
        outcome.errors = process.errorString().toUtf8();
        return outcome;
    }
    if (!process.waitForFinished(kLimitMs)) {
        process.kill();
        process.waitForFinished(kLimitMs);
        return outcome;
    }
    outcome.isAnswered = process.exitStatus() == QProcess::NormalExit;
    outcome.exitCode = process.exitCode();
    outcome.output = process.readAllStandardOutput().left(kBytesMax);
    outcome.errors = outcome.isAnswered ? process.readAllStandardError().left(kBytesMax) : QByteArray("it was killed");
    return outcome;
}

Result<void> InstallTool::act(const QStringList &arguments) const
{
    const QString line = (QStringList{QFileInfo(m_program).fileName()} + m_first + arguments).join(u' ');
    if (m_isRehearsal) {
        m_say(u"would run "_s + line);
        return {};
    }
    m_say(u"running "_s + line);
    const ToolOutcome outcome = look(arguments);
    if (!outcome.isDone())
        return Error{ErrorCode::Io, line + u": "_s + outcome.complaint(), {}, 0};
    return {};
}

bool InstallTool::waitUntil(const std::function<bool()> &isSo, int seconds) const
{
    if (m_isRehearsal)
        return true;
    const SystemClock clock;
    const AwakeTime end = clock.now().awake + std::chrono::seconds(seconds);
    while (!isSo()) {
        if (clock.now().awake >= end)
            return false;
        QThread::msleep(kPeriodMs);
    }
    return true;
}

} // namespace dormouse
