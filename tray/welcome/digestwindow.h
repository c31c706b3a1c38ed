// SPDX-License-Identifier: MIT
#pragma once

#include "shared/base/clock.h"

#include <QJsonObject>
#include <QWidget>

QT_BEGIN_NAMESPACE
class QLabel;
class QTreeWidget;
QT_END_NAMESPACE

namespace dormouse {

/// What the last sleep brought: the counters of a digest as a list. GUI thread.
class DigestWindow : public QWidget
{
    Q_OBJECT

public:
    explicit DigestWindow(QWidget *parent = nullptr);

    /// `digest` as the agent answers it; empty: there has been none yet.
    void setDigest(const QJsonObject &digest, WallTime now);
    /// Instead of a digest: why there is none to show ("The agent does not run.").
    void setProblem(const QString &text);

private:
    void showList(bool visible);

    QTreeWidget *m_list;
    QLabel *m_empty;
};

} // namespace dormouse
