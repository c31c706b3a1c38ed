// SPDX-License-Identifier: MIT
#include "tray/toldnotices.h"

#include <QFileInfo>
#include <QSettings>
#include <QTemporaryDir>
#include <QTest>

#include <sys/stat.h>

using namespace dormouse;
using namespace Qt::Literals::StringLiterals;

/// What has been told is not told again; and nobody else can see it, or put something of his beside it.
class TestToldNotices : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void areKeptPrivatelyWhateverTheUmask()
    {
        const QTemporaryDir folder;
        QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, folder.filePath(u"new/config"_s));
        const ToldNotices notices({u"/a/root"_s});
        const mode_t before = ::umask(0);
        notices.save({u"digest"_s, u"quarantine"_s});
        ::umask(before);
        QCOMPARE(notices.load(), QStringList({u"digest"_s, u"quarantine"_s}));
        QCOMPARE(ToldNotices({u"/another"_s}).load(), QStringList());
        constexpr auto kOthers =
            QFile::ReadGroup | QFile::WriteGroup | QFile::ExeGroup | QFile::ReadOther | QFile::WriteOther | QFile::ExeOther;
        for (const QString &path : {u"new"_s, u"new/config"_s, u"new/config/dormouse"_s, u"new/config/dormouse/tray.ini"_s}) {
            const QFileInfo info(folder.filePath(path));
            QVERIFY2(info.exists() && (info.permissions() & kOthers) == 0, qPrintable(path));
        }
    }
};

QTEST_GUILESS_MAIN(TestToldNotices)
#include "tst_toldnotices.moc"
