// SPDX-License-Identifier: MIT
// Forty simulated days of one agent's uptime with a busy life: each morning it wakes, each night it sleeps, and what it keeps in memory is as much on
// the last night as on the first. A user would lose an agent that grows slow, or a night's housekeeping. DORMOUSE_SEED replays a life.
#include "tests/support/states.h"
#include "tests/support/world.h"

#include <QJsonDocument>
#include <QtTest>

#include <random>

#ifdef __GLIBC__
#include <malloc.h>
#endif

using namespace dormouse;
using namespace std::chrono_literals;

namespace {

constexpr int kDays = 40;
constexpr int kSettled = 5;   ///< nights after which whatever is made once is made
constexpr int kMeasured = 10; ///< nights at either end that are compared: what is remembered of a day is never quite the same
constexpr double kVariation = 1.75;
constexpr qint64 kHeapVariation = 8 * 1024;
constexpr qint64 kWritesADay = 3'000;

/// Counts what the driver does wrong.
class Complaints final : public Witness
{
public:
    void entered(State, State, Event) override {}
    void evaluated() override {}
    void broken(const char *what) override { list.append(QString::fromLatin1(what)); }

    QStringList list;
};

/// What an agent keeps that could grow, added up over some nights.
struct Kept {
    qint64 memoryBytes = 0;
    qint64 wrappers = 0;
    qint64 leases = 0;
    qint64 heap = 0;
};

/// Only without the allocator's own stock, which counts as used and fills up for long.
bool isHeapTold()
{
#if defined(__GLIBC__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
    return qgetenv("GLIBC_TUNABLES").contains("tcache_count=0");
#else
    return false;
#endif
}

qint64 heapInUse()
{
#ifdef __GLIBC__
    if (isHeapTold())
        return static_cast<qint64>(mallinfo2().uordblks);
#endif
    return 0;
}

} // namespace

class TestFortyDays : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void aBusyLife_data();
    void aBusyLife();

private:
    void day();
    void hour();
    void clientEvent(int kind);
    void agentEvent(int kind);
    void evening();
    void addUp(Kept &kept);
    [[nodiscard]] int pick(int below) { return static_cast<int>(m_random() % static_cast<quint64>(below)); }

    quint64 m_seed = 0;
    std::mt19937_64 m_random;
    Complaints m_complaints;
    std::unique_ptr<World> m_world;
    quint64 m_lastConnection = 0;
    qint64 m_events = 0;
};

void TestFortyDays::initTestCase()
{
    bool isGiven = false;
    m_seed = qEnvironmentVariable("DORMOUSE_SEED").toULongLong(&isGiven);
    if (!isGiven)
        m_seed = std::random_device()();
    qInfo("DORMOUSE_SEED=%llu replays it", static_cast<unsigned long long>(m_seed));
}

void TestFortyDays::init()
{
    m_random.seed(m_seed);
    m_complaints.list.clear();
    m_events = 0;
}

void TestFortyDays::clientEvent(int kind)
{
    const int count = static_cast<int>(m_world->clients().size());
    if (count < 2 || kind < 3) {
        if (count < 12)
            m_world->attach({.tellsActive = pick(2) == 0, .isLeaked = false, .phase = Millis(1s) * (1 + pick(29))});
        return;
    }
    const int client = pick(count);
    switch (kind) {
    case 3: return m_world->detach(client);
    case 4: return m_world->kill(client);
    case 5: return m_world->freeze(client);
    case 6: return m_world->thaw(client);
    case 7: return m_world->leak(client);
    case 8: return m_world->removeFile(client);
    default: return m_world->requestFrom(client);
    }
}

void TestFortyDays::agentEvent(int kind)
{
    switch (kind) {
    case 0: m_world->request({QStringLiteral("session-%1").arg(m_events), 0}); return;
    case 1: m_world->writeSignal(); return;
    case 2: m_world->pause(Millis(1min) * (1 + pick(90))); return;
    case 3: m_world->resume(); return;
    case 4: m_world->wish(pick(2) == 0 ? State::Sleep : State::Hibernation, true); return;
    case 5: m_world->lease(QStringLiteral("run-%1").arg(m_events), Millis(1min) * (1 + pick(120)), 0, ++m_lastConnection); return;
    case 6: m_world->closeConnection(m_lastConnection); return;
    case 7: m_world->input(); return;
    case 8: m_world->suspend(Millis(1min) * (1 + pick(480)), pick(2) == 0); return;
    default: m_world->stepWall((pick(2) == 0 ? 1 : -1) * (pick(2) == 0 ? Millis(24h) : Millis(1h))); return;
    }
}

void TestFortyDays::hour()
{
    for (int event = pick(40); event > 0; --event) {
        ++m_events;
        if (pick(10) < 7)
            clientEvent(pick(11));
        else
            agentEvent(pick(10));
        m_world->pass(Millis(1s) * pick(90));
    }
    m_world->pass(Millis(1min) * pick(30));
}

/// All go, whatever they were about.
void TestFortyDays::evening()
{
    while (!m_world->clients().empty())
        m_world->detach(0);
    for (quint64 connection = 1; connection <= m_lastConnection; ++connection)
        m_world->closeConnection(connection);
    m_lastConnection = 0;
    m_world->resume();
}

void TestFortyDays::day()
{
    const qint64 writes = m_world->writes();
    const qint64 events = m_events;
    m_world->attach();
    COMPARE_STATE(*m_world, State::Wake);
    for (int hours = 0; hours < 12; ++hours)
        hour();
    m_world->attach(); // somebody new, so that the night follows a day
    m_world->pass(2min);
    COMPARE_STATE(*m_world, State::Wake);
    evening();
    const int cycles = m_world->cyclesCompleted();
    m_world->pass(9h);
    COMPARE_STATE(*m_world, State::Hibernation);
    QCOMPARE(m_world->cyclesCompleted(), cycles + 1);
    const qint64 spent = m_world->writes() - writes - 4 * (m_events - events);
    QVERIFY2(spent <= kWritesADay, qPrintable(QString::number(spent)));
}

void TestFortyDays::addUp(Kept &kept)
{
    kept.memoryBytes += formatMemory(m_world->driver().memory(m_world->now())).size();
    kept.wrappers += static_cast<qint64>(m_world->driver().presence().wrappers().size());
    kept.leases += static_cast<qint64>(m_world->driver().leases().size());
    kept.heap += heapInUse();
}

void TestFortyDays::aBusyLife_data()
{
    QTest::addColumn<PresencePolicy>("presence");
    QTest::newRow("attached") << PresencePolicy::Attached;
    QTest::newRow("active") << PresencePolicy::Active;
}

void TestFortyDays::aBusyLife()
{
    QFETCH(PresencePolicy, presence);
    Settings settings;
    settings.presence = presence;
    settings.hibernation = HibernationMode::Linger;
    m_world = std::make_unique<World>(settings, &m_complaints);
    m_world->start();
    Kept first;
    Kept last;
    for (int number = 1; number <= kDays; ++number) {
        day();
        if (QTest::currentTestFailed()) {
            qInfo("on day %d", number);
            return;
        }
        if (number > kSettled && number <= kSettled + kMeasured)
            addUp(first);
        else if (number > kDays - kMeasured)
            addUp(last);
    }
    qInfo("%d days, %lld events; a night's mean at either end: dormouse.json %lld, %lld bytes; heap %lld, %lld bytes", kDays,
          static_cast<long long>(m_events), static_cast<long long>(first.memoryBytes / kMeasured),
          static_cast<long long>(last.memoryBytes / kMeasured), static_cast<long long>(first.heap / kMeasured),
          static_cast<long long>(last.heap / kMeasured));
    if (!isHeapTold())
        qWarning("the heap is not compared: that needs glibc and GLIBC_TUNABLES=glibc.malloc.tcache_count=0");
    QCOMPARE(m_complaints.list, QStringList());
    QCOMPARE(first.wrappers + last.wrappers, 0);
    QCOMPARE(first.leases + last.leases, 0);
    QVERIFY2(double(last.memoryBytes) <= kVariation * double(first.memoryBytes), "dormouse.json grows");
    QVERIFY2(last.heap <= first.heap + kMeasured * kHeapVariation, "the heap grows");
    QVERIFY(m_world->isRunning());
}

QTEST_GUILESS_MAIN(TestFortyDays)
#include "tst_fortydays.moc"
