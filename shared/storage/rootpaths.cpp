// SPDX-License-Identifier: MIT
#include "shared/storage/rootpaths.h"

#include <QDir>
#include <QFileInfo>

namespace dormouse {
namespace {

using namespace Qt::Literals::StringLiterals;

QString under(const QString &root, QLatin1StringView name)
{
    if (root.endsWith(u'/')) // only "/" itself does
        return root + name;
    return root + u'/' + name;
}

} // namespace

QString RootPaths::wrappers() const
{
    return under(root, "wrappers"_L1);
}
QString RootPaths::record() const
{
    return under(root, "lifecycle_state.json"_L1);
}
QString RootPaths::lifecycleLock() const
{
    return under(root, ".lifecycle.lock"_L1);
}
QString RootPaths::agentLock() const
{
    return under(root, "agent.lock"_L1);
}
QString RootPaths::daemonState() const
{
    return under(root, ".daemon-state.json"_L1);
}
QString RootPaths::memory() const
{
    return under(root, "dormouse.json"_L1);
}
QString RootPaths::services() const
{
    return under(root, "services.json"_L1);
}
QString RootPaths::wakeSignal() const
{
    return under(root, "wake.signal"_L1);
}
QString RootPaths::logs() const
{
    return under(root, "logs"_L1);
}
QString RootPaths::configuration() const
{
    return under(root, "dormouse.toml"_L1);
}
QString RootPaths::socket() const
{
    return under(root, "agent.sock"_L1);
}
QString RootPaths::pythonLocked() const
{
    return under(root, ".locked"_L1);
}

RootPaths resolveRoot(const QString &option)
{
    QString root = option;
    for (const char *variable : {"DORMOUSE_ROOT", "IAI_MCP_STORE"}) {
        if (root.isEmpty())
            root = qEnvironmentVariable(variable);
    }
    if (root.isEmpty())
        root = u"~/.iai-mcp"_s;
    if (root == u'~' || root.startsWith("~/"_L1))
        root = QDir::homePath() + root.mid(1);
    return {QDir::cleanPath(QFileInfo(root).absoluteFilePath())};
}

} // namespace dormouse
