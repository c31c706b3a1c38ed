// SPDX-License-Identifier: MIT
// Runs a ServiceKeeper for the tests beside it: services and their configuration from ROOT/dormouse.toml, commands on stdin, one JSON object a line on stdout.
//
//   state WAKE|DROWSY|SLEEP|HIBERNATION · start|stop|restart|leave_alone NAME · reload · poll · look · end (as SIGTERM does) · quit (services go on)
#include "agent/act/servicekeeper.h"
#include "shared/base/logging.h"
#include "shared/records/json.h"
#include "shared/storage/writerlock.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QProcessEnvironment>
#include <QSocketNotifier>

#include <csignal>
#include <cstdio>
#include <unistd.h>

using namespace dormouse;
using namespace Qt::Literals::StringLiterals;

namespace {

void tell(const QJsonObject &object)
{
    std::printf("%s\n", formatJsonLine(object).constData());
    std::fflush(stdout);
}

QJsonObject toJson(const ServiceView &view)
{
    QJsonObject object{{"name"_L1, view.name}, {"state"_L1, view.state}, {"restarts"_L1, view.restarts}};
    object.insert("pid"_L1, view.pid ? QJsonValue(*view.pid) : QJsonValue());
    object.insert("rss_bytes"_L1, view.rssBytes ? QJsonValue(*view.rssBytes) : QJsonValue());
    object.insert("ready_in_sec"_L1, view.readyInSec ? QJsonValue(*view.readyInSec) : QJsonValue());
    return object;
}

class Probe : public QObject
{
public:
    explicit Probe(const QString &root)
        : m_paths{root}, m_processes(systemProcessTable()), m_keeper(m_paths, *m_processes, m_clock)
    {
        connect(&m_keeper, &ServiceKeeper::logged, this, [](const LogEntry &entry) {
            tell({{"log"_L1, entry.kind}, {"fields"_L1, entry.fields}});
        });
        connect(&m_keeper, &ServiceKeeper::allStopped, this, [] { tell({{"all_stopped"_L1, true}}); });
        connect(&m_input, &QSocketNotifier::activated, this, &Probe::read);
    }

    bool begin()
    {
        if (!configure())
            return false;
        tell({{"ready"_L1, true}});
        m_keeper.adopt();
        return true;
    }

private:
    bool configure()
    {
        QMap<QString, QString> environment;
        const Result<Configuration> configuration = loadConfiguration({m_paths.configuration(), environment, {}});
        if (!configuration) {
            std::fprintf(stderr, "%s\n", qPrintable(configuration.error().text()));
            return false;
        }
        m_keeper.configure(configuration.value(), m_keeper.leftAlone());
        return true;
    }

    void read()
    {
        QByteArray bytes(4096, Qt::Uninitialized);
        const ssize_t got = ::read(STDIN_FILENO, bytes.data(), std::size_t(bytes.size()));
        if (got <= 0)
            return QCoreApplication::exit(0);
        m_line += bytes.left(got);
        for (qsizetype end = m_line.indexOf('\n'); end >= 0; end = m_line.indexOf('\n')) {
            const QStringList words = QString::fromUtf8(m_line.left(end)).split(u' ', Qt::SkipEmptyParts);
            m_line.remove(0, end + 1);
            if (!words.isEmpty())
                obey(words.front(), words.value(1));
        }
    }

    void obey(const QString &verb, const QString &word)
    {
        static const QMap<QString, ServiceKeeper::Action> actions{{u"start"_s, ServiceKeeper::Action::Start},
                                                                  {u"stop"_s, ServiceKeeper::Action::Stop},
                                                                  {u"restart"_s, ServiceKeeper::Action::Restart},
                                                                  {u"leave_alone"_s, ServiceKeeper::Action::LeaveAlone}};
        if (verb == "state"_L1)
            m_keeper.setState(*stateFromString(word));
        else if (actions.contains(verb))
            act(word, actions.value(verb));
        else if (verb == "reload"_L1)
            tell({{"reloaded"_L1, configure()}});
        else if (verb == "poll"_L1)
            m_keeper.poll();
        else if (verb == "look"_L1)
            look();
        else if (verb == "end"_L1)
            m_keeper.stopAll();
        else if (verb == "quit"_L1)
            QCoreApplication::exit(0);
    }

    void act(const QString &name, ServiceKeeper::Action action)
    {
        const Result<ServiceView> view = m_keeper.act(name, action);
        tell(view ? QJsonObject{{"acted"_L1, toJson(view.value())}} : QJsonObject{{"error"_L1, view.error().text()}});
    }

    void look()
    {
        QJsonArray views;
        for (const ServiceView &view : m_keeper.views())
            views.append(toJson(view));
        QJsonObject troubled;
        const QMap<QString, QString> reasons = m_keeper.troubled();
        for (auto reason = reasons.begin(); reason != reasons.end(); ++reason)
            troubled.insert(reason.key(), reason.value());
        tell({{"views"_L1, views},
              {"troubled"_L1, troubled},
              {"freed_bytes"_L1, m_keeper.freedBytes()},
              {"any_stopping"_L1, m_keeper.isAnyStopping()},
              {"all_ready"_L1, m_keeper.isAllReady()}});
    }

    RootPaths m_paths;
    SystemClock m_clock;
    std::unique_ptr<ProcessTable> m_processes;
    ServiceKeeper m_keeper;
    QSocketNotifier m_input{STDIN_FILENO, QSocketNotifier::Read};
    QByteArray m_line;
};

} // namespace

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    ::signal(SIGPIPE, SIG_IGN); // as the agent has it
    if (argc != 2 || !installLogging(u"info"_s))
        return 2;
    const RootPaths paths{QString::fromLocal8Bit(argv[1])};
    WriterLock lock(paths);
    if (const auto prepared = prepareRoot(paths); !prepared)
        return 1;
    if (const auto locked = lock.acquire(std::chrono::seconds(3)); !locked)
        return 75;
    Probe probe(paths.root);
    return probe.begin() ? QCoreApplication::exec() : 1;
}
