// SPDX-License-Identifier: MIT
#include "agent/act/cyclerunner.h"

#include "agent/act/digest.h"
#include "agent/act/housekeeping.h"
#include "shared/base/exitcodes.h"
#include "shared/base/logging.h"
#include "shared/base/text.h"
#include "shared/records/timestamp.h"

#include <QJsonArray>
#include <QPointer>

#include <algorithm>
#include <array>

namespace dormouse {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr std::array kBuiltInSteps{"rotate logs", "prune first turns", "clean dead heartbeats"};
constexpr int kNice = 10; ///< housekeeping must not be felt

double seconds(Millis duration)
{
    return double(duration.count()) / 1000.0;
}

ChildCommand commandFor(const StepConfig &step, int attempt, const QString &root, const Settings &settings)
{
    QMap<QString, QString> environment = settings.environment;
    environment.insert(u"DORMOUSE_ROOT"_s, root);
    environment.insert(u"DORMOUSE_STEP"_s, step.name);
    environment.insert(u"DORMOUSE_ATTEMPT"_s, QString::number(attempt));
    return {.command = step.command, .environment = environment, .timeout = step.timeout, .nice = kNice};
}

StepOutcome outcomeOf(const ChildEnd &end)
{
    if (end.kind == ChildEnd::Kind::Interrupted)
        return {.end = StepEnd::Interrupted, .error = end.error};
    if (end.kind != ChildEnd::Kind::Exited || (end.code != kExitOk && end.code != kExitTryAgain))
        return {.end = StepEnd::Failed, .error = sanitized(end.error, defaults::kReasonMax)};
    if (end.code == kExitTryAgain)
        return {.end = StepEnd::Deferred, .error = end.error};
    StepOutcome done{.end = StepEnd::Done, .error = {}, .numbers = digestNumbers(end.tail)};
    done.numbers.insert(u"duration_sec"_s, seconds(end.took));
    return done;
}

QStringList namesOf(const std::vector<StepConfig> &steps)
{
    QStringList names;
    for (const StepConfig &step : steps)
        names.append(step.name);
    return names;
}

} // namespace

CycleRunner::CycleRunner(Dispatcher &dispatcher, DaemonStateFile &daemonState, Chores &chores, const Clock &clock,
                         QObject *parent)
    : QObject(parent), m_dispatcher(dispatcher), m_daemonState(daemonState), m_chores(chores), m_clock(clock)
{
    m_builtInTimer.setSingleShot(true);
    connect(&m_builtInTimer, &QTimer::timeout, this, &CycleRunner::runBuiltIn);
}

CycleRunner::~CycleRunner()
{
    delete m_child.release(); // now: there may be no event loop any more
}

void CycleRunner::configure(const Configuration &configuration)
{
    if (m_phase == Phase::Idle) {
        apply(configuration);
        return;
    }
    setSettings(configuration.settings);
    m_nextConfiguration = configuration;
}

void CycleRunner::apply(const Configuration &configuration)
{
    m_configuration = configuration;
    m_book.setSettings(configuration.settings);
    m_book.setSteps(namesOf(configuration.steps));
    const bool isForeign = std::ranges::any_of(configuration.steps, &StepConfig::usesRecord);
    if (std::exchange(m_isRecordForeign, isForeign) != isForeign)
        m_mirrored.reset();
    m_dispatcher.setCycleFieldsForeign(isForeign);
}

void CycleRunner::setSettings(const Settings &settings)
{
    m_configuration.settings = settings;
    m_book.setSettings(settings);
    if (m_nextConfiguration)
        m_nextConfiguration->settings = settings;
}

void CycleRunner::restore(const QJsonObject &memory)
{
    if (!memory.isEmpty()) {
        m_book.restore(cycleMemoryFromJson(memory));
        return;
    }
    const LifecycleRecord &record = m_dispatcher.record();
    if (m_isRecordForeign)
        return;
    m_book.restore(takeOver(record.quarantine, now()));
    if (!m_book.memory().malformedUntil)
        m_mirrored =
            std::pair(record.progress, quarantineMirror(m_book.memory())); // what is there stays as it is until it changes
}

void CycleRunner::refresh()
{
    if (const auto lifted = m_book.liftExpired(now()))
        logLifted(lifted->first, lifted->second);
    mirror();
}

bool CycleRunner::resetQuarantine()
{
    const auto until = m_book.resetQuarantine();
    if (until)
        logLifted(u"manual_reset"_s, *until);
    else
        Q_EMIT progressChanged(false); // strikes and back-off are forgotten all the same
    mirror();
    return until.has_value();
}

void CycleRunner::logLifted(const QString &reason, const QString &until)
{
    qCInfo(lcCycle).noquote() << "the quarantine of the sleep cycle is lifted:" << reason;
    Q_EMIT progressChanged(false);
    m_dispatcher.log({now(), logkind::kQuarantineLifted, {{"reason"_L1, reason}, {"prior_until_ts"_L1, until}}});
}

/// Without steps of ours the record's progress is somebody else's.
void CycleRunner::mirror()
{
    if (m_isRecordForeign)
        return;
    const CycleMemory &memory = m_book.memory();
    const auto ours = std::pair(m_configuration.steps.empty() ? m_dispatcher.record().progress : progressMirror(memory),
                                quarantineMirror(memory));
    if (m_mirrored != ours && m_dispatcher.mirrorCycle(ours.first, ours.second))
        m_mirrored = ours;
}

void CycleRunner::start(bool isForced)
{
    if (m_phase != Phase::Idle) {
        m_isForced = m_isForced || isForced;
        m_isForceDue = m_isForceDue || (isForced && m_isInterrupting);
        return;
    }
    refresh();
    qCInfo(lcCycle) << (isForced ? "sleep cycle starts, as it was asked for" : "sleep cycle starts");
    m_isForced = isForced;
    m_phase = Phase::BuiltIn;
    ++m_cycleNumber;
    m_step = 0;
    m_startedAt = m_clock.now().awake;
    m_builtInTimer.start(0);
}

void CycleRunner::interrupt()
{
    m_isForceDue = false;
    if (m_phase == Phase::Idle || std::exchange(m_isInterrupting, true))
        return;
    qCInfo(lcCycle) << "sleep cycle interrupted";
    if (m_phase == Phase::BuiltIn) {
        finish(false);
        return;
    }
    m_child->interrupt();
    (void)m_book.stepEnded(m_step, {.end = StepEnd::Interrupted, .error = {}},
                           now());       // now: the agent itself may be on its way out
    QTimer::singleShot(0, this, [this] { // on the disk when somebody's wake has been told
        Q_EMIT progressChanged(false);
        mirror();
    });
}

CycleView CycleRunner::view() const
{
    const WallTime wall = now();
    return {.running = m_phase != Phase::Idle,
            .forced = m_phase != Phase::Idle && m_isForced,
            .canStart = m_book.canStart(wall) && !m_heldBack,
            .heldBack = m_book.canStart(wall) ? m_heldBack.value_or(QString()) : m_book.heldBack(wall)};
}

std::optional<QString> CycleRunner::runningStep() const
{
    switch (m_phase) {
    case Phase::Idle: break;
    case Phase::BuiltIn: return QString::fromLatin1(kBuiltInSteps.at(static_cast<std::size_t>(m_step)));
    case Phase::Step: return m_stepConfig.name;
    }
    return std::nullopt;
}

void CycleRunner::runBuiltIn()
{
    switch (m_step) {
    case 0: return m_chores.archiveLogs(now(), nextBuiltIn());
    case 1: pruneStaleFirstTurns(m_daemonState, now()); break;
    case 2: return m_chores.removeDeadHeartbeats(now(), m_configuration.settings.staleAfter, nextBuiltIn());
    }
    builtInDone();
}

/// What a chore calls when it is done: the cycle goes on, if it is still the same.
std::function<void()> CycleRunner::nextBuiltIn()
{
    return [self = QPointer<CycleRunner>(this), number = m_cycleNumber] {
        if (self && self->m_phase == Phase::BuiltIn && self->m_cycleNumber == number)
            self->builtInDone();
    };
}

void CycleRunner::builtInDone()
{
    if (m_step + 1 < static_cast<int>(kBuiltInSteps.size())) {
        ++m_step;
        m_builtInTimer.start(0);
        return;
    }
    m_builtInTook = m_clock.now().awake - m_startedAt;
    const auto next = m_book.begin(now());
    if (m_book.isComplete()) // nothing is left to do for a configured step
        Q_EMIT progressChanged(true);
    goOn(next);
}

void CycleRunner::goOn(const std::optional<CycleBook::Next> &next)
{
    if (!next && m_book.isComplete())
        complete();
    else if (!next || (m_heldBack && !m_isForced))
        finish(false);
    else
        startStep(*next);
}

void CycleRunner::startStep(const CycleBook::Next &next)
{
    m_phase = Phase::Step;
    m_step = next.step;
    m_stepConfig = m_configuration.steps.at(static_cast<std::size_t>(next.step));
    m_dispatcher.log({now(), logkind::kSleepStepStarted, {{"step"_L1, m_stepConfig.name}, {"step_num"_L1, m_step + 1}}});
    qCInfo(lcCycle).noquote() << "sleep step" << m_step + 1 << m_stepConfig.name << "starts";
    m_child.reset(
        new ChildGroup(commandFor(m_stepConfig, next.attempt, m_dispatcher.paths().root, m_configuration.settings), m_clock));
    connect(m_child.get(), &ChildGroup::finished, this, &CycleRunner::stepEnded);
    m_child->start();
    Q_EMIT stepStarted();
}

void CycleRunner::stepEnded(const ChildEnd &end)
{
    m_child.reset();
    if (m_isRecordForeign)
        m_dispatcher.reloadCycleFields();
    if (m_isInterrupting) { // counted when it was interrupted
        logStepEnd({.end = StepEnd::Interrupted, .error = {}}, end);
        finish(false);
        return;
    }
    const StepOutcome outcome = outcomeOf(end);
    const auto next = m_book.stepEnded(m_step, outcome, now());
    Q_EMIT progressChanged(m_book.isComplete());
    logStepEnd(outcome, end);
    if (const auto entered = m_book.takeEntered()) {
        qCWarning(lcCycle).noquote() << "the sleep cycle is quarantined:" << entered->reason;
        m_dispatcher.log({now(),
                          logkind::kQuarantineEntered,
                          {{"reason"_L1, entered->reason},
                           {"until_ts"_L1, formatTimestamp(entered->until)},
                           {"ttl_hours"_L1, seconds(m_configuration.settings.quarantineTtl) / 3600.0}}});
    }
    mirror();
    goOn(next);
}

void CycleRunner::logStepEnd(const StepOutcome &outcome, const ChildEnd &end)
{
    QJsonObject fields{{"step"_L1, m_stepConfig.name}, {"step_num"_L1, m_step + 1}, {"duration_sec"_L1, seconds(end.took)}};
    switch (outcome.end) {
    case StepEnd::Done: qCInfo(lcCycle).noquote() << "sleep step" << m_step + 1 << m_stepConfig.name << "is done"; break;
    case StepEnd::Deferred:
    case StepEnd::Interrupted:
        fields.insert("error"_L1, QString(u"deferred:step="_s + m_stepConfig.name));
        qCInfo(lcCycle).noquote() << "sleep step" << m_step + 1 << m_stepConfig.name << "is deferred";
        break;
    case StepEnd::Failed:
        fields.insert("error"_L1, outcome.error);
        fields.insert("attempt"_L1, m_book.memory().strikes.value(m_stepConfig.name).count);
        if (m_stepConfig.logOutput)
            fields.insert("output"_L1, QString::fromUtf8(end.tail));
        qCWarning(lcCycle).noquote() << "sleep step" << m_step + 1 << m_stepConfig.name << "failed:" << outcome.error;
        break;
    }
    m_dispatcher.log({now(), logkind::kSleepStepCompleted, fields});
}

/// The mark is durable already: what a crash loses here is a line in the log, not a night's work done twice.
void CycleRunner::complete()
{
    DigestNumbers numbers = m_book.takeNumbers();
    const double duration = numbers.value(u"duration_sec"_s) + seconds(m_builtInTook);
    numbers.insert(u"duration_sec"_s, duration);
    mirror();
    if (const auto added = addCycleToPendingDigest(m_daemonState, numbers, now()); !added)
        qCWarning(lcStorage).noquote() << "cannot add the sleep cycle to the digest:" << added.error().text();
    m_dispatcher.log({now(), logkind::kSleepCycleCompleted, {{"duration_sec"_L1, duration}}});
    qCInfo(lcCycle) << "sleep cycle completed";
    finish(true);
}

void CycleRunner::finish(bool isCompleted)
{
    m_builtInTimer.stop();
    m_phase = Phase::Idle;
    m_isForced = m_isInterrupting = false;
    if (const auto next = std::exchange(m_nextConfiguration, std::nullopt))
        apply(*next);
    const bool isForceDue = std::exchange(m_isForceDue, false);
    Q_EMIT finished(isCompleted);
    if (isForceDue)
        start(true);
}

QJsonObject CycleRunner::status() const
{
    const CycleMemory &memory = m_book.memory();
    QJsonArray strikes;
    for (auto step = memory.strikes.begin(); step != memory.strikes.end(); ++step) {
        strikes.append(QJsonObject{
            {"step"_L1, step.key()}, {"count"_L1, step->count}, {"error"_L1, step->error}, {"ts"_L1, formatTimestamp(step->at)}});
    }
    const auto running = runningStep();
    return {{"progress"_L1, progressMirror(memory)},
            {"strikes"_L1, strikes},
            {"quarantine"_L1, quarantineMirror(memory)},
            {"steps"_L1, QJsonArray::fromStringList(namesOf(m_configuration.steps))},
            {"deferrals"_L1, memory.deferrals},
            {"retry_at"_L1, memory.retryAt ? QJsonValue(formatTimestamp(*memory.retryAt)) : QJsonValue()},
            {"running_step"_L1, running ? QJsonValue(*running) : QJsonValue()}};
}

} // namespace dormouse
