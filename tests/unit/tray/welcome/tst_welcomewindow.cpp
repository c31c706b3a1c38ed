// SPDX-License-Identifier: MIT
// The first minutes with Dormouse: what is offered is what is written, nothing is written unasked, and everything works without a mouse.
#include "tray/welcome/aboutwindow.h"
#include "tray/welcome/digestwindow.h"
#include "tray/welcome/welcomewindow.h"

#include "shared/base/version.h"
#include "shared/config/configuration.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFile>
#include <QLabel>
#include <QLayout>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QTreeWidget>

using namespace dormouse;
using namespace Qt::Literals::StringLiterals;

namespace {

class FakeFinder final : public ServiceFinder
{
public:
    void find(QObject *, Found found) override
    {
        ++asked;
        m_found = std::move(found);
    }
    void answer(const std::vector<ServiceOffer> &offers) { std::exchange(m_found, {})(offers); }

    int asked = 0;

private:
    Found m_found;
};

class FakeStartAtLogin final : public StartAtLogin
{
public:
    [[nodiscard]] std::optional<bool> isEnabled() const override { return enabled; }
    [[nodiscard]] Result<void> setEnabled(bool wanted) override
    {
        if (fails)
            return Error{ErrorCode::Permission, u"cannot be written"_s, u"/x/autostart"_s, EACCES};
        enabled = wanted;
        return {};
    }
    std::optional<bool> enabled = false;
    bool fails = false;
};

ServiceOffer ollamaUnit()
{
    ServiceOffer offer{KnownProgram::Ollama, ServiceOffer::Source::Unit, {}, 4711};
    offer.config.name = u"ollama"_s;
    offer.config.systemd = u"dormouse-test-ollama.service"_s;
    offer.config.ready.tcpPort = 11434;
    offer.config.stopIn = State::Sleep;
    return offer;
}

ServiceOffer llamaProcess()
{
    ServiceOffer offer{KnownProgram::LlamaServer, ServiceOffer::Source::Process, {}, 4712};
    offer.config.name = u"llama"_s;
    offer.config.command = QStringList{u"/opt/llama-server"_s, u"--port"_s, u"8089"_s};
    return offer;
}

QPushButton *button(const QWidget &window, const QString &text)
{
    for (auto *found : window.findChildren<QPushButton *>()) {
        if (found->text() == text)
            return found;
    }
    return nullptr;
}

/// As a person can: only what is shown and enabled. Not by place, since a layout may still be about to move it.
void press(const QWidget &window, const QString &text)
{
    QPushButton *found = button(window, text);
    QVERIFY(found && found->isVisible() && found->isEnabled());
    found->click();
}

QString label(const QWidget &window, const char *name)
{
    const auto *found = window.findChild<QLabel *>(QLatin1StringView(name));
    return found && found->isVisible() ? found->text() : QString();
}

} // namespace

class WelcomeWindowTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void saysThatItLooks();
    void friendlyWhenNothingIsFound();
    void writesWhatItShows();
    void writesOnlyWhenAsked();
    void theStateCanBeChosen();
    void whatIsOutOfReachCannotBeAdded();
    void aBrokenFileIsTold();
    void aChangeMeanwhileIsShownFirst();
    void looksAgain();
    void startAtLogin();
    void byKeyboardAlone();
    void everyControlHasAName();
    void nothingIsCutOff();
    void escapeCloses();
    void aboutTellsVersions();
    void digestList();

private:
    [[nodiscard]] QString preview() const { return m_window->findChild<QPlainTextEdit *>()->toPlainText(); }
    [[nodiscard]] QComboBox *combo(int index) const { return m_window->findChildren<QComboBox *>().at(index); }
    [[nodiscard]] QByteArray written() const
    {
        QFile file(m_paths.configuration());
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    void writeFile(const QByteArray &bytes) const
    {
        QFile file(m_paths.configuration());
        QVERIFY(file.open(QIODevice::WriteOnly));
        QCOMPARE(file.write(bytes), bytes.size());
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    RootPaths m_paths;
    FakeFinder m_finder;
    FakeStartAtLogin m_login;
    std::unique_ptr<WelcomeWindow> m_window;
};

void WelcomeWindowTest::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_paths = RootPaths{m_folder->path()};
    m_finder = {};
    m_login = {};
    m_window = std::make_unique<WelcomeWindow>(m_paths, m_finder, m_login);
    m_window->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_window.get()));
    QCOMPARE(m_finder.asked, 1);
}

void WelcomeWindowTest::cleanup()
{
    m_window.reset();
}

void WelcomeWindowTest::saysThatItLooks()
{
    QVERIFY(!label(*m_window, "status").isEmpty());
    QVERIFY(!combo(0)->isVisible());
    m_finder.answer({ollamaUnit()});
    QVERIFY(combo(0)->isVisible());
    QVERIFY(label(*m_window, "status").isEmpty());
}

void WelcomeWindowTest::friendlyWhenNothingIsFound()
{
    m_finder.answer({});
    QVERIFY(label(*m_window, "status").contains(m_paths.configuration()));
    QVERIFY(!button(*m_window, u"&Add"_s)->isVisible());
    QVERIFY(button(*m_window, u"&Look Again"_s)->isEnabled());
}

void WelcomeWindowTest::writesWhatItShows()
{
    writeFile("# mine\n");
    m_finder.answer({llamaProcess(), ollamaUnit()});
    QSignalSpy saved(m_window.get(), &WelcomeWindow::saved);
    const QString shown = preview();
    QVERIFY(shown.contains(u"/opt/llama-server"_s));
    press(*m_window, u"&Add"_s);
    QCOMPARE(saved.size(), 1);
    QCOMPARE(written(), QByteArray("# mine\n\n" + shown.toUtf8()));
    QVERIFY(!label(*m_window, "message").isEmpty());
    QVERIFY(!button(*m_window, u"&Add"_s)->isEnabled()); // not a second time

    // The second offer can follow; the first one is known to be in it.
    combo(0)->setCurrentIndex(1);
    QVERIFY(button(*m_window, u"&Add"_s)->isEnabled());
    combo(0)->setCurrentIndex(0);
    QVERIFY(!button(*m_window, u"&Add"_s)->isEnabled());
    QVERIFY(label(*m_window, "message").contains(u"already"_s));
}

void WelcomeWindowTest::writesOnlyWhenAsked()
{
    m_finder.answer({llamaProcess(), ollamaUnit()});
    combo(0)->setCurrentIndex(1);
    combo(1)->setCurrentIndex(0);
    m_window->close();
    QVERIFY(!QFile::exists(m_paths.configuration()));
    QCOMPARE(m_login.enabled, std::optional(false));
}

void WelcomeWindowTest::theStateCanBeChosen()
{
    writeFile("[timers]\ndrowsy_after = \"7m\"\n");
    m_finder.answer({ollamaUnit()});
    QVERIFY(combo(1)->currentData().value<State>() == State::Sleep);
    QVERIFY(combo(1)->itemText(0).contains(u"7 min"_s)); // the user's own timers, not the defaults
    combo(1)->setCurrentIndex(0);
    QVERIFY(preview().contains(u"stop_in = \"DROWSY\""_s));
    press(*m_window, u"&Add"_s);
    const auto parsed = parseConfiguration(written(), {});
    QVERIFY(parsed.ok());
    QCOMPARE(parsed.value().services.size(), 1U);
    QVERIFY(parsed.value().services.at(0).stopIn == State::Drowsy);
}

void WelcomeWindowTest::whatIsOutOfReachCannotBeAdded()
{
    ServiceOffer offer = ollamaUnit();
    offer.source = ServiceOffer::Source::OutOfReach;
    m_finder.answer({offer});
    QVERIFY(!button(*m_window, u"&Add"_s)->isEnabled());
    QVERIFY(!m_window->findChild<QPlainTextEdit *>()->isVisible());
    bool isExplained = false;
    for (const auto *text : m_window->findChildren<QLabel *>())
        isExplained = isExplained || (text->isVisible() && text->text().contains(u"system unit"_s));
    QVERIFY(isExplained);
}

void WelcomeWindowTest::aBrokenFileIsTold()
{
    writeFile("[timers]\ntikc = 3\n");
    m_finder.answer({ollamaUnit()});
    QVERIFY(label(*m_window, "message").contains(u"timers.tick"_s));
    QVERIFY(!button(*m_window, u"&Add"_s)->isEnabled());
    QVERIFY(!preview().isEmpty());
}

void WelcomeWindowTest::aChangeMeanwhileIsShownFirst()
{
    m_finder.answer({ollamaUnit()});
    writeFile("[[service]]\nname = \"ollama\"\ncommand = [\"x\"]\n");
    QSignalSpy saved(m_window.get(), &WelcomeWindow::saved);
    press(*m_window, u"&Add"_s);
    QCOMPARE(saved.size(), 0);
    QVERIFY(!label(*m_window, "message").isEmpty());
    QVERIFY(preview().contains(u"ollama-2"_s)); // planned anew
    press(*m_window, u"&Add"_s);
    QCOMPARE(saved.size(), 1);
    QVERIFY(parseConfiguration(written(), {}).ok());
}

void WelcomeWindowTest::looksAgain()
{
    m_finder.answer({});
    press(*m_window, u"&Look Again"_s);
    QCOMPARE(m_finder.asked, 2);
    m_finder.answer({llamaProcess(), ollamaUnit()});
    combo(0)->setCurrentIndex(1);
    press(*m_window, u"&Look Again"_s);
    m_finder.answer({llamaProcess(), ollamaUnit()});
    QCOMPARE(combo(0)->currentIndex(), 1); // the choice stays
}

void WelcomeWindowTest::startAtLogin()
{
    auto *check = m_window->findChild<QCheckBox *>();
    QVERIFY(check->isEnabled() && !check->isChecked());
    check->click();
    QCOMPARE(m_login.enabled, std::optional(true));
    m_login.fails = true;
    check->click();
    QVERIFY(check->isChecked()); // shows what is, not what was wished
    bool isTold = false;
    for (const auto *text : m_window->findChildren<QLabel *>())
        isTold = isTold || (text->isVisible() && text->text().contains(u"/x/autostart"_s));
    QVERIFY(isTold);

    m_window->hide();
    m_login.enabled.reset();
    m_window->show();
    QVERIFY(!check->isEnabled());
}

void WelcomeWindowTest::byKeyboardAlone()
{
    m_finder.answer({llamaProcess(), ollamaUnit()});
    m_window->activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
    combo(0)->setFocus();
    QTest::keyClick(combo(0), Qt::Key_Down);
    QCOMPARE(combo(0)->currentIndex(), 1);
    QSet<QWidget *> reached;
    for (int i = 0; i < 12; ++i) {
        reached.insert(QApplication::focusWidget());
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Tab);
    }
    for (QWidget *widget : std::initializer_list<QWidget *>{combo(0), combo(1), m_window->findChild<QPlainTextEdit *>(),
                                                            button(*m_window, u"&Add"_s), button(*m_window, u"&Look Again"_s),
                                                            m_window->findChild<QCheckBox *>()})
        QVERIFY2(reached.contains(widget), widget->metaObject()->className());
    button(*m_window, u"&Add"_s)->setFocus();
    QTest::keyClick(button(*m_window, u"&Add"_s), Qt::Key_Space);
    QVERIFY(written().contains("dormouse-test-ollama.service"));
}

void WelcomeWindowTest::everyControlHasAName()
{
    m_finder.answer({ollamaUnit()});
    for (const auto *control : m_window->findChildren<QComboBox *>())
        QVERIFY(!control->accessibleName().isEmpty());
    QVERIFY(!m_window->findChild<QPlainTextEdit *>()->accessibleName().isEmpty());
}

void WelcomeWindowTest::nothingIsCutOff()
{
    m_finder.answer({llamaProcess(), ollamaUnit()});
    for (const int width : {620, 480}) {
        m_window->resize(width, 100);
        QTRY_VERIFY(m_window->height() >= m_window->layout()->totalHeightForWidth(m_window->width()));
        const auto *edit = m_window->findChild<QPlainTextEdit *>();
        const auto *add = button(*m_window, u"&Add"_s);
        QTRY_VERIFY(edit->geometry().bottom() < add->geometry().top());
        for (const auto *text : m_window->findChildren<QLabel *>()) {
            if (text->isVisible() && text->wordWrap())
                QTRY_VERIFY2(text->height() >= text->heightForWidth(text->width()), qPrintable(text->text()));
        }
    }
}

void WelcomeWindowTest::escapeCloses()
{
    m_window->activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
    QTest::keyClick(m_window.get(), Qt::Key_Escape);
    QTRY_VERIFY(!m_window->isVisible());
}

void WelcomeWindowTest::aboutTellsVersions()
{
    AboutWindow about(m_paths);
    about.show();
    about.setAgentVersion(u"9.8.7\nsecond line"_s);
    QStringList texts;
    for (const auto *text : about.findChildren<QLabel *>())
        texts.append(text->text());
    QVERIFY(texts.contains(QString::fromLatin1(kVersion)));
    QVERIFY(texts.contains(m_paths.root));
    QVERIFY(texts.contains(u"MIT"_s));
    QVERIFY(texts.contains(QString::fromLatin1(qVersion())));
    const QString agent =
        *std::find_if(texts.begin(), texts.end(), [](const QString &text) { return text.startsWith(u"9.8.7"); });
    QVERIFY(!agent.contains(u'\n'));
}

void WelcomeWindowTest::digestList()
{
    DigestWindow digest;
    digest.show();
    QVERIFY(label(digest, "empty").contains(u"Nothing to tell yet"_s));
    digest.setDigest({{u"memories"_s, 12}, {u"merged"_s, 3}}, WallTime{});
    const auto *list = digest.findChild<QTreeWidget *>();
    QVERIFY(list->isVisible());
    QVERIFY(label(digest, "empty").isEmpty());
    QVERIFY(list->topLevelItemCount() >= 2);
    digest.setProblem(u"The agent does not run."_s);
    QCOMPARE(label(digest, "empty"), u"The agent does not run."_s);
    QVERIFY(!list->isVisible());
}

QTEST_MAIN(WelcomeWindowTest)
#include "tst_welcomewindow.moc"
