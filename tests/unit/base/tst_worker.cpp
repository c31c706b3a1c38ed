// SPDX-License-Identifier: MIT
#include "shared/base/worker.h"

#include <QRegularExpression>
#include <QTest>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <future>
#include <vector>

#include <pthread.h>

using namespace dormouse;

#if defined(__GLIBC__)
#include <sys/resource.h>

/// While it lives no thread can be started: nobody has so much room for a stack.
class NoThreads
{
public:
    NoThreads()
    {
        pthread_getattr_default_np(&m_before);
        pthread_attr_t attributes;
        pthread_attr_init(&attributes);
        pthread_attr_setstacksize(&attributes, std::size_t{1} << 46);
        pthread_setattr_default_np(&attributes);
        pthread_attr_destroy(&attributes);
    }
    ~NoThreads()
    {
        pthread_setattr_default_np(&m_before);
        pthread_attr_destroy(&m_before);
    }
    NoThreads(const NoThreads &) = delete;
    NoThreads &operator=(const NoThreads &) = delete;

private:
    pthread_attr_t m_before{};
};
#endif

class TestWorker : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void jobsRunInTheirOrderAndElsewhere();
    void itWaitsWhenItGoes();
    void clearedJobsDoNotRun();
    void withoutAThreadTheJobIsDoneAllTheSame();
};

void TestWorker::jobsRunInTheirOrderAndElsewhere()
{
    std::vector<int> order;
    std::vector<std::thread::id> threads;
    {
        Worker worker;
        for (int burst = 0; burst < 50; ++burst) {
            for (int i = 0; i < 10; ++i) {
                worker.start([&, number = 10 * burst + i] {
                    order.push_back(number);
                    threads.push_back(std::this_thread::get_id());
                });
            }
            if (burst % 2 == 0)
                worker.waitForDone(); // and then goes on with another thread
        }
    }
    QCOMPARE(order.size(), 500U);
    QVERIFY(std::is_sorted(order.begin(), order.end()));
    QVERIFY(std::find(threads.begin(), threads.end(), std::this_thread::get_id()) == threads.end());
}

void TestWorker::itWaitsWhenItGoes()
{
    std::atomic<int> done = 0;
    {
        Worker worker;
        for (int i = 0; i < 3; ++i) {
            worker.start([&done] {
                std::this_thread::sleep_for(std::chrono::milliseconds(20));
                ++done;
            });
        }
    }
    QCOMPARE(done.load(), 3);
}

void TestWorker::clearedJobsDoNotRun()
{
    std::promise<void> mayEnd;
    std::promise<void> begun;
    std::atomic<int> done = 0;
    Worker worker;
    worker.start([&] {
        begun.set_value();
        mayEnd.get_future().wait();
        ++done;
    });
    begun.get_future().wait();
    worker.start([&done] { ++done; });
    worker.clear();
    mayEnd.set_value();
    worker.waitForDone();
    QCOMPARE(done.load(), 1);
}

void TestWorker::withoutAThreadTheJobIsDoneAllTheSame()
{
#if defined(__GLIBC__)
    int done = 0;
    {
        Worker worker;
        {
            const NoThreads none;
            QTest::ignoreMessage(QtWarningMsg, QRegularExpression(QStringLiteral("^no thread can be started")));
            worker.start([&done] { ++done; });
            QCOMPARE(done, 1);
        }
        worker.start([&done] { ++done; }); // and there are threads again
    }
    QCOMPARE(done, 2);
#else
    QSKIP("no way to make a thread's start fail here");
#endif
}

QTEST_APPLESS_MAIN(TestWorker)
#include "tst_worker.moc"
