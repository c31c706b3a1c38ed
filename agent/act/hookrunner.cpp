// SPDX-License-Identifier: MIT
#include "agent/act/hookrunner.h"

#include "shared/base/defaults.h"
#include "shared/base/logging.h"
#include "shared/base/text.h"

namespace dormouse {

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr Millis kHookLimit = 30s;
constexpr std::size_t kWaitingMax = 16; ///< a client that comes and goes must not pile hooks up

} // namespace

HookRunner::HookRunner(QString root, const Clock &clock, QObject *parent)
    : QObject(parent), m_root(std::move(root)), m_clock(clock)
{
}

HookRunner::~HookRunner()
{
    delete m_child.release(); // now: there may be no event loop any more
}

void HookRunner::configure(const QMap<State, QList<QStringList>> &hooks, const QMap<QString, QString> &environment)
{
    m_hooks = hooks;
    m_environment = environment;
}

void HookRunner::entered(State state)
{
    const QList<QStringList> commands = m_hooks.value(state);
    if (commands.isEmpty())
        return;
    m_waiting.push_back({state, {commands.begin(), commands.end()}});
    if (m_waiting.size() > kWaitingMax + 1) {
        const auto oldest = std::next(m_waiting.begin());
        qCWarning(lcCycle).noquote() << "hooks of" << toString(oldest->state) << "are left out: those before them have not ended";
        m_waiting.erase(oldest);
    }
    if (!m_child)
        runNext();
}

void HookRunner::runNext()
{
    while (!m_waiting.empty() && m_waiting.front().commands.empty())
        m_waiting.pop_front();
    if (m_waiting.empty()) {
        Q_EMIT idle();
        return;
    }
    const State state = m_waiting.front().state;
    const QStringList command = m_waiting.front().commands.front();
    m_waiting.front().commands.pop_front();
    QMap<QString, QString> environment = m_environment;
    environment.insert(u"DORMOUSE_ROOT"_s, m_root);
    environment.insert(u"DORMOUSE_STATE"_s, QString(toString(state)));
    m_child.reset(new ChildGroup({.command = command, .environment = environment, .timeout = kHookLimit, .nice = 0}, m_clock));
    connect(m_child.get(), &ChildGroup::finished, this,
            [this, command, state](const ChildEnd &end) { ended(command, state, end); });
    qCDebug(lcCycle).noquote() << "hook of" << toString(state) << command.value(0);
    m_child->start();
}

void HookRunner::ended(const QStringList &command, State state, const ChildEnd &end)
{
    m_child.reset();
    if (!end.error.isEmpty()) {
        qCWarning(lcCycle).noquote() << "the hook" << command.value(0) << "of" << toString(state) << "failed:" << end.error;
        Q_EMIT logged({m_clock.now().wall,
                       logkind::kHookFailed,
                       {{"state"_L1, QString(toString(state))},
                        {"command"_L1, command.value(0)},
                        {"error"_L1, sanitized(end.error, defaults::kReasonMax)},
                        {"output"_L1, QString::fromUtf8(end.tail)}}});
    }
    runNext();
}

} // namespace dormouse
