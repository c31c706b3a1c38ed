// SPDX-License-Identifier: MIT
#pragma once

#include "shared/storage/rootpaths.h"

#include <QWidget>

QT_BEGIN_NAMESPACE
class QFormLayout;
class QLabel;
QT_END_NAMESPACE

namespace dormouse {

/// What this program is, in which version, and where its data lie. GUI thread.
class AboutWindow : public QWidget
{
    Q_OBJECT

public:
    explicit AboutWindow(const RootPaths &paths, QWidget *parent = nullptr);

    /// What the agent says of itself; empty: none is running, or it does not say.
    void setAgentVersion(const QString &version);

private:
    QLabel *addFact(QFormLayout *form, const QString &name, const QString &value);

    QLabel *m_agent = nullptr;
};

} // namespace dormouse
