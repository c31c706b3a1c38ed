// SPDX-License-Identifier: MIT
#pragma once

#include "shared/base/result.h"
#include "tray/history/strippainter.h"

#include <QByteArray>
#include <QFont>
#include <QImage>
#include <QPalette>

namespace dormouse {

/// Pixels of an exported picture for one logical one.
inline constexpr int kImageScale = 2;

/// A line a span: from,to,state,duration_sec; with a heading; times in UTC: what `dormouse history --csv` prints.
[[nodiscard]] QByteArray historyCsv(const History &history);

/// Logical size of the picture that historyImage() makes.
[[nodiscard]] QSize historyImageSize(const StripContent &content, const QFont &font);
/// The strip with a heading and a legend, kImageScale times as fine as a plain screen.
[[nodiscard]] QImage historyImage(const StripContent &content, const QPalette &palette, const QFont &font,
                                  Qt::LayoutDirection direction);

/// Errors: those of writeAtomically(); Io when the picture cannot be made.
[[nodiscard]] Result<void> saveHistoryImage(const QImage &image, const QString &path);
[[nodiscard]] Result<void> saveHistoryCsv(const History &history, const QString &path);

} // namespace dormouse
