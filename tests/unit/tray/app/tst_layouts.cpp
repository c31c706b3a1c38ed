// SPDX-License-Identifier: MIT
#include "tests/unit/tray/model/pictures.h"
#include "tray/history/historywindow.h"
#include "tray/menu/traymenu.h"
#include "tray/settings/settingswindow.h"
#include "tray/statuswindow.h"
#include "tray/welcome/aboutwindow.h"
#include "tray/welcome/digestwindow.h"
#include "tray/welcome/servicefinder.h"
#include "tray/welcome/welcomewindow.h"

#include <QAbstractButton>
#include <QAccessible>
#include <QApplication>
#include <QLabel>
#include <QLineEdit>
#include <QTemporaryDir>
#include <QTest>
#include <QTranslator>

using namespace dormouse;
using namespace Qt::Literals::StringLiterals;

namespace {

/// Texts as a right-to-left language would have them: longer, in another script.
class PseudoTranslator final : public QTranslator
{
public:
    QString translate(const char *, const char *text, const char *, int n) const override
    {
        QString result = u"\u05D0\u05D1\u05D2 "_s + QString::fromUtf8(text) + u" \u05D3\u05D4"_s;
        if (n >= 0)
            result.replace(u"%Ln"_s, QString::number(n)).replace(u"%n"_s, QString::number(n));
        return result;
    }
    bool isEmpty() const override { return false; }
};

class NothingFound final : public ServiceFinder
{
public:
    void find(QObject *context, Found found) override
    {
        QMetaObject::invokeMethod(
            context, [found] { found({}); }, Qt::QueuedConnection);
    }
};

class SwitchAtLogin final : public StartAtLogin
{
public:
    std::optional<bool> isEnabled() const override { return m_enabled; }
    Result<void> setEnabled(bool enabled) override
    {
        m_enabled = enabled;
        return {};
    }

private:
    bool m_enabled = false;
};

/// What cannot be read as it stands; "" when all can.
QString clipped(QWidget *window)
{
    const QList<QWidget *> widgets = window->findChildren<QWidget *>();
    for (QWidget *widget : widgets) {
        if (!widget->isVisibleTo(window))
            continue;
        if (const auto *label = qobject_cast<QLabel *>(widget); label && !label->text().isEmpty()) {
            const int height = label->wordWrap() ? label->heightForWidth(label->width()) : label->sizeHint().height();
            const int width = label->wordWrap() ? 0 : label->sizeHint().width();
            if (label->height() < height || label->width() < width)
                return QString(u"label \""_s + label->text() + u'"');
        }
        const auto *button = qobject_cast<QAbstractButton *>(widget);
        if (button && !button->text().isEmpty() && button->width() < button->minimumSizeHint().width())
            return QString(u"button \""_s + button->text() + u'"');
    }
    return {};
}

/// A control that somebody who sees nothing could not tell; "" when there is none.
QString nameless(QWidget *window)
{
    const QList<QWidget *> widgets = window->findChildren<QWidget *>();
    for (QWidget *widget : widgets) {
        if (!widget->isVisibleTo(window) || !(widget->focusPolicy() & Qt::TabFocus))
            continue;
        QAccessibleInterface *face = QAccessible::queryAccessibleInterface(widget);
        if (!face || face->text(QAccessible::Name).isEmpty())
            return QString(QString::fromLatin1(widget->metaObject()->className()) + u" \""_s + widget->objectName() + u'"');
    }
    return {};
}

/// Controls that Tab does not reach; "" when it reaches all.
QString unreachable(QWidget *window)
{
    QSet<QWidget *> reached;
    QWidget *widget = window;
    do {
        reached.insert(widget);
        widget = widget->nextInFocusChain();
    } while (widget && widget != window);
    const QList<QAbstractButton *> buttons = window->findChildren<QAbstractButton *>();
    for (QAbstractButton *button : buttons) {
        if (button->isVisibleTo(window) && button->isEnabled()
            && (!reached.contains(button) || button->focusPolicy() == Qt::NoFocus))
            return button->text().isEmpty() ? QString::fromLatin1(button->metaObject()->className()) : button->text();
    }
    return {};
}

} // namespace

/// Every window can be read and used, by keyboard and by those who cannot see it, in each language that is shipped and in one written from right to left.
class TestLayouts : public QObject
{
    Q_OBJECT

private:
    QTemporaryDir m_folder;
    SystemClock m_clock;
    SwitchAtLogin m_atLogin;
    NothingFound m_finder;
    TrayMenu m_menu;
    std::unique_ptr<QTranslator> m_translator;

    RootPaths paths() const { return {m_folder.filePath(u"root"_s)}; }

    std::unique_ptr<QWidget> make(const QString &name)
    {
        if (name == u"history"_s)
            return std::make_unique<HistoryWindow>(paths(), m_clock);
        if (name == u"settings"_s)
            return std::make_unique<SettingsWindow>(paths(), m_atLogin);
        if (name == u"welcome"_s)
            return std::make_unique<WelcomeWindow>(paths(), m_finder, m_atLogin);
        if (name == u"about"_s)
            return std::make_unique<AboutWindow>(paths());
        if (name == u"digest"_s) {
            auto digest = std::make_unique<DigestWindow>();
            digest->setDigest({{"rem_cycles_completed"_L1, 2}, {"episodes_processed"_L1, 12}, {"mb_saved"_L1, 0.5}},
                              pictures::kNow);
            return digest;
        }
        auto status = std::make_unique<StatusWindow>(m_menu.menu());
        status->show(trayView(pictures::drowsy(), {}, pictures::kNow), true);
        return status;
    }

    void speak(const QString &language)
    {
        QApplication::setLayoutDirection(language == u"rtl"_s ? Qt::RightToLeft : Qt::LeftToRight);
        if (language == u"rtl"_s) {
            m_translator = std::make_unique<PseudoTranslator>();
        } else if (language != u"en"_s) {
            m_translator = std::make_unique<QTranslator>();
            QVERIFY(m_translator->load(u":/i18n/dormouse_"_s + language + u".qm"_s));
        }
        if (m_translator)
            QVERIFY(QApplication::installTranslator(m_translator.get()));
    }

private Q_SLOTS:
    void initTestCase() { QVERIFY(prepareRoot(paths()).ok()); }

    void cleanup()
    {
        m_translator.reset();
        QApplication::setLayoutDirection(Qt::LeftToRight);
    }

    void canBeReadAndUsed_data()
    {
        QTest::addColumn<QString>("language");
        QTest::addColumn<QString>("name");
        for (const QString &language : {u"en"_s, u"de"_s, u"zh_CN"_s, u"rtl"_s}) {
            for (const QString &name : {u"status"_s, u"history"_s, u"settings"_s, u"welcome"_s, u"about"_s, u"digest"_s})
                QTest::addRow("%s %s", qPrintable(language), qPrintable(name)) << language << name;
        }
    }

    void canBeReadAndUsed()
    {
        QFETCH(QString, language);
        QFETCH(QString, name);
        speak(language);
        const std::unique_ptr<QWidget> window = make(name);
        window->setAttribute(Qt::WA_DeleteOnClose, false);
        window->show();
        QVERIFY(QTest::qWaitForWindowExposed(window.get()));
        QTRY_COMPARE(clipped(window.get()), QString());
        QCOMPARE(nameless(window.get()), QString());
        QCOMPARE(unreachable(window.get()), QString());
        QVERIFY(!window->windowTitle().isEmpty());
        QTest::keyClick(window.get(), Qt::Key_Escape);
        QTRY_VERIFY2(!window->isVisible(), "Escape closes it");
    }

    void theMenuKeepsItsLettersApart_data()
    {
        QTest::addColumn<QString>("language");
        for (const QString &language : {u"en"_s, u"de"_s, u"zh_CN"_s})
            QTest::addRow("%s", qPrintable(language)) << language;
    }

    void theMenuKeepsItsLettersApart()
    {
        QFETCH(QString, language);
        speak(language);
        TrayContext context;
        context.startsAtLogin = true;
        const TrayView view = trayView(pictures::drowsy(), context, pictures::kNow);
        QSet<QChar> letters;
        for (const MenuEntry &entry : view.menu) {
            const qsizetype mark = entry.text.indexOf(u'&');
            if (mark < 0 || entry.kind == MenuEntry::Kind::Label)
                continue;
            const QChar letter = entry.text.at(mark + 1).toLower();
            QVERIFY2(!letters.contains(letter), qPrintable(entry.text));
            letters.insert(letter);
        }
        QVERIFY(letters.size() >= 10);
    }
};

QTEST_MAIN(TestLayouts)
#include "tst_layouts.moc"
