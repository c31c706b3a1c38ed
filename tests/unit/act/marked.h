// SPDX-License-Identifier: MIT
#pragma once

#include "shared/base/clock.h"

#include <QDir>
#include <QFile>
#include <QTest>
#include <QUuid>

#include <QList>

#include <signal.h>
#include <unistd.h>

namespace dormouse::test {

using namespace Qt::Literals::StringLiterals;

/// The fields of /proc/PID/stat behind the name: state, parent, group, session.
inline QList<QByteArray> statOf(qint64 pid)
{
    QFile file(u"/proc/%1/stat"_s.arg(pid));
    if (!file.open(QIODevice::ReadOnly))
        return {};
    const QByteArray stat = file.readAll();
    return stat.mid(stat.lastIndexOf(") ") + 2).split(' ');
}

/// A mark in the environment of children, by which all of them are found again, wherever they have gone.
class Mark
{
public:
    [[nodiscard]] QMap<QString, QString> environment() const { return {{u"DORMOUSE_TEST_MARK"_s, m_text}}; }
    [[nodiscard]] QString text() const { return m_text; }

    /// Living processes that carry it.
    [[nodiscard]] QList<qint64> processes() const
    {
        QList<qint64> found;
        for (const QString &name : QDir(u"/proc"_s).entryList(QDir::Dirs)) {
            bool isNumber = false;
            const qint64 pid = name.toLongLong(&isNumber);
            QFile file(u"/proc/%1/environ"_s.arg(pid));
            if (isNumber && file.open(QIODevice::ReadOnly) && file.readAll().contains(m_text.toUtf8())
                && statOf(pid).value(0) != "Z")
                found.append(pid);
        }
        return found;
    }
    ~Mark()
    {
        for (const qint64 pid : processes())
            ::kill(static_cast<pid_t>(pid), SIGKILL);
    }

private:
    QString m_text = QUuid::createUuid().toString(QUuid::WithoutBraces);
};

/// Children of this process that nobody has taken.
inline QList<qint64> zombies()
{
    QList<qint64> found;
    for (const QString &name : QDir(u"/proc"_s).entryList(QDir::Dirs)) {
        bool isNumber = false;
        const qint64 pid = name.toLongLong(&isNumber);
        const QList<QByteArray> stat = isNumber ? statOf(pid) : QList<QByteArray>();
        if (stat.value(0) == "Z" && stat.value(1).toLongLong() == ::getpid())
            found.append(pid);
    }
    return found;
}

/// Resident memory of this process in bytes.
inline qint64 residentBytes()
{
    QFile file(u"/proc/self/statm"_s);
    return file.open(QIODevice::ReadOnly) ? file.readAll().split(' ').value(1).toLongLong() * ::sysconf(_SC_PAGESIZE) : -1;
}

} // namespace dormouse::test
