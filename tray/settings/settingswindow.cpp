// SPDX-License-Identifier: MIT
#include "tray/settings/settingswindow.h"

#include "shared/base/text.h"
#include "shared/config/configuration.h"
#include "tray/settings/banner.h"
#include "tray/settings/configurationwriter.h"
#include "tray/settings/settingfield.h"
#include "tray/settings/settingsdraft.h"
#include "tray/settings/settingsform.h"

#include <QCloseEvent>
#include <QDesktopServices>
#include <QDialogButtonBox>
#include <QMessageBox>
#include <QPointer>
#include <QPushButton>
#include <QScreen>
#include <QScrollArea>
#include <QScrollBar>
#include <QShortcut>
#include <QUrl>
#include <QVBoxLayout>

#include <algorithm>

namespace dormouse {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int kWidthInCharacters = 84;
constexpr double kScreenShare = 0.9;

} // namespace

class SettingsWindow::Impl
{
public:
    Impl(SettingsWindow *window, RootPaths paths, StartAtLogin &startAtLogin)
        : m_window(window), m_paths(std::move(paths)), m_startAtLogin(startAtLogin), m_draft(m_paths.configuration())
    {
        build();
        connectParts();
        refresh();
    }

    void refresh();
    void beginAnew();
    void fit();
    void showAnswer(const QString &error);
    [[nodiscard]] bool hasChanges() const { return !m_draft.changedKeys().isEmpty() || isLoginChanged(); }
    void askBeforeClosing();

private:
    void build();
    void connectParts();
    void readFile();
    void showValues();
    void edited();
    void review();
    void revert();
    void save();
    [[nodiscard]] bool saveFile();
    [[nodiscard]] bool saveLogin();
    void askAboutConflicts(const std::vector<SettingConflict> &conflicts);
    void say(Banner::Kind kind, const QString &text, const std::vector<Banner::Choice> &choices = {});
    void openConfiguration();
    [[nodiscard]] bool isLoginChanged() const { return m_login.has_value() && m_form->isLoginOn() != *m_login; }
    [[nodiscard]] bool isBroken() const { return !m_readFault.isEmpty() || !m_draft.fileFault().isEmpty(); }

    SettingsWindow *m_window;
    RootPaths m_paths;
    StartAtLogin &m_startAtLogin;
    SettingsDraft m_draft;
    QString m_readFault;         ///< why the file could not be read at all
    std::optional<bool> m_login; ///< as the system has it
    bool m_isTellingBroken = false;
    bool m_closesAfterSave = false;

    Banner *m_banner = nullptr;
    SettingsForm *m_form = nullptr;
    QScrollArea *m_scroll = nullptr;
    QPushButton *m_save = nullptr;
    QPushButton *m_revert = nullptr;
    QPushButton *m_close = nullptr;
    QPointer<QMessageBox> m_question;
};

void SettingsWindow::Impl::build()
{
    m_window->setWindowTitle(tr("Dormouse Settings[*]"));
    m_banner = new Banner(m_window);
    m_scroll = new QScrollArea(m_window);
    m_form = new SettingsForm;
    m_form->layout()->setContentsMargins(0, 0, 0, 0);
    m_scroll->setWidget(m_form);
    m_scroll->setWidgetResizable(true);
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setFocusPolicy(Qt::NoFocus); // nothing to reach here; Tab scrolls to what it reaches
    auto *buttons = new QDialogButtonBox(m_window);
    m_save = buttons->addButton(tr("&Save"), QDialogButtonBox::AcceptRole);
    m_revert = buttons->addButton(tr("&Revert"), QDialogButtonBox::ResetRole);
    m_close = buttons->addButton(tr("&Close"), QDialogButtonBox::RejectRole);
    m_save->setToolTip(m_paths.configuration());

    auto *column = new QVBoxLayout(m_window);
    column->setSpacing(12);
    column->addWidget(m_banner);
    column->addWidget(m_scroll, 1);
    column->addWidget(buttons);
}

void SettingsWindow::Impl::connectParts()
{
    for (SettingField *field : m_form->fields()) {
        const QString key = field->key();
        connect(field, &SettingField::edited, m_window, [this, key](const QString &text) {
            m_draft.change(key, text);
            edited();
        });
        connect(field, &SettingField::resetAsked, m_window, [this, key] {
            m_draft.reset(key);
            showValues();
            edited();
        });
        connect(field, &SettingField::accepted, m_save, &QPushButton::click);
    }
    connect(m_form, &SettingsForm::loginEdited, m_window, [this] { edited(); });
    const auto makeRoom = [this](QWidget *what) {
        fit();
        m_scroll->ensureWidgetVisible(what);
    };
    connect(m_form, &SettingsForm::unfolded, m_window, makeRoom, Qt::QueuedConnection); // once it is laid out
    connect(m_save, &QPushButton::clicked, m_window, [this] { save(); });
    connect(m_revert, &QPushButton::clicked, m_window, [this] { revert(); });
    connect(m_close, &QPushButton::clicked, m_window, &QWidget::close);
    connect(new QShortcut(QKeySequence(QKeySequence::Cancel), m_window), &QShortcut::activated, m_window, &QWidget::close);
    connect(new QShortcut(QKeySequence(QKeySequence::Save), m_window), &QShortcut::activated, m_save, &QPushButton::click);
}

void SettingsWindow::Impl::readFile()
{
    const Result<QByteArray> text = readConfigurationFile(m_paths.configuration());
    m_readFault = text ? QString() : text.error().text();
    if (text)
        m_draft.setFile(text.value());
}

/// What is on the disk now; changes of the user stay.
void SettingsWindow::Impl::refresh()
{
    const bool keepsLogin = isLoginChanged();
    readFile();
    m_login = m_startAtLogin.isEnabled();
    if (!keepsLogin)
        m_form->setLogin(m_login);
    showValues();
    review();
}

/// As the window opens: "Saved." is of yesterday, but what went wrong is worth telling still.
void SettingsWindow::Impl::beginAnew()
{
    if (m_banner->kind() == Banner::Kind::Information)
        say(Banner::Kind::Information, {});
}

void SettingsWindow::Impl::showValues()
{
    for (SettingField *field : m_form->fields())
        field->setText(m_draft.shown(field->key()));
}

/// By the user: what was told of the last save is over.
void SettingsWindow::Impl::edited()
{
    say(Banner::Kind::Information, {});
    review();
}

void SettingsWindow::Impl::review()
{
    const DraftCheck check = m_draft.check();
    for (SettingField *field : m_form->fields()) {
        const auto fault = std::find_if(check.faults.begin(), check.faults.end(),
                                        [field](const FieldFault &candidate) { return candidate.key == field->key(); });
        field->setFault(fault == check.faults.end() ? QString() : fault->text);
        field->setReset(m_draft.isSet(field->key()), m_draft.defaultOf(field->key()));
    }
    m_form->showFaults();
    m_form->setFieldsEnabled(!isBroken());

    const QString fault = !m_readFault.isEmpty() ? m_readFault : isBroken() ? m_draft.fileFault() : check.otherFault;
    if (!fault.isEmpty()) {
        say(Banner::Kind::Fault,
            tr("The settings cannot be changed here, since the agent cannot use the file as it is:\n%1").arg(fault),
            {{tr("Open Con&figuration"), [this] { openConfiguration(); }}});
    } else if (m_isTellingBroken) {
        say(Banner::Kind::Information, {});
    }
    m_isTellingBroken = !fault.isEmpty();

    const bool isFileRight = m_draft.changedKeys().isEmpty() || (!isBroken() && check.isRight());
    m_save->setEnabled(hasChanges() && isFileRight);
    m_revert->setEnabled(hasChanges());
    m_window->setWindowModified(hasChanges());
}

void SettingsWindow::Impl::revert()
{
    m_draft.revert();
    m_form->setLoginFault({});
    m_form->setLogin(m_login);
    say(Banner::Kind::Information, {});
    refresh();
}

void SettingsWindow::Impl::save()
{
    const bool isFileChanged = !m_draft.changedKeys().isEmpty();
    if (isFileChanged && !saveFile()) {
        m_closesAfterSave = m_closesAfterSave && !m_draft.conflicts().empty();
        return;
    }
    const bool isLoginSaved = saveLogin();
    if (m_closesAfterSave && isLoginSaved)
        m_window->close();
    m_closesAfterSave = false;
    if (isFileChanged)
        Q_EMIT m_window->saved();
}

/// False: not yet, or not at all; the window says why.
bool SettingsWindow::Impl::saveFile()
{
    readFile(); // somebody may have changed it since
    showValues();
    review();
    if (isBroken())
        return false;
    if (const auto conflicts = m_draft.conflicts(); !conflicts.empty()) {
        askAboutConflicts(conflicts);
        return false;
    }
    const DraftCheck check = m_draft.check();
    if (!check.isRight())
        return false;
    const Result<void> written = writeConfiguration(m_paths, check.text);
    if (!written && written.error().code != ErrorCode::NotDurable) {
        say(Banner::Kind::Fault, tr("Nothing was saved: %1").arg(written.error().text()));
        return false;
    }
    m_draft.setFile(check.text);
    showValues();
    review();
    say(written ? Banner::Kind::Information : Banner::Kind::Fault,
        written ? tr("Saved.") : tr("Saved, but: %1").arg(written.error().text()));
    return true;
}

bool SettingsWindow::Impl::saveLogin()
{
    if (!isLoginChanged())
        return true;
    const Result<void> done = m_startAtLogin.setEnabled(m_form->isLoginOn());
    m_form->setLoginFault(done ? QString() : done.error().text());
    if (done)
        m_login = m_form->isLoginOn();
    const bool isSaved = m_draft.changedKeys().isEmpty() && !isLoginChanged();
    m_save->setEnabled(!isSaved);
    m_revert->setEnabled(!isSaved);
    m_window->setWindowModified(!isSaved);
    if (isSaved && m_banner->isHidden())
        say(Banner::Kind::Information, tr("Saved."));
    return done.ok();
}

/// Both changed the same: whose word counts?
void SettingsWindow::Impl::askAboutConflicts(const std::vector<SettingConflict> &conflicts)
{
    const auto shown = [](const QString &text) { return text.isEmpty() ? tr("the default") : sanitized(text, 60); };
    QStringList lines{tr("The file was changed meanwhile, in what you have changed here:")};
    for (const SettingConflict &conflict : conflicts)
        lines.append(tr("%1 is %2 in the file, and %3 here").arg(conflict.key, shown(conflict.theirs), shown(conflict.mine)));
    const auto decide = [this](void (SettingsDraft::*decision)()) {
        (m_draft.*decision)();
        say(Banner::Kind::Information, {});
        showValues();
        review();
        save();
    };
    say(Banner::Kind::Fault, lines.join(u'\n'),
        {{tr("Keep &Mine"), [decide] { decide(&SettingsDraft::keepMine); }},
         {tr("Take the Fil&e’s"), [decide] { decide(&SettingsDraft::takeTheirs); }}});
}

void SettingsWindow::Impl::say(Banner::Kind kind, const QString &text, const std::vector<Banner::Choice> &choices)
{
    if (m_banner->text() != text || m_banner->kind() != kind)
        m_banner->say(kind, text, choices);
}

void SettingsWindow::Impl::openConfiguration()
{
    const QString path = m_paths.configuration();
    if (!QDesktopServices::openUrl(QUrl::fromLocalFile(path)))
        say(Banner::Kind::Fault, tr("No program opens %1; please open it in an editor.").arg(path));
}

void SettingsWindow::Impl::showAnswer(const QString &error)
{
    if (error.isEmpty())
        say(Banner::Kind::Information, tr("Saved. The agent uses the new settings."));
    else
        say(Banner::Kind::Fault, tr("Saved, but the agent keeps the settings that it had: %1").arg(error));
}

void SettingsWindow::Impl::askBeforeClosing()
{
    if (m_question) {
        m_question->raise();
        return;
    }
    QMessageBox::StandardButtons buttons = QMessageBox::Discard | QMessageBox::Cancel;
    if (m_save->isEnabled())
        buttons |= QMessageBox::Save;
    m_question =
        new QMessageBox(QMessageBox::Question, tr("Dormouse Settings"), tr("Some changes are not saved."), buttons, m_window);
    m_question->setAttribute(Qt::WA_DeleteOnClose);
    connect(m_question, &QMessageBox::finished, m_window, [this](int answer) {
        m_closesAfterSave = answer == QMessageBox::Save;
        if (answer == QMessageBox::Save)
            save();
        if (answer == QMessageBox::Discard) {
            revert();
            m_window->close();
        }
    });
    m_question->open();
}

/// Wide enough for every text; as high as its content, where the screen is. Never smaller than the user made it.
void SettingsWindow::Impl::fit()
{
    const int bar = m_scroll->verticalScrollBar()->sizeHint().width();
    const int least = m_form->minimumSizeHint().width();
    m_scroll->setMinimumWidth(least + bar);
    const QMargins margins = m_window->layout()->contentsMargins();
    const int sides = margins.left() + margins.right();
    const bool isFirst = !m_window->testAttribute(Qt::WA_Resized);
    const int ideal = std::max(least, m_form->fontMetrics().averageCharWidth() * kWidthInCharacters) + sides;
    const int width = isFirst ? ideal : std::max(m_window->width(), least + sides);
    int rest = m_window->layout()->totalMinimumSize().height() - m_scroll->minimumSizeHint().height();
    if (!m_banner->isHidden())
        rest += std::max(0, m_banner->layout()->totalHeightForWidth(width - sides) - m_banner->minimumSizeHint().height());
    const int height = m_form->layout()->totalHeightForWidth(width - sides) + rest;
    const int screen = static_cast<int>(m_window->screen()->availableGeometry().height() * kScreenShare);
    m_window->resize(width, std::max(std::min(height, screen), isFirst ? 0 : m_window->height()));
}

SettingsWindow::SettingsWindow(RootPaths paths, StartAtLogin &startAtLogin, QWidget *parent)
    : QWidget(parent, Qt::Window), m_impl(std::make_unique<Impl>(this, std::move(paths), startAtLogin))
{
}

SettingsWindow::~SettingsWindow() = default;

void SettingsWindow::showReloadAnswer(const QString &error)
{
    m_impl->showAnswer(error);
}

bool SettingsWindow::event(QEvent *event)
{
    if (event->type() == QEvent::Show && !event->spontaneous() && !testAttribute(Qt::WA_Resized))
        m_impl->fit();
    if (event->type() == QEvent::Show && !event->spontaneous())
        m_impl->beginAnew();
    // A person comes back from an editor.
    if (event->type() == QEvent::Show || event->type() == QEvent::WindowActivate)
        m_impl->refresh();
    return QWidget::event(event);
}

void SettingsWindow::closeEvent(QCloseEvent *event)
{
    if (!m_impl->hasChanges())
        return QWidget::closeEvent(event);
    event->ignore();
    m_impl->askBeforeClosing();
}

} // namespace dormouse
