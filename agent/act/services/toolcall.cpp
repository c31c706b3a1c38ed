// SPDX-License-Identifier: MIT
#include "agent/act/services/toolcall.h"

#include "shared/base/childstart.h"
#include "shared/base/text.h"

#include <chrono>

namespace dormouse {

using namespace std::chrono_literals;
using namespace Qt::Literals::StringLiterals;

namespace {

constexpr auto kLimit = 5s;
constexpr qsizetype kBytesMax = 256 * 1024;

void appendBounded(QByteArray &to, const QByteArray &more)
{
    to.append(more.left(kBytesMax - to.size()));
}

} // namespace

QString ToolAnswer::complaint() const
{
    const QString said = sanitized(QString::fromUtf8(errors.isEmpty() ? output : errors).simplified());
    if (!isAnswered)
        return said.isEmpty() ? u"no answer within 5 s"_s : said;
    return said.isEmpty() ? u"exit code "_s + QString::number(exitCode) : said;
}

ToolCall::ToolCall(QObject *parent) : QObject(parent)
{
    m_limit.setSingleShot(true);
    connect(&m_limit, &QTimer::timeout, this, [this] { finish(false, "no answer within 5 s"); });
}

ToolCall::~ToolCall()
{
    for (QProcess *process : findChildren<QProcess *>()) {
        process->disconnect(this);
        process->kill();
    }
}

void ToolCall::run(const QString &program, const QStringList &arguments)
{
    m_answer = {};
    m_isRunning = true;
    if (program.isEmpty())
        return QTimer::singleShot(0, this, [this] { finish(false, "the program is not on this machine"); });
    m_process = new QProcess(this);
    watch(m_process);
    m_process->setProcessEnvironment(environmentForOthers());
    m_process->setStandardInputFile(QProcess::nullDevice());
    m_limit.start(kLimit);
    m_process->start(program, arguments);
}

void ToolCall::watch(QProcess *process)
{
    connect(process, &QProcess::readyReadStandardOutput, this, &ToolCall::read);
    connect(process, &QProcess::readyReadStandardError, this, &ToolCall::read);
    connect(process, &QProcess::finished, this, [this, process](int exitCode, QProcess::ExitStatus status) {
        process->deleteLater();
        if (process != m_process)
            return;
        read();
        m_answer.exitCode = exitCode;
        finish(status == QProcess::NormalExit, "it crashed");
    });
    connect(process, &QProcess::errorOccurred, this, [this, process](QProcess::ProcessError error) {
        if (error != QProcess::FailedToStart || process != m_process)
            return;
        process->deleteLater();
        finish(false, process->errorString().toUtf8());
    });
}

void ToolCall::read()
{
    if (!m_process)
        return;
    appendBounded(m_answer.output, m_process->readAllStandardOutput());
    appendBounded(m_answer.errors, m_process->readAllStandardError());
}

void ToolCall::finish(bool isAnswered, const QByteArray &why)
{
    if (!m_isRunning)
        return;
    m_isRunning = false;
    m_limit.stop();
    if (m_process && m_process->state() != QProcess::NotRunning)
        m_process->kill();
    m_process = nullptr;
    m_answer.isAnswered = isAnswered;
    if (!isAnswered)
        m_answer.errors = why;
    Q_EMIT answered(m_answer);
}

} // namespace dormouse
