// SPDX-License-Identifier: MIT
#include "tray/welcome/agentinstaller.h"

#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace dormouse;
using namespace Qt::Literals::StringLiterals;

/// Who presses Install learns what came of it, in the words of the command that did it.
class TestAgentInstaller : public QObject
{
    Q_OBJECT

private:
    QTemporaryDir m_folder;

    /// A stand-in for the command line.
    QString program(const QByteArray &script)
    {
        const QString path = m_folder.filePath(u"dormouse"_s);
        QFile::remove(path);
        QFile file(path);
        if (!file.open(QIODevice::WriteOnly) || file.write("#!/bin/sh\n" + script) < 0)
            return {};
        file.setPermissions(QFileDevice::ReadOwner | QFileDevice::WriteOwner | QFileDevice::ExeOwner);
        return path;
    }
    QString installed(const QString &path)
    {
        AgentInstaller installer({u"/some root"_s}, path);
        QSignalSpy finished(&installer, &AgentInstaller::finished);
        installer.start();
        return finished.wait(10'000) && finished.count() == 1 ? finished.at(0).at(0).toString() : u"(nothing)"_s;
    }

private Q_SLOTS:
    void runsTheCommandForItsRoot()
    {
        const QString path = program("printf '%s|' \"$@\" > \"$0.told\"\n");
        QVERIFY(AgentInstaller({u"/some root"_s}, path).isPossible());
        QCOMPARE(installed(path), QString());
        QFile told(path + u".told"_s);
        QVERIFY(told.open(QIODevice::ReadOnly));
        QCOMPARE(told.readAll(), QByteArray("install|--root|/some root|"));
    }

    void tellsWhyNot()
    {
        QCOMPARE(installed(program("echo step >&2; echo 'no user manager runs here' >&2; exit 1\n")),
                 u"no user manager runs here"_s);
        QVERIFY(installed(program("exit 69\n")).contains(u"69"_s));
    }

    void goesOnWhenItsWindowIsClosed()
    {
        const QString path =
            program("echo begun > \"$0.begun\"; while ! test -e \"$0.go\"; do sleep 0.05; done; echo done > \"$0.done\"\n");
        {
            AgentInstaller installer({u"/some root"_s}, path);
            installer.start();
            QTRY_VERIFY(QFile::exists(path + u".begun"_s));
        }
        QFile go(path + u".go"_s);
        QVERIFY(go.open(QIODevice::WriteOnly));
        go.close();
        QTRY_VERIFY2(QFile::exists(path + u".done"_s), "an installation cut off half-way undoes nothing");
    }

    void isNotOfferedWithoutTheCommand()
    {
        const QString path = m_folder.filePath(u"nowhere"_s);
        QVERIFY(!AgentInstaller({u"/some root"_s}, path).isPossible());
        QVERIFY(!installed(path).isEmpty());
    }
};

QTEST_GUILESS_MAIN(TestAgentInstaller)
#include "tst_agentinstaller.moc"
