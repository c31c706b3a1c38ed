// SPDX-License-Identifier: MIT
#pragma once

#include <QString>
#include <QStringList>

namespace dormouse {

/// Where systemd looks for units of users and of the system.
struct UnitFolders {
    QStringList user;
    QStringList system;
};

/// Those of this user and machine. Folders that do not exist are in it, too.
[[nodiscard]] UnitFolders standardUnitFolders();

/// The full name of a user's service unit ("x" is "x.service"), or what is wrong with it and the way out, for a person.
struct UserUnit {
    QString name;
    QString fault; ///< empty: it is fine
};

/// A unit that is in no folder at all is fine: a generator may make it.
[[nodiscard]] UserUnit userUnit(const QString &text, const UnitFolders &folders);

} // namespace dormouse
