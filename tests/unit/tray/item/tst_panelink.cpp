// SPDX-License-Identifier: MIT
#include "tray/item/iconrenderer.h"

#include <QApplication>
#include <QPalette>
#include <QtTest>

using namespace dormouse;
using namespace Qt::Literals::StringLiterals;

namespace {

bool isLight(const QColor &color)
{
    return color.lightness() > 127;
}

} // namespace

/// What a user would lose: an icon that can be seen on the panel of this desktop.
class TestPanelInk : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void cleanup()
    {
        qunsetenv("DORMOUSE_TRAY_INK");
        qunsetenv("XDG_CURRENT_DESKTOP");
    }

    void inkFitsThePanel_data()
    {
        QTest::addColumn<QByteArray>("desktop");
        QTest::addColumn<bool>("hasDarkWindows");
        QTest::addColumn<QByteArray>("wish");
        QTest::addColumn<bool>("wantsLightInk");
        QTest::newRow("light windows") << QByteArray("KDE") << false << QByteArray("") << false;
        QTest::newRow("dark windows") << QByteArray("KDE") << true << QByteArray("") << true;
        QTest::newRow("no desktop named") << QByteArray("") << false << QByteArray("") << false;
        QTest::newRow("GNOME's bar is dark above light windows") << QByteArray("GNOME") << false << QByteArray("") << true;
        QTest::newRow("a flavour of GNOME") << QByteArray("ubuntu:GNOME") << false << QByteArray("") << true;
        QTest::newRow("its fallback session follows the windows")
            << QByteArray("GNOME-Flashback:GNOME") << false << QByteArray("") << false;
        QTest::newRow("the user knows better, dark") << QByteArray("GNOME") << true << QByteArray("dark") << false;
        QTest::newRow("the user knows better, light") << QByteArray("KDE") << false << QByteArray(" Light ") << true;
        QTest::newRow("a wish that is none") << QByteArray("KDE") << false << QByteArray("pink") << false;
    }

    void inkFitsThePanel()
    {
        QFETCH(QByteArray, desktop);
        QFETCH(bool, hasDarkWindows);
        QFETCH(QByteArray, wish);
        QFETCH(bool, wantsLightInk);
        qputenv("XDG_CURRENT_DESKTOP", desktop);
        qputenv("DORMOUSE_TRAY_INK", wish);
        QPalette palette;
        palette.setColor(QPalette::Window, hasDarkWindows ? QColor(0x20, 0x20, 0x20) : QColor(0xef, 0xef, 0xef));
        palette.setColor(QPalette::WindowText, hasDarkWindows ? QColor(0xef, 0xef, 0xef) : QColor(0x20, 0x20, 0x20));
        QApplication::setPalette(palette);
        const IconInk ink = panelInk();
        QCOMPARE(isLight(ink.ink), wantsLightInk);
        QCOMPARE(isLight(ink.halo), !wantsLightInk);
        QVERIFY(ink.halo.alpha() > 0);
    }
};

QTEST_MAIN(TestPanelInk)
#include "tst_panelink.moc"
