// SPDX-License-Identifier: MIT
// The parts of `dormouse install` that this platform does not use itself.
//   installprobe text NAME AGENT TRAY ROOT SOCKET PATH LOGS      prints one start-up file
//   installprobe launchd install|uninstall LAUNCHCTL AGENT TRAY FLAG...   as `dormouse`, with launchd; the root is $DORMOUSE_ROOT
#include "cli/installlaunchd.h"
#include "cli/installrun.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>

#include <cstdio>

#include <unistd.h>

using namespace Qt::Literals::StringLiterals;
using namespace dormouse;

namespace {

int printText(const QStringList &words)
{
    const InstallFacts facts{words.at(3), words.at(4), words.at(5), words.at(6), words.at(7), words.at(8)};
    const QMap<QString, QByteArray> texts{{u"dormouse-agent.service"_s, agentService(facts)},
                                          {u"dormouse-agent-wake.path"_s, wakePath(facts)},
                                          {u"dormouse-agent.socket"_s, agentSocket(facts)},
                                          {u"dormouse-tray.desktop"_s, trayEntry(facts)},
                                          {u"autostart.desktop"_s, trayAutostart(facts)},
                                          {u"agent-autostart.desktop"_s, agentAutostart(facts)},
                                          {u"dormouse.svg"_s, withMark(trayIcon(), CommentStyle::Xml)},
                                          {u"agent.plist"_s, withMark(agentPropertyList(facts, false), CommentStyle::Xml)},
                                          {u"agent-sockets.plist"_s, withMark(agentPropertyList(facts, true), CommentStyle::Xml)},
                                          {u"tray.plist"_s, withMark(trayPropertyList(facts), CommentStyle::Xml)}};
    const QByteArray text = texts.value(words.at(2));
    std::fwrite(text.constData(), 1, static_cast<std::size_t>(text.size()), stdout);
    return text.isEmpty() ? 2 : 0;
}

int runLaunchd(const QStringList &words)
{
    const SystemClock clock;
    Output out(STDOUT_FILENO);
    Output err(STDERR_FILENO);
    const Invocation invocation;
    const std::vector<char *> rawWords{nullptr};
    const RootPaths paths = resolveRoot({});
    const Context context{invocation, rawWords, paths, paths.socket(), clock, out, err};
    const InstallWish wish{words.contains(u"--tray"_s), words.contains(u"--socket-activation"_s), words.contains(u"--dry-run"_s),
                           words.contains(u"--force"_s)};
    const QString home = QDir::homePath();
    const InstallFacts facts{words.at(4),
                             words.at(5),
                             paths.root,
                             paths.socket(),
                             usableSearchPath(qEnvironmentVariable("PATH")),
                             home + u"/Library/Logs"_s};
    LaunchdInstaller service(InstallTool(words.at(3), {}, wish.isRehearsal, [&out](const QString &line) { out.line(line); }),
                             home, 501);
    InstallRun run(context, service, facts, wish);
    return words.at(2) == u"install"_s ? run.install() : run.uninstall();
}

} // namespace

int main(int argc, char **argv)
{
    const QCoreApplication application(argc, argv);
    const QStringList words = QCoreApplication::arguments();
    if (words.size() == 9 && words.at(1) == u"text"_s)
        return printText(words);
    if (words.size() >= 6 && words.at(1) == u"launchd"_s)
        return runLaunchd(words);
    return 2;
}
