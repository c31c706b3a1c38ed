// SPDX-License-Identifier: MIT
#include "tray/welcome/aboutwindow.h"

#include "shared/base/text.h"
#include "shared/base/version.h"
#include "tray/welcome/windowparts.h"

#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLabel>
#include <QVBoxLayout>

namespace dormouse {
namespace {

constexpr int kWidth = 460;
constexpr int kVersionCharactersMax = 60;

} // namespace

AboutWindow::AboutWindow(const RootPaths &paths, QWidget *parent) : QWidget(parent, Qt::Window)
{
    setWindowTitle(tr("About Dormouse"));
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(20, 16, 20, 16);
    column->setSpacing(12);
    column->addLayout(titleRow(tr("Dormouse"), this));
    column->addWidget(textLabel(tr("Lets heavy local AI services be awake only while somebody uses them."), this));
    auto *form = new QFormLayout;
    form->setHorizontalSpacing(16);
    addFact(form, tr("Version:"), QString::fromLatin1(kVersion));
    m_agent = addFact(form, tr("Agent:"), {});
    addFact(form, tr("Data folder:"), paths.root);
    addFact(form, tr("Configuration:"), paths.configuration());
    addFact(form, tr("Qt:"), QString::fromLatin1(qVersion()));
    addFact(form, tr("License:"), tr("MIT"));
    column->addLayout(form);
    column->addWidget(textLabel(tr("© 2026 The Dormouse authors. Free software, without any warranty."), this));
    column->addStretch(1);
    column->addWidget(closeButton(this));
    setAgentVersion({});
    resize(kWidth, layout()->totalHeightForWidth(kWidth));
}

QLabel *AboutWindow::addFact(QFormLayout *form, const QString &name, const QString &value)
{
    QLabel *label = textLabel(value, this);
    // To be copied, also without a mouse.
    label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    label->setAccessibleName(name);
    label->setAccessibleDescription(value);
    form->addRow(name, label);
    return label;
}

void AboutWindow::setAgentVersion(const QString &version)
{
    const QString shown =
        version.isEmpty() ? tr("not running, or of unknown version") : sanitized(version, kVersionCharactersMax);
    m_agent->setText(shown);
    m_agent->setAccessibleDescription(shown);
}

} // namespace dormouse
