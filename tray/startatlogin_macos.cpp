// SPDX-License-Identifier: MIT
// The app bundle is a login item where it can be one. macOS starts that without options, so another root than the default one needs the LaunchAgent
// that `dormouse install --tray` writes; so does a program outside a bundle, and macOS 12. launchd reads the file at the next login; the tray that
// writes it runs already, so nothing is loaded now.
#include "tray/startatlogin.h"

#include "shared/startup/traystart.h"
#include "shared/storage/file.h"
#include "shared/storage/rootpaths.h"
#include "tray/loginitem.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QFileInfo>

#include <cerrno>

namespace dormouse {
namespace {

using namespace Qt::Literals::StringLiterals;

class LaunchAtLogin : public StartAtLogin
{
public:
    LaunchAtLogin(InstallFacts facts, std::unique_ptr<LoginItem> item)
        : m_facts(std::move(facts)), m_item(std::move(item)), m_path(launchAgentPath(QDir::homePath(), kTrayLabel))
    {
    }

    [[nodiscard]] std::optional<bool> isEnabled() const override { return hasFile() || (m_item && m_item->isEnabled()); }

    /// Never both: the session would start two trays, and the second opens a window of the first.
    [[nodiscard]] Result<void> setEnabled(bool enabled) override
    {
        const bool isItem = enabled && m_item && isDefault();
        if (isItem) {
            if (const Result<void> on = m_item->setEnabled(true); !on)
                return on;
        } else if (enabled) {
            if (const Result<void> written = writeFile(); !written)
                return written;
        }
        if (!isItem && m_item && m_item->isEnabled()) {
            if (const Result<void> off = m_item->setEnabled(false); !off)
                return off;
        }
        return enabled && !isItem ? Result<void>() : removeFile();
    }

private:
    [[nodiscard]] bool hasFile() const { return QFileInfo(m_path).isFile(); }

    /// What a tray without options and environment would show.
    [[nodiscard]] bool isDefault() const
    {
        const RootPaths paths{QDir::homePath() + u"/.iai-mcp"_s};
        return m_facts.root == paths.root && m_facts.socket == paths.socket();
    }

    [[nodiscard]] Result<void> writeFile() const
    {
        if (const Result<void> usable = checkFacts(m_facts); !usable)
            return usable;
        const QString folder = QFileInfo(m_path).absolutePath();
        if (const Result<void> made = makePrivateFolder(u"the folder of the login items"_s, folder); !made)
            return Error{ErrorCode::Permission, u"the folder of the login items cannot be made"_s, folder,
                         made.error().systemError};
        return writeAtomically(m_path, trayPropertyListFile(m_facts));
    }

    [[nodiscard]] Result<void> removeFile() const
    {
        errno = 0;
        if (!hasFile() || QFile::remove(m_path))
            return {};
        return Error{ErrorCode::Permission, u"the login item cannot be taken away"_s, m_path, errno};
    }

    InstallFacts m_facts;
    std::unique_ptr<LoginItem> m_item;
    QString m_path;
};

} // namespace

std::unique_ptr<StartAtLogin> makeStartAtLogin(const RootPaths &paths, const QString &socketPath)
{
    InstallFacts facts;
    facts.tray = lastingPath(QCoreApplication::applicationFilePath());
    facts.root = paths.root;
    facts.socket = socketPath;
    return std::make_unique<LaunchAtLogin>(facts, makeLoginItem());
}

} // namespace dormouse
