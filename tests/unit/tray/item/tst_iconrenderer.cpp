// SPDX-License-Identifier: MIT
#include "tray/item/iconrenderer.h"

#include <QElapsedTimer>
#include <QPainter>
#include <QtTest>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

using namespace dormouse;
using namespace Qt::Literals::StringLiterals;

namespace {

const QColor kLightPanel(0xf2, 0xf2, 0xf2);
const QColor kDarkPanel(0x20, 0x20, 0x20);
const IconInk kPlain{QColor(Qt::black), QColor(Qt::transparent)};

struct NamedLook {
    QByteArray name;
    IconLook look;
};

std::vector<NamedLook> allLooks()
{
    static constexpr std::array kShapes{std::pair{"awake", IconShape::Awake}, std::pair{"drowsy", IconShape::Drowsy},
                                        std::pair{"asleep", IconShape::Asleep}, std::pair{"hibernating", IconShape::Hibernating},
                                        std::pair{"no agent", IconShape::NoAgent}};
    std::vector<NamedLook> looks;
    for (const auto &[name, shape] : kShapes) {
        for (const bool hasAttention : {false, true}) {
            for (const bool isHeld : {false, true}) {
                const QByteArray marks = QByteArray(hasAttention ? " !" : "") + (isHeld ? " held" : "");
                looks.push_back({QByteArray(name) + marks, IconLook{shape, hasAttention, isHeld}});
            }
        }
    }
    return looks;
}

/// The inks of this program for a light and a dark panel, by the user's override.
IconInk inkFor(const char *wish)
{
    qputenv("DORMOUSE_TRAY_INK", wish);
    const IconInk ink = panelInk();
    qunsetenv("DORMOUSE_TRAY_INK");
    return ink;
}

double luminance(const QColor &color)
{
    const auto linear = [](double part) { return part <= 0.04045 ? part / 12.92 : std::pow((part + 0.055) / 1.055, 2.4); };
    return 0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF()) + 0.0722 * linear(color.blueF());
}

/// As WCAG 2 defines it, 1 to 21.
double contrast(const QColor &one, const QColor &other)
{
    const auto [low, high] = std::minmax({luminance(one), luminance(other)});
    return (high + 0.05) / (low + 0.05);
}

int pixelsThatDiffer(const QImage &one, const QImage &other)
{
    int count = 0;
    for (int y = 0; y < one.height(); ++y) {
        for (int x = 0; x < one.width(); ++x)
            count += std::abs(qAlpha(one.pixel(x, y)) - qAlpha(other.pixel(x, y))) > 96 ? 1 : 0;
    }
    return count;
}

QByteArray told(const NamedLook &one, const NamedLook &other, int pixels)
{
    return one.name + " and " + other.name + " differ in " + QByteArray::number(pixels) + " pixels";
}

QImage onPanel(const QImage &icon, const QColor &panel)
{
    QImage result(icon.size(), QImage::Format_RGB32);
    result.fill(panel);
    QPainter(&result).drawImage(0, 0, icon);
    return result;
}

/// The share of the ink's edge pixels that have, within two pixels, one that stands out from them 3:1.
double legibleShare(const QImage &drawing, const QImage &shown)
{
    int edges = 0;
    int legible = 0;
    for (int y = 2; y < drawing.height() - 2; ++y) {
        for (int x = 2; x < drawing.width() - 2; ++x) {
            if (qAlpha(drawing.pixel(x, y)) < 200)
                continue;
            bool isEdge = false;
            double best = 1;
            for (int dy = -2; dy <= 2; ++dy) {
                for (int dx = -2; dx <= 2; ++dx) {
                    isEdge = isEdge || (std::abs(dx) + std::abs(dy) == 1 && qAlpha(drawing.pixel(x + dx, y + dy)) < 128);
                    best = std::max(best, contrast(shown.pixelColor(x, y), shown.pixelColor(x + dx, y + dy)));
                }
            }
            edges += isEdge ? 1 : 0;
            legible += isEdge && best >= 3 ? 1 : 0;
        }
    }
    return edges == 0 ? 0 : static_cast<double>(legible) / edges;
}

void addLooks()
{
    QTest::addColumn<IconLook>("look");
    for (const NamedLook &named : allLooks())
        QTest::newRow(named.name.constData()) << named.look;
}

} // namespace

Q_DECLARE_METATYPE(dormouse::IconLook)

/// What a user would lose: telling at a glance, on any panel, what the agent does.
class TestIconRenderer : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyLookHasItsOwnOutlineAtSixteenPixels()
    {
        const std::vector<NamedLook> looks = allLooks();
        const int atLeast = 16 * 16 * 6 / 100;
        for (size_t i = 0; i < looks.size(); ++i) {
            for (size_t j = i + 1; j < looks.size(); ++j) {
                const int found = pixelsThatDiffer(renderIcon(looks[i].look, 16, kPlain), renderIcon(looks[j].look, 16, kPlain));
                QVERIFY2(found >= atLeast, told(looks[i], looks[j], found).constData());
            }
        }
    }

    void statesWithoutMarksDifferMost()
    {
        const std::vector<NamedLook> looks = allLooks();
        for (const NamedLook &one : looks) {
            for (const NamedLook &other : looks) {
                if (one.look.shape == other.look.shape || one.look.hasAttention || one.look.isHeld || other.look.hasAttention
                    || other.look.isHeld)
                    continue;
                const int found = pixelsThatDiffer(renderIcon(one.look, 16, kPlain), renderIcon(other.look, 16, kPlain));
                QVERIFY2(found >= 16 * 16 * 20 / 100, told(one, other, found).constData());
            }
        }
    }

    void nothingIsCutOffAtTheEdges_data() { addLooks(); }
    void nothingIsCutOffAtTheEdges()
    {
        QFETCH(IconLook, look);
        for (const int side : {16, 22, 24, 32, 48, 64}) {
            const QImage image = renderIcon(look, side, kPlain);
            QCOMPARE(image.size(), QSize(side, side));
            QCOMPARE(image.format(), QImage::Format_ARGB32_Premultiplied);
            for (int i = 0; i < side; ++i) {
                for (const QPoint edge : {QPoint(i, 0), QPoint(i, side - 1), QPoint(0, i), QPoint(side - 1, i)})
                    QVERIFY2(qAlpha(image.pixel(edge)) <= 24,
                             qPrintable(u"side %1, pixel %2 %3"_s.arg(side).arg(edge.x()).arg(edge.y())));
            }
        }
    }

    void theDrawingFillsItsSpace_data() { addLooks(); }
    void theDrawingFillsItsSpace()
    {
        QFETCH(IconLook, look);
        const QImage image = renderIcon(look, 64, kPlain);
        int drawn = 0;
        for (int y = 0; y < 64; ++y) {
            for (int x = 0; x < 64; ++x)
                drawn += qAlpha(image.pixel(x, y)) > 127 ? 1 : 0;
        }
        QVERIFY2(drawn > 64 * 64 / 8, qPrintable(QString::number(drawn)));
        QVERIFY2(drawn < 64 * 64 * 3 / 4, qPrintable(QString::number(drawn)));
    }

    void legibleOnEveryPanel_data() { addLooks(); }
    void legibleOnEveryPanel()
    {
        QFETCH(IconLook, look);
        for (const int side : {16, 22, 32, 64}) {
            const QImage drawing = renderIcon(look, side, kPlain);
            for (const char *wish : {"light", "dark"}) {
                for (const QColor &panel : {kLightPanel, kDarkPanel}) {
                    const double share = legibleShare(drawing, onPanel(renderIcon(look, side, inkFor(wish)), panel));
                    QVERIFY2(share >= 0.8,
                             qPrintable(
                                 u"%1 ink on %2 at %3 px: %4"_s.arg(QLatin1StringView(wish), panel.name()).arg(side).arg(share)));
                }
            }
        }
    }

    void theHaloHardlyShowsOnTheRightPanel_data() { addLooks(); }
    void theHaloHardlyShowsOnTheRightPanel()
    {
        QFETCH(IconLook, look);
        const QImage drawing = renderIcon(look, 32, kPlain);
        for (const bool isDark : {false, true}) {
            const QColor panel = isDark ? kDarkPanel : kLightPanel;
            const QImage shown = onPanel(renderIcon(look, 32, inkFor(isDark ? "light" : "dark")), panel);
            for (int y = 0; y < 32; ++y) {
                for (int x = 0; x < 32; ++x) {
                    if (qAlpha(drawing.pixel(x, y)) == 0)
                        QVERIFY2(contrast(shown.pixelColor(x, y), panel) < 1.35, qPrintable(shown.pixelColor(x, y).name()));
                }
            }
        }
    }

    void oneColourOnly()
    {
        const QImage image = renderIcon({IconShape::Awake, true, true}, 48, {QColor(0xff, 0x00, 0x80), QColor(Qt::transparent)});
        for (int y = 0; y < 48; ++y) {
            for (int x = 0; x < 48; ++x) {
                const QColor color = image.pixelColor(x, y);
                if (color.alpha() > 200)
                    QVERIFY2(color.red() > 250 && color.green() < 5 && std::abs(color.blue() - 0x80) < 4,
                             qPrintable(color.name()));
            }
        }
    }

    void marksAreCrispAtSixteenPixels()
    {
        const QImage image = renderIcon({IconShape::Drowsy, true, true}, 16, kPlain);
        QCOMPARE(qAlpha(image.pixel(11, 10)), 0); // the bar of the "!"
        QCOMPARE(qAlpha(image.pixel(10, 10)), 255);
        QCOMPARE(qAlpha(image.pixel(12, 10)), 255);
        QCOMPARE(qAlpha(image.pixel(10, 2)), 255); // the mug,
        QCOMPARE(qAlpha(image.pixel(13, 3)), 0);   // and its handle's hole
        QCOMPARE(qAlpha(image.pixel(8, 2)), 0);    // the gap beside it
    }

    void sharpAtEverySizeAndRatio()
    {
        const IconLook look{IconShape::Asleep, true, false};
        const IconInk ink = inkFor("dark");
        const QIcon icon = panelIcon(look, ink);
        const QPixmap once = icon.pixmap(QSize(16, 16), 1.0);
        const QPixmap twice = icon.pixmap(QSize(16, 16), 2.0);
        QCOMPARE(once.size(), QSize(16, 16));
        QCOMPARE(twice.size(), QSize(32, 32));
        QCOMPARE(twice.devicePixelRatio(), 2.0);
        QImage fine = twice.toImage();
        fine.setDevicePixelRatio(1.0);
        QCOMPARE(fine, renderIcon(look, 32, ink));
        QVERIFY(fine != once.toImage().scaled(32, 32, Qt::IgnoreAspectRatio, Qt::SmoothTransformation));
        for (const int side : {16, 22, 24, 32, 44, 48, 64}) {
            QVERIFY(icon.availableSizes().contains(QSize(side, side)));
            QCOMPARE(icon.pixmap(QSize(side, side), 1.0).toImage(), renderIcon(look, side, ink));
        }
    }

    void paintedWithoutScalingInAPanelOfAnyShape()
    {
        const IconLook look{IconShape::Awake, false, false};
        QImage panel(40, 24, QImage::Format_ARGB32_Premultiplied);
        panel.fill(Qt::transparent);
        QPainter painter(&panel);
        panelIcon(look, kPlain).paint(&painter, panel.rect());
        painter.end();
        QCOMPARE(panel.copy(8, 0, 24, 24), renderIcon(look, 24, kPlain));
    }

    void aTemplateWhereThePanelColoursIt()
    {
#ifdef Q_OS_MACOS
        const IconInk ink = panelInk();
        QCOMPARE(ink.ink, QColor(Qt::black));
        QCOMPARE(ink.halo.alpha(), 0);
        QVERIFY(panelIcon({}, ink).isMask());
#else
        QVERIFY(!panelIcon({}, panelInk()).isMask());
#endif
    }

    void aChangeOfStateCostsLittle()
    {
        const IconInk ink = inkFor("light");
        QElapsedTimer watch;
        watch.start();
        for (const NamedLook &named : allLooks()) {
            const QIcon icon = panelIcon(named.look, ink);
            for (const QSize &size : icon.availableSizes())
                QVERIFY(!icon.pixmap(size, 1.0).isNull());
        }
        // All sizes of all looks; generous, for builds with sanitizers. One change must stay far below 100 ms.
        QVERIFY2(watch.elapsed() < 20 * 60, qPrintable(QString::number(watch.elapsed())));
    }

    void theProgramHasAnIconInColour()
    {
        const QIcon icon = applicationIcon();
        for (const int side : {16, 48, 128, 256}) {
            const QImage image = icon.pixmap(QSize(side, side), 1.0).toImage();
            QCOMPARE(image.size(), QSize(side, side));
            const QColor fur = image.pixelColor(side / 2, side / 6);
            QVERIFY2(fur.alpha() > 200 && fur.red() > fur.green() && fur.green() > fur.blue(),
                     qPrintable(fur.name(QColor::HexArgb)));
            QCOMPARE(image.pixelColor(side - 1, 0).alpha(), 0);
        }
    }

    void noSizeIsNoImage()
    {
        QVERIFY(renderIcon({}, 0, kPlain).isNull());
    }
};

QTEST_MAIN(TestIconRenderer)
#include "tst_iconrenderer.moc"
