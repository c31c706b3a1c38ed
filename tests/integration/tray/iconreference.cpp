// SPDX-License-Identifier: MIT
// Renders the whole icon family from the SVG files, for tests to compare with what a panel shows.
// usage: icon_reference FOLDER SIDE...: writes FOLDER/<shape>[-attention][-hold]-<side>.rgba, four bytes a pixel, not premultiplied.
// The ink is the one of DORMOUSE_TRAY_INK (light, dark).
#include "tray/item/iconrenderer.h"

#include <QFile>
#include <QGuiApplication>

#include <cstdio>
#include <cstdlib>

namespace {

using namespace Qt::Literals::StringLiterals;
using namespace dormouse;

bool write(const IconLook &look, const QString &name, int side, const QString &folder)
{
    const QImage image = renderIcon(look, side, panelInk()).convertToFormat(QImage::Format_RGBA8888);
    QFile file(QString(folder + u'/' + name + u'-' + QString::number(side) + u".rgba"_s));
    if (!file.open(QIODevice::WriteOnly))
        return false;
    for (int y = 0; y < side; ++y) {
        if (file.write(reinterpret_cast<const char *>(image.constScanLine(y)), qsizetype{4} * side) != qsizetype{4} * side)
            return false;
    }
    return true;
}

bool writeAll(const QString &folder, int side)
{
    static const std::pair<IconShape, QString> kShapes[]{{IconShape::Awake, u"awake"_s},
                                                         {IconShape::Drowsy, u"drowsy"_s},
                                                         {IconShape::Asleep, u"asleep"_s},
                                                         {IconShape::Hibernating, u"hibernating"_s},
                                                         {IconShape::NoAgent, u"noagent"_s}};
    for (const auto &[shape, name] : kShapes) {
        for (const bool hasAttention : {false, true}) {
            for (const bool isHeld : {false, true}) {
                const QString full = name + (hasAttention ? u"-attention"_s : QString()) + (isHeld ? u"-hold"_s : QString());
                if (!write({shape, hasAttention, isHeld}, full, side, folder))
                    return false;
            }
        }
    }
    return true;
}

} // namespace

int main(int argc, char **argv)
{
    const QGuiApplication application(argc, argv);
    const QStringList words = QGuiApplication::arguments();
    for (const QString &side : words.mid(2)) {
        if (!writeAll(words[1], side.toInt())) {
            std::fprintf(stderr, "icon_reference: cannot write to %s\n", qPrintable(words[1]));
            return EXIT_FAILURE;
        }
    }
    return EXIT_SUCCESS;
}
