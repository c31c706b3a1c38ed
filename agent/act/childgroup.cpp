// SPDX-License-Identifier: MIT
#include "agent/act/childgroup.h"

#include "agent/act/outputtail.h"
#include "shared/base/childstart.h"
#include "shared/base/text.h"
#include "shared/config/configuration.h"
#include "shared/storage/descriptor.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QMetaMethod>
#include <QProcessEnvironment>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace dormouse {

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr auto kGuardLimit =
    1850ms; ///< the guard needs 1.5 s to end a group that ignores SIGTERM; then the group is ended without it
constexpr auto kKilledLimit = 100ms; ///< for what was killed to be gone; then finished() is told without it
constexpr int kReapTries = 200;      ///< of a millisecond each, for a guard that was killed

QProcessEnvironment environmentFor(const QMap<QString, QString> &additions)
{
    QProcessEnvironment environment = environmentForOthers();
    for (auto variable = additions.begin(); variable != additions.end(); ++variable)
        environment.insert(variable.key(), variable.value());
    return environment;
}

/// Both ends are closed on exec; the agent's does not block.
Result<std::pair<Descriptor, Descriptor>> makeControl()
{
    std::array<int, 2> ends{-1, -1};
#ifdef SOCK_CLOEXEC
    constexpr int kType = SOCK_STREAM | SOCK_CLOEXEC;
#else
    constexpr int kType = SOCK_STREAM;
#endif
    if (::socketpair(AF_UNIX, kType, 0, ends.data()) != 0)
        return ioError(u"no socket for the guard program"_s, {});
    for (const int end : ends)
        ::fcntl(end, F_SETFD, FD_CLOEXEC);
    ::fcntl(ends[0], F_SETFL, O_NONBLOCK);
    return std::pair(Descriptor(ends[0]), Descriptor(ends[1]));
}

QString signalText(int number)
{
    return u"killed by signal "_s + QString::number(number) + u" ("_s + QString::fromLocal8Bit(::strsignal(number)) + u')';
}

/// QProcess waits for half a minute when it goes while its program runs. What was killed is gone in a moment; this one waits for that.
class GuardProcess : public QProcess
{
public:
    using QProcess::QProcess;
    ~GuardProcess() override
    {
        const auto pid = static_cast<pid_t>(processId());
        if (state() == QProcess::NotRunning || pid <= 0)
            return;
        ::kill(-pid, SIGKILL);
        ::kill(pid, SIGKILL); // it may have left the group already
        blockSignals(true);
        for (int tries = 0; tries < kReapTries && ::waitpid(pid, nullptr, WNOHANG) == 0; ++tries)
            ::usleep(1'000);
        setProcessState(QProcess::NotRunning);
    }
};

} // namespace

Result<QString> guardProgram()
{
    const QString folder = QCoreApplication::applicationDirPath();
    for (const QLatin1StringView place : {"/dormouse-guard"_L1, QLatin1StringView("/" DORMOUSE_GUARD_FROM_BIN)}) {
        const QFileInfo program(folder + place);
        if (program.isExecutable() && program.isFile())
            return program.canonicalFilePath();
    }
    return Error{ErrorCode::NotFound,
                 u"the guard program is missing, without which no child is started; install dormouse again"_s,
                 folder + u"/dormouse-guard"_s, 0};
}

class ChildGroup::Impl
{
public:
    Impl(ChildGroup &group, ChildCommand childCommand, const Clock &childClock)
        : q(group), command(std::move(childCommand)), clock(childClock)
    {
        timeout.setSingleShot(true);
        backstop.setSingleShot(true);
        backstop.setTimerType(Qt::PreciseTimer);
        QObject::connect(&timeout, &QTimer::timeout, &q, [this] { end(ChildEnd::Kind::TimedOut); });
        QObject::connect(&backstop, &QTimer::timeout, &q, [this] { killAll(); });
        QObject::connect(&process, &QProcess::readyReadStandardOutput, &q, [this] { takeOutput(); });
        QObject::connect(&process, &QProcess::finished, &q,
                         [this](int code, QProcess::ExitStatus status) { guardEnded(code, status); });
        QObject::connect(&process, &QProcess::errorOccurred, &q, [this](QProcess::ProcessError error) {
            if (error == QProcess::FailedToStart)
                cannotStart(u"cannot start the guard program: "_s + process.errorString());
        });
    }

    void start();
    void end(ChildEnd::Kind why);
    [[nodiscard]] bool isRunning() const { return running; }

private:
    [[nodiscard]] Result<QString> startGuard();
    void cannotStart(const QString &why);
    void takeOutput();
    void readReport();
    void guardEnded(int code, QProcess::ExitStatus status);
    void killAll();
    void finish(ChildEnd::Kind kind, int code, const QString &error);

    ChildGroup &q;
    ChildCommand command;
    const Clock &clock;
    Descriptor control;
    OutputTail output;
    QTimer timeout;
    QTimer backstop;
    std::optional<ChildEnd::Kind> cause;              ///< why it was ended by us
    std::optional<std::pair<QByteArray, int>> report; ///< the guard's: what became of the command
    AwakeTime startedAt;
    pid_t groupId = 0;
    bool running = false;
    bool wasKilled = false;
    GuardProcess process; ///< last: the first to go
};

void ChildGroup::Impl::start()
{
    running = true;
    startedAt = clock.now().awake;
    if (const auto started = startGuard(); !started)
        cannotStart(started.error().text());
}

Result<QString> ChildGroup::Impl::startGuard()
{
    const Result<QString> guard = guardProgram();
    if (!guard)
        return guard.error();
    const QProcessEnvironment environment = environmentFor(command.environment);
    const QString name = command.command.value(0);
    const auto program = findProgram(name, environment.value(u"PATH"_s));
    if (!program)
        return Error{ErrorCode::NotFound, u"no program of that name that can be run; PATH is "_s + environment.value(u"PATH"_s),
                     name, 0};
    auto ends = makeControl();
    if (!ends)
        return ends.error();
    control = std::move(ends.value().first);
    const Descriptor guardEnd = std::move(ends.value().second);
    process.setProgram(guard.value());
    process.setArguments(
        QStringList{u"--group"_s, QString::number(guardEnd.get()), u"--nice"_s, QString::number(command.nice), u"--"_s, *program}
        + command.command.mid(1));
    process.setProcessEnvironment(environment);
    process.setStandardInputFile(QProcess::nullDevice());
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.setChildProcessModifier([descriptor = guardEnd.get()] {
        ::setpgid(0, 0); // here already, so that the group exists as soon as the process does
        ::fcntl(descriptor, F_SETFD, 0);
    });
    timeout.start(command.timeout);
    process.start(QIODevice::ReadOnly);
    groupId = static_cast<pid_t>(process.processId());
    return *program;
}

/// Always later: nobody expects finished() from within start().
void ChildGroup::Impl::cannotStart(const QString &why)
{
    QTimer::singleShot(0, &q, [this, why] { finish(cause.value_or(ChildEnd::Kind::CannotStart), 0, why); });
}

void ChildGroup::Impl::takeOutput()
{
    const QByteArray bytes = process.readAllStandardOutput();
    static const QMetaMethod kSignal = QMetaMethod::fromSignal(&ChildGroup::outputLine);
    if (q.isSignalConnected(kSignal))
        output.add(bytes, [this](const QByteArray &line) { Q_EMIT q.outputLine(line); });
    else
        output.add(bytes);
}

/// The first line that the guard wrote: "exited 0", "signalled 9", "cannot-start 13".
void ChildGroup::Impl::readReport()
{
    std::array<char, 64> bytes{};
    const ssize_t count = report ? 0 : uninterrupted([&] { return ::read(control.get(), bytes.data(), bytes.size()); });
    if (count <= 0)
        return;
    const QByteArray line = QByteArray(bytes.data(), count).split('\n').first();
    const qsizetype space = line.indexOf(' ');
    if (space > 0)
        report = std::pair(line.first(space), line.mid(space + 1).toInt());
}

/// A command that has ended by itself has not been interrupted, though what it left behind may still be ending.
void ChildGroup::Impl::end(ChildEnd::Kind why)
{
    if (!running || cause)
        return;
    readReport();
    if (!report)
        cause = why;
    timeout.stop();
    ::shutdown(control.get(), SHUT_WR); // the guard takes it from here; its report can still be read
    backstop.start(kGuardLimit);
}

void ChildGroup::Impl::killAll()
{
    const auto pid = static_cast<pid_t>(process.processId());
    if (std::exchange(wasKilled, true) || pid <= 0) {
        const ChildEnd::Kind kind = cause.value_or(ChildEnd::Kind::Interrupted);
        finish(kind, 0, u"it cannot be ended: the kernel holds it"_s);
        return;
    }
    ::kill(-pid, SIGKILL);
    ::kill(pid, SIGKILL);
    backstop.start(kKilledLimit);
}

void ChildGroup::Impl::guardEnded(int code, QProcess::ExitStatus status)
{
    takeOutput();
    readReport();
    if (cause == ChildEnd::Kind::TimedOut)
        return finish(*cause, 0, u"timed out after "_s + formatDuration(command.timeout));
    if (cause)
        return finish(*cause, 0, u"interrupted"_s);
    if (!report) { // somebody killed the guard: nobody else ends the group now
        ::kill(-groupId, SIGKILL);
        return finish(ChildEnd::Kind::Signalled, status == QProcess::CrashExit ? code : SIGKILL,
                      u"its guard process was killed"_s);
    }
    const auto &[what, number] = *report;
    if (what == "cannot-start")
        finish(ChildEnd::Kind::CannotStart, 0,
               u"cannot start "_s + command.command.value(0) + u": "_s + QString::fromLocal8Bit(std::strerror(number)));
    else if (what == "signalled")
        finish(ChildEnd::Kind::Signalled, number, signalText(number));
    else
        finish(ChildEnd::Kind::Exited, number, number == 0 ? QString() : u"exit code "_s + QString::number(number));
}

void ChildGroup::Impl::finish(ChildEnd::Kind kind, int code, const QString &error)
{
    if (!std::exchange(running, false))
        return;
    timeout.stop();
    backstop.stop();
    const Millis took = clock.now().awake - startedAt;
    Q_EMIT q.finished({kind, code, output.tail(), error, took});
}

ChildGroup::ChildGroup(ChildCommand command, const Clock &clock, QObject *parent)
    : QObject(parent), m_impl(std::make_unique<Impl>(*this, std::move(command), clock))
{
}

ChildGroup::~ChildGroup() = default;

void ChildGroup::start()
{
    m_impl->start();
}

void ChildGroup::interrupt()
{
    m_impl->end(ChildEnd::Kind::Interrupted);
}

bool ChildGroup::isRunning() const
{
    return m_impl->isRunning();
}

} // namespace dormouse
