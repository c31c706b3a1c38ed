// SPDX-License-Identifier: MIT
#include "tests/integration/cli/clifixture.h"

#include "shared/records/json.h"
#include "shared/records/lifecyclerecord.h"

#include <QDir>
#include <QFile>
#include <QSignalSpy>

#include <csignal>

namespace dormouse {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int kRunLimitMs = 40'000;

}

CliFixture::CliFixture() : m_paths{m_folder.filePath(u"root"_s)}
{
    QDir(m_folder.path()).mkpath(u"bin"_s);
    QDir(m_folder.path()).mkpath(u"home"_s);
    const Result<void> ready = prepareRoot(m_paths);
    const QString binary = qEnvironmentVariable("DORMOUSE_BIN") + u"/dormouse"_s;
    if (!ready || !QFile::copy(binary, program()))
        qWarning("the private copy of %s could not be made", qPrintable(binary));
}

CliFixture::~CliFixture()
{
    QFile pid(file(u"agent.pid"_s));
    if (!pid.open(QIODevice::ReadOnly))
        return;
    const int number = pid.readAll().trimmed().toInt();
    if (number > 1)
        ::kill(number, SIGKILL);
}

bool CliFixture::isValid() const
{
    return m_folder.isValid() && QFile::exists(program()) && QFile::exists(m_paths.wrappers());
}

QString CliFixture::program() const
{
    return m_folder.filePath(u"bin/dormouse"_s);
}

std::unique_ptr<QProcess> CliFixture::prepared(const QStringList &arguments) const
{
    auto process = std::make_unique<QProcess>();
    QProcessEnvironment environment;
    environment.insert(u"PATH"_s, qEnvironmentVariable("PATH"));
    environment.insert(u"HOME"_s, m_folder.filePath(u"home"_s));
    environment.insert(u"XDG_CONFIG_HOME"_s, m_folder.filePath(u"home"_s));
    environment.insert(u"XDG_DATA_HOME"_s, m_folder.filePath(u"home"_s));
    environment.insert(u"XDG_RUNTIME_DIR"_s, m_folder.filePath(u"home"_s));
    environment.insert(u"DORMOUSE_ROOT"_s, m_paths.root);
    environment.insert(u"LC_ALL"_s, u"C.UTF-8"_s);
    environment.insert(u"TZ"_s, u"UTC"_s);
    environment.insert(u"TERM"_s, u"xterm"_s);
    for (const char *sanitizer : {"ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS", "LSAN_OPTIONS"}) {
        if (qEnvironmentVariableIsSet(sanitizer))
            environment.insert(QString::fromLatin1(sanitizer), qEnvironmentVariable(sanitizer));
    }
    process->setProcessEnvironment(environment);
    process->setProgram(program());
    process->setArguments(arguments);
    return process;
}

CliResult CliFixture::finished(QProcess &process)
{
    QSignalSpy ended(&process, &QProcess::finished);
    if (process.state() != QProcess::NotRunning && !ended.wait(kRunLimitMs)) {
        process.kill();
        process.waitForFinished();
        return {-1, QString::fromUtf8(process.readAllStandardOutput()), u"it did not end"_s};
    }
    const int code = process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1;
    return {code, QString::fromUtf8(process.readAllStandardOutput()), QString::fromUtf8(process.readAllStandardError())};
}

CliResult CliFixture::run(const QStringList &arguments) const
{
    const std::unique_ptr<QProcess> process = prepared(arguments);
    process->start();
    return finished(*process);
}

bool CliFixture::writeRecord(State state) const
{
    LifecycleRecord record;
    record.state = state;
    record.sinceTs = u"2026-05-02T15:14:30.123+00:00"_s;
    record.lastActivityTs = record.sinceTs;
    return writeFile(m_paths.record(), formatJsonFile(recordToJson(record)));
}

bool CliFixture::writeFile(const QString &path, const QByteArray &bytes) const
{
    QFile out(path);
    return out.open(QIODevice::WriteOnly) && out.write(bytes) == bytes.size();
}

bool CliFixture::installAgentScript() const
{
    const QString path = m_folder.filePath(u"bin/dormouse-agent"_s);
    const QByteArray script = "#!/bin/sh\necho \"$@\" > '" + file(u"agent.arguments"_s).toUtf8() + "'\necho $$ > '"
                              + file(u"agent.pid"_s).toUtf8() + "'\nexec sleep 60\n";
    return writeFile(path, script) && QFile::setPermissions(path, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
}

} // namespace dormouse
