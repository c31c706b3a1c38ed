// SPDX-License-Identifier: MIT
#include "tray/welcome/agentinstaller.h"

#include "shared/base/text.h"

#include <QCoreApplication>
#include <QFileInfo>

namespace dormouse {
namespace {

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

constexpr auto kPatience = 90s; // each of its own steps has a bound, of 10 s at most

/// What a person needs of it: the last line that says something.
QString lastLine(const QByteArray &output)
{
    const QStringList lines = QString::fromUtf8(output).split(u'\n', Qt::SkipEmptyParts);
    return lines.isEmpty() ? QString() : sanitized(lines.constLast(), 300);
}

} // namespace

AgentInstaller::AgentInstaller(RootPaths paths, QString program, QObject *parent)
    : QObject(parent), m_paths(std::move(paths)), m_program(std::move(program)), m_process(new QProcess)
{
    m_process->setStandardInputFile(QProcess::nullDevice());
    m_process->setStandardOutputFile(QProcess::nullDevice());
    m_patience.setSingleShot(true);
    m_patience.setInterval(kPatience);
    connect(&m_patience, &QTimer::timeout, m_process, &QProcess::terminate);
    connect(m_process, &QProcess::finished, this, [this](int code, QProcess::ExitStatus status) {
        m_patience.stop();
        const bool isDone = status == QProcess::NormalExit && code == 0;
        const QString said = lastLine(m_process->readAllStandardError());
        Q_EMIT finished(isDone ? QString() : said.isEmpty() ? tr("dormouse install ended with %1").arg(code) : said);
    });
    connect(m_process, &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
        if (error == QProcess::FailedToStart)
            Q_EMIT finished(m_process->errorString());
    });
}

AgentInstaller::~AgentInstaller()
{
    m_process->disconnect(this);
    if (isRunning()) // QProcess would kill it, and wait
        connect(m_process, &QProcess::finished, m_process, &QObject::deleteLater);
    else
        delete m_process;
}

bool AgentInstaller::isPossible() const
{
    const QFileInfo program(m_program);
    return program.isFile() && program.isExecutable();
}

void AgentInstaller::start()
{
    if (isRunning())
        return;
    m_patience.start();
    m_process->start(m_program, {u"install"_s, u"--root"_s, m_paths.root});
}

QString commandLineProgram()
{
    return QCoreApplication::applicationDirPath() + u"/dormouse"_s;
}

} // namespace dormouse
