// SPDX-License-Identifier: MIT
#include "tray/history/historysummary.h"
#include "tray/history/stripcolours.h"

#include "tray/colour/contrast.h"

#include <QtTest>

#include <array>
#include <cmath>

using namespace dormouse;
using namespace Qt::Literals::StringLiterals;

namespace {

using Triple = std::array<double, 3>;
using Matrix = std::array<Triple, 3>;

QPalette palette(QRgb window, QRgb base, QRgb text)
{
    QPalette result;
    result.setColor(QPalette::Window, QColor(window));
    result.setColor(QPalette::Base, QColor(base));
    result.setColor(QPalette::Text, QColor(text));
    return result;
}

/// What is left of a colour for an eye (Machado, Oliveira and Fernandes 2009, severity 1), as CIE Lab.
Triple seen(const QColor &colour, const Matrix &eye)
{
    const auto linear = [](float value) { return value <= 0.04045F ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4); };
    const Triple plain{linear(colour.redF()), linear(colour.greenF()), linear(colour.blueF())};
    Triple rgb{};
    for (std::size_t i = 0; i < 3; ++i)
        rgb[i] = std::clamp(eye[i][0] * plain[0] + eye[i][1] * plain[1] + eye[i][2] * plain[2], 0.0, 1.0);
    const auto root = [](double t) { return t > 0.008856 ? std::cbrt(t) : 7.787 * t + 16.0 / 116; };
    const double x = root((0.4124 * rgb[0] + 0.3576 * rgb[1] + 0.1805 * rgb[2]) / 0.9505);
    const double y = root(0.2126 * rgb[0] + 0.7152 * rgb[1] + 0.0722 * rgb[2]);
    const double z = root((0.0193 * rgb[0] + 0.1192 * rgb[1] + 0.9505 * rgb[2]) / 1.089);
    return {116 * y - 16, 500 * (x - y), 200 * (y - z)};
}

} // namespace

/// Colours that some people cannot see or tell apart would leave them with grey boxes.
class TestStripColours : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theContrastIsThatOfTheStandard();
    void everyThemeHasContrast_data();
    void everyThemeHasContrast();
    void noEyeConfusesTwoStates_data() { everyThemeHasContrast_data(); }
    void noEyeConfusesTwoStates();
    void eachStateHasAHeightOfItsOwn();
};

void TestStripColours::theContrastIsThatOfTheStandard()
{
    QCOMPARE(qRound(contrast(Qt::white, Qt::black) * 100), 2100);
    QCOMPARE(qRound(contrast(QColor(0x777777), Qt::white) * 100), 448);
    QCOMPARE(contrast(Qt::white, QColor(0x777777)), contrast(QColor(0x777777), Qt::white));
}

void TestStripColours::everyThemeHasContrast_data()
{
    QTest::addColumn<QPalette>("theme");
    QTest::newRow("Fusion light") << palette(0xefefef, 0xffffff, 0x000000);
    QTest::newRow("white") << palette(0xffffff, 0xffffff, 0x232629);
    QTest::newRow("Fusion dark") << palette(0x353535, 0x2a2a2a, 0xffffff);
    QTest::newRow("Breeze dark") << palette(0x2a2e32, 0x1b1e20, 0xfcfcfc);
    QTest::newRow("black") << palette(0x000000, 0x000000, 0xeeeeee);
}

void TestStripColours::everyThemeHasContrast()
{
    QFETCH(QPalette, theme);
    const StripColours colours = stripColours(theme);
    for (const QColor &ground : {theme.color(QPalette::Window), colours.card, colours.track}) {
        for (const std::optional<State> state : kStatesAndOff) {
            const double ratio = contrast(colours.of(state), ground);
            QVERIFY2(ratio >= 3, qPrintable(u"%1 on %2: %3"_s.arg(colours.of(state).name(), ground.name()).arg(ratio)));
        }
        QVERIFY(contrast(colours.faintText, ground) >= 4.5);
        QVERIFY(contrast(colours.accent, ground) >= 3);
    }
}

void TestStripColours::noEyeConfusesTwoStates()
{
    QFETCH(QPalette, theme);
    const StripColours colours = stripColours(theme);
    const std::array<Matrix, 4> eyes{{
        {{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}},
        {{{0.152286, 1.052583, -0.204868}, {0.114503, 0.786281, 0.099216}, {-0.003882, -0.048116, 1.051998}}},
        {{{0.367322, 0.860646, -0.227968}, {0.280085, 0.672501, 0.047413}, {-0.011820, 0.042940, 0.968881}}},
        {{{1.255528, -0.076749, -0.178779}, {-0.078411, 0.930809, 0.147602}, {0.004733, 0.691367, 0.303900}}},
    }};
    constexpr double kLeast = 15; // about 2.3 is just noticeable side by side
    for (const Matrix &eye : eyes) {
        for (std::size_t i = 0; i < kStatesAndOff.size(); ++i) {
            for (std::size_t j = 0; j < i; ++j) {
                const Triple a = seen(colours.of(kStatesAndOff[i]), eye);
                const Triple b = seen(colours.of(kStatesAndOff[j]), eye);
                const double apart = std::hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
                QVERIFY2(apart >= kLeast, qPrintable(u"%1 and %2: %3"_s.arg(i).arg(j).arg(apart)));
            }
        }
    }
}

void TestStripColours::eachStateHasAHeightOfItsOwn()
{
    for (std::size_t i = 1; i < kStatesAndOff.size(); ++i)
        QVERIFY(heightPart(kStatesAndOff[i]) <= heightPart(kStatesAndOff[i - 1]) - 0.2);
}

QTEST_GUILESS_MAIN(TestStripColours)
#include "tst_stripcolours.moc"
