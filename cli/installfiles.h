// SPDX-License-Identifier: MIT
#pragma once

#include "shared/base/result.h"
#include "shared/startup/installmark.h"

#include <QByteArray>
#include <QString>
#include <QStringList>

#include <functional>
#include <optional>
#include <vector>

namespace dormouse {

/// One start-up file as it is to be.
struct InstallFile {
    QString path;
    QByteArray content;

    bool operator==(const InstallFile &) const = default;
};

/// Writes and removes start-up files, tells each step, and can undo all of it. In a rehearsal it only tells.
class InstallFiles
{
public:
    using Say = std::function<void(const QString &line)>;
    InstallFiles(bool isRehearsal, Say say);

    /// Nothing when there is no such file. Errors: Refused for a symbolic link (a masked unit is one) or a folder, TooLarge, Io.
    [[nodiscard]] static Result<std::optional<QByteArray>> read(const QString &path);
    /// Makes folders that are missing. With `keepsOld` what was there is renamed aside and told.
    [[nodiscard]] Result<void> write(const InstallFile &file, bool keepsOld);
    [[nodiscard]] Result<void> remove(const QString &path);
    /// Removes `folder` and those above it, up to `top`, as far as they are empty.
    void removeEmpty(const QString &folder, const QString &top);
    /// Puts everything back; what failed, one sentence each.
    [[nodiscard]] QStringList undo();

private:
    struct Former {
        QString path;
        std::optional<QByteArray> content;
        QString backup;
    };
    [[nodiscard]] Result<void> makeFolder(const QString &folder);

    bool m_isRehearsal;
    Say m_say;
    std::vector<Former> m_former;
    QStringList m_madeFolders;
};

} // namespace dormouse
