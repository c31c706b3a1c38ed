// SPDX-License-Identifier: MIT
#pragma once

#include <QString>

QT_BEGIN_NAMESPACE
class QDialogButtonBox;
class QHBoxLayout;
class QLabel;
class QWidget;
QT_END_NAMESPACE

namespace dormouse {

// What the windows of this room have in common.

/// The program's icon beside a large title.
[[nodiscard]] QHBoxLayout *titleRow(const QString &title, QWidget *window);
/// Selectable text by mouse and keyboard, wrapped.
[[nodiscard]] QLabel *textLabel(const QString &text, QWidget *window);
/// The button that closes `window`; so does Escape.
[[nodiscard]] QDialogButtonBox *closeButton(QWidget *window);

} // namespace dormouse
