// SPDX-License-Identifier: MIT
#pragma once

#include "tray/settings/banner.h"
#include "tray/settings/settingfield.h"
#include "tray/settings/settingswindow.h"

#include <QAbstractButton>
#include <QFile>
#include <QLineEdit>
#include <QTemporaryDir>
#include <QtTest>

#include <memory>

namespace dormouse::test {

/// A desktop whose start at login is a flag.
class FakeLogin : public StartAtLogin
{
public:
    [[nodiscard]] std::optional<bool> isEnabled() const override { return state; }
    [[nodiscard]] Result<void> setEnabled(bool enabled) override
    {
        if (!failure.isEmpty())
            return Error{ErrorCode::Permission, failure, {}, 0};
        state = enabled;
        ++writes;
        return {};
    }

    std::optional<bool> state = false;
    QString failure;
    int writes = 0;
};

/// A settings window over a root of its own, used as a person does: by what it shows.
class WindowOnFile
{
public:
    explicit WindowOnFile(const QByteArray &text = {})
    {
        if (!text.isEmpty())
            put(text);
    }
    void show()
    {
        window = std::make_unique<SettingsWindow>(RootPaths{folder.path()}, login);
        window->show();
        window->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(window.get()));
    }

    [[nodiscard]] QString path() const { return folder.filePath(QStringLiteral("dormouse.toml")); }
    void put(const QByteArray &text) const
    {
        QFile file(path());
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(text) == text.size());
    }
    [[nodiscard]] QByteArray text() const
    {
        QFile file(path());
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("(cannot be read)");
    }

    [[nodiscard]] SettingField *field(const char *key) const
    {
        for (SettingField *field : window->findChildren<SettingField *>()) {
            if (field->key() == QLatin1StringView(key))
                return field;
        }
        return nullptr;
    }
    [[nodiscard]] QLineEdit *edit(const char *key) const { return field(key)->findChild<QLineEdit *>(); }
    void type(const char *key, const QString &text) const
    {
        edit(key)->selectAll();
        QTest::keyClick(edit(key), Qt::Key_Delete);
        for (const QChar character : text) // keyClicks() knows ASCII only
            QTest::sendKeyEvent(QTest::Click, edit(key), Qt::Key_unknown, QString(character), Qt::NoModifier);
    }
    [[nodiscard]] QString fault(const char *key) const { return field(key)->fault(); }
    /// The button with that text, mnemonic left out, when a person could click it.
    [[nodiscard]] QAbstractButton *button(const QString &name) const
    {
        for (QAbstractButton *button : window->findChildren<QAbstractButton *>()) {
            if (!button->isHidden() && (plainName(button->text()) == name || button->accessibleName() == name))
                return button;
        }
        return nullptr;
    }
    void click(const QString &name) const
    {
        QVERIFY2(button(name) != nullptr, qPrintable(name));
        QVERIFY2(button(name)->isEnabled(), qPrintable(name));
        button(name)->click();
    }
    [[nodiscard]] bool canSave() const { return button(QStringLiteral("Save"))->isEnabled(); }
    [[nodiscard]] QString banner() const { return window->findChild<Banner *>()->text(); }

    QTemporaryDir folder;
    FakeLogin login;
    std::unique_ptr<SettingsWindow> window;
};

} // namespace dormouse::test
