// SPDX-License-Identifier: MIT
#include "cli/doctor/autostart.h"

#include "shared/control/servedroot.h"

#include <QDir>
#include <QFile>

#include <unistd.h>

namespace dormouse::doctor {
namespace {

using namespace Qt::Literals::StringLiterals;

constexpr qint64 kPropertyListBytesMax = 64 * 1024;
constexpr QLatin1StringView kLabel{"io.dormouse.agent"};

/// `"io.dormouse.agent" => disabled` (true, in older systems) in the list of what the user has disabled.
bool isDisabled(const QString &list)
{
    for (const QString &line : list.split(u'\n')) {
        if (line.contains(u'"' + kLabel + u'"'))
            return line.contains("disabled"_L1) || line.contains("true"_L1);
    }
    return false;
}

} // namespace

AutostartFacts autostartFacts(const RootPaths &paths, const QString &socketPath)
{
    AutostartFacts facts;
    facts.manager = u"launchd"_s;
    QFile file(QDir::homePath() + u"/Library/LaunchAgents/"_s + kLabel + u".plist"_s);
    if (!file.open(QIODevice::ReadOnly))
        return facts;
    const QByteArray text = file.read(kPropertyListBytesMax);
    facts.unit = file.fileName();
    facts.command = commandOfPropertyList(text);
    judgeCommand(facts, paths, socketPath);

    const QString domain = u"gui/%1"_s.arg(::getuid());
    const QString launchctl = u"/bin/launchctl"_s;
    if (const auto list = printedBy(launchctl, {u"print-disabled"_s, domain}))
        facts.isEnabled = !isDisabled(*list);
    facts.enableCommand = u"launchctl enable %1/%2"_s.arg(domain, kLabel);
    // The label itself watches, by KeepAlive and PathState.
    facts.trigger = facts.unit;
    facts.isTriggerRight = QString::fromUtf8(text).contains(u"<key>"_s + paths.wakeSignal().toHtmlEscaped() + u"</key>"_s);
    if (const auto label = printedBy(launchctl, {u"print"_s, domain + u'/' + kLabel}))
        facts.triggerState = label->isEmpty() ? u"inactive"_s : u"active"_s;
    facts.triggerCommand = u"launchctl bootstrap %1 %2"_s.arg(domain, facts.unit);
    facts.isSocketInstalled = text.contains("<key>Sockets</key>") && facts.servesThis;
    return facts;
}

} // namespace dormouse::doctor
