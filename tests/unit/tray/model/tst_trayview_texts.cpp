// SPDX-License-Identifier: MIT
#include "tests/unit/tray/model/pictures.h"

#include <QRegularExpression>
#include <QSet>
#include <QTranslator>
#include <QtTest>

using namespace dormouse;
using namespace dormouse::pictures;
using namespace Qt::Literals::StringLiterals;

namespace {

/// Marks every text that comes through tr().
class MarkingTranslator : public QTranslator
{
public:
    QString translate(const char *, const char *source, const char *, int) const override
    {
        return QChar(0x27E6) + QString::fromUtf8(source) + QChar(0x27E7);
    }
    bool isEmpty() const override { return false; }
};

/// Gives every action the same mnemonic, as careless translations do.
class CollidingTranslator : public QTranslator
{
public:
    QString translate(const char *, const char *source, const char *, int) const override
    {
        QString text = QString::fromUtf8(source);
        return text.contains(u'&') ? QString(u"&e "_s + text.remove(u'&')) : text;
    }
    bool isEmpty() const override { return false; }
};

/// What is left of a text without what was translated, numbers and separators; foreign texts of these tests are Greek.
QString untranslated(QString text)
{
    static const QRegularExpression innermost(u"\u27E6[^\u27E6\u27E7]*\u27E7"_s);
    while (innermost.match(text).hasMatch())
        text.remove(innermost);
    static const QRegularExpression allowed(u"[\\p{Greek}&·\\s\u2068\u2069…,]"_s);
    return text.remove(allowed);
}

QChar mnemonicOf(QString text)
{
    text.remove(u"&&"_s);
    const qsizetype at = text.indexOf(u'&');
    return at >= 0 && at + 1 < text.size() ? text[at + 1].toLower() : QChar();
}

} // namespace

Q_DECLARE_METATYPE(dormouse::AgentPicture)

/// What must hold for every text of the view, in any language and whatever others put into it.
class TestTrayViewTexts : public QObject
{
    Q_OBJECT

private:
    /// With one of everything, and every foreign text Greek.
    static AgentPicture rich(State state = State::Sleep)
    {
        AgentPicture picture = connected(state);
        Snapshot &snapshot = *picture.snapshot;
        snapshot.next = NextState{State::Hibernation, stamp(u"17:30:00"_s)};
        snapshot.why = u"ουδείς εδώ"_s;
        snapshot.wrappers.fresh = 3;
        snapshot.wrappers.leases = 2;
        snapshot.freedBytes = 1'900'000'000;
        snapshot.schedulerPaused = true;
        snapshot.pausedUntil = stamp(u"16:10:00"_s);
        snapshot.shadowRun = true;
        snapshot.runningStep = u"βήμα"_s;
        snapshot.attention = {{u"starvation"_s, u"πείνα"_s, stamp(u"09:00:00"_s)}};
        snapshot.lastError = u"λάθος"_s;
        snapshot.quarantine = QJsonObject{{"until_ts"_L1, stamp(u"18:00:00"_s)}, {"reason"_L1, u"λόγος"_s}};
        for (const QString &word :
             {u"stopped"_s, u"starting"_s, u"ready"_s, u"stopping"_s, u"failed"_s, u"left_alone"_s, u"άλλο"_s}) {
            ServiceView view = service(QString(QChar(0x3B1 + int(snapshot.services.size()))), word);
            view.pid = 77;
            view.rssBytes = 64'000'000;
            view.restarts = 2;
            view.readyInSec = 2.5;
            snapshot.services.push_back(view);
        }
        return picture;
    }

    static TrayContext richContext()
    {
        TrayContext context;
        context.wrappers = std::vector{wrapper(u"α"_s), wrapper(u"β"_s, false), lease(u"γ"_s), wrapper(u""_s)};
        (*context.wrappers)[1].isLeaked = true;
        (*context.wrappers)[1].whyNot = u"παλιό"_s;
        context.undoUntil = kNow + std::chrono::seconds(10);
        context.startsAtLogin = true;
        context.isConfigured = false;
        return context;
    }

    static void addPictures()
    {
        QTest::addColumn<AgentPicture>("picture");
        AgentPicture waking = absent(State::Hibernation);
        waking.isWaking = true;
        waking.wakeFailure = u"αποτυχία"_s;
        AgentPicture silent = frozen();
        silent.trouble = u"σιωπή"_s;
        AgentPicture mute = broken();
        mute.trouble.clear();
        AgentPicture free = rich(State::Wake);
        free.snapshot->schedulerPaused = false;
        free.snapshot->runningStep.reset();
        free.snapshot->next->state = State::Drowsy;
        AgentPicture held = rich(State::Drowsy);
        held.snapshot->pausedUntil.reset();
        held.snapshot->next->state = State::Sleep;
        held.snapshot->next->at = stamp(u"15:41:00"_s);
        QTest::newRow("everything, asleep") << rich();
        QTest::newRow("everything, awake") << free;
        QTest::newRow("everything, drowsy and held") << held;
        QTest::newRow("bare") << connected(State::Hibernation);
        QTest::newRow("absent, waking") << waking;
        QTest::newRow("gone") << absent(State::Drowsy);
        QTest::newRow("never there") << absent(std::nullopt);
        QTest::newRow("frozen") << silent;
        QTest::newRow("broken") << mute;
        QTest::newRow("searching") << AgentPicture{};
    }

    static QStringList idsOf(const TrayView &view)
    {
        QStringList ids;
        visitAll(view.menu, [&ids](const MenuEntry &entry) { ids.append(entry.id); });
        return ids;
    }

    static void checkMnemonics(const std::vector<MenuEntry> &level)
    {
        QSet<QChar> taken;
        for (const MenuEntry &entry : level) {
            const QChar mnemonic = mnemonicOf(entry.text);
            QVERIFY2(mnemonic.isNull() || !taken.contains(mnemonic), qPrintable(entry.text));
            taken.insert(mnemonic);
            checkMnemonics(entry.children);
        }
    }

private Q_SLOTS:
    void everythingIsTranslated_data() { addPictures(); }

    void everythingIsTranslated()
    {
        QFETCH(const AgentPicture, picture);
        MarkingTranslator translator;
        QVERIFY(QCoreApplication::installTranslator(&translator));
        for (TrayContext context : {richContext(), TrayContext{}}) {
            const TrayView view = trayView(picture, context, kNow);
            QCOMPARE(untranslated(view.headline), QString());
            QCOMPARE(untranslated(view.toolTip), QString());
            QVERIFY(view.headline.contains(QChar(0x27E6)));
            visitAll(view.menu, [](const MenuEntry &entry) {
                if (entry.hint.size() > 0)
                    QCOMPARE(untranslated(entry.hint), QString());
                // A wrapped text is cut anywhere: its hint or its neighbours have the rest, and the first line the beginning.
                if (entry.kind != MenuEntry::Kind::Label || entry.text.count(QChar(0x27E6)) == entry.text.count(QChar(0x27E7)))
                    QCOMPARE(untranslated(entry.text), QString());
            });
        }
    }

    void mnemonicsAreUniqueOnEachLevel_data() { addPictures(); }

    void mnemonicsAreUniqueOnEachLevel()
    {
        QFETCH(const AgentPicture, picture);
        const TrayView english = trayView(picture, richContext(), kNow);
        checkMnemonics(english.menu);
        CollidingTranslator translator;
        QVERIFY(QCoreApplication::installTranslator(&translator));
        const TrayView colliding = trayView(picture, richContext(), kNow);
        checkMnemonics(colliding.menu);
        for (const MenuEntry &entry : colliding.menu) {
            if (entry.kind == MenuEntry::Kind::Action) // as many as there are letters for
                QVERIFY2(!mnemonicOf(entry.text).isNull(), qPrintable(entry.text));
        }
    }

    /// An ideograph is on no key: of two entries with the same letter behind them, one gets another that can be typed.
    void collidingMnemonicsStayTypable()
    {
        class Chinese : public QTranslator
        {
        public:
            QString translate(const char *, const char *source, const char *, int) const override
            {
                const QByteArray text(source);
                return text.contains('&') ? u"\u9192\u7761 (&W)"_s : QString::fromUtf8(source);
            }
            bool isEmpty() const override { return false; }
        } translator;
        QVERIFY(QCoreApplication::installTranslator(&translator));
        const std::vector<MenuEntry> menu = trayView(drowsy(), {}, kNow).menu;
        checkMnemonics(menu);
        for (const MenuEntry &entry : menu) {
            if (entry.kind == MenuEntry::Kind::Action)
                QVERIFY2(mnemonicOf(entry.text).unicode() < 128 && !mnemonicOf(entry.text).isNull(), qPrintable(entry.text));
        }
    }

    void whatIsDisabledSaysWhy_data() { addPictures(); }

    void whatIsDisabledSaysWhy()
    {
        QFETCH(const AgentPicture, picture);
        for (const TrayContext &context : {richContext(), TrayContext{}}) {
            visitAll(trayView(picture, context, kNow).menu, [](const MenuEntry &entry) {
                const bool isOurs = entry.kind == MenuEntry::Kind::Action || entry.kind == MenuEntry::Kind::Submenu;
                if (isOurs && !entry.isEnabled)
                    QVERIFY2(!entry.hint.isEmpty(), qPrintable(entry.id));
                if (entry.kind == MenuEntry::Kind::Action)
                    QVERIFY2(entry.command.verb != TrayCommand::Verb::None, qPrintable(entry.id));
            });
        }
    }

    void idsAreUnique_data() { addPictures(); }

    void idsAreUnique()
    {
        QFETCH(const AgentPicture, picture);
        const QStringList ids = idsOf(trayView(picture, richContext(), kNow));
        QCOMPARE(QSet<QString>(ids.begin(), ids.end()).size(), ids.size());
        QVERIFY(!ids.contains(QString()));
    }

    /// Two wrappers with the same uuid, two leases with the same name: each can be chosen for itself.
    void idsAreUniqueWhateverOthersCallThemselves()
    {
        AgentPicture picture = connected(State::Wake);
        picture.snapshot->attention = {{u"a"_s, u"x"_s, {}}, {u"a"_s, u"x"_s, {}}, {u"a.dismiss"_s, u"x"_s, {}}};
        TrayContext context;
        context.wrappers = std::vector{lease(u"l"_s), lease(u"l"_s), wrapper(u"w"_s), wrapper(u"w"_s), wrapper(u"w"_s)};
        const QStringList ids = idsOf(trayView(picture, context, kNow));
        QCOMPARE(QSet<QString>(ids.begin(), ids.end()).size(), ids.size());
    }

    /// An open menu stays open, and keeps its selection, while only clocks and figures go on.
    void idsStayWhileOnlyNumbersChange()
    {
        AgentPicture before = rich(State::Drowsy);
        before.snapshot->why =
            u"claude-code (pid 812) is attached, last active 9 s ago, llama (pid 9) is attached, last active 59 s ago"_s;
        AgentPicture after = before;
        Snapshot &snapshot = *after.snapshot;
        snapshot.why =
            u"claude-code (pid 812) is attached, last active 45 s ago, llama (pid 9) is attached, last active 1234 s ago"_s;
        snapshot.wrappers.fresh = 12;
        snapshot.freedBytes = 640'000;
        snapshot.services[0].rssBytes = 12'345'678'901;
        snapshot.services[0].restarts = 40;
        snapshot.pausedUntil = stamp(u"19:10:00"_s);
        TrayContext context = richContext();
        const QStringList ids = idsOf(trayView(before, context, kNow));
        (*context.wrappers)[0].ageSec = 5000;
        QCOMPARE(idsOf(trayView(after, context, kNow + std::chrono::seconds(9))), ids);
    }

    void foreignTextCannotDisguiseItself()
    {
        AgentPicture picture = connected(State::Wake);
        const QString hostile = u"R&D <img src=x>\n\u202Etxt.\tquit &lt;b&gt;"_s;
        picture.snapshot->why = hostile;
        picture.snapshot->services = {service(hostile, u"ready"_s)};
        picture.snapshot->attention = {{u"m"_s, hostile, {}}};
        TrayContext context;
        context.wrappers = std::vector{wrapper(hostile)};
        const TrayView view = trayView(picture, context, kNow);
        QVERIFY(!view.toolTip.contains(u'<'));
        QVERIFY(!view.toolTip.contains(u"&lt;"_s));
        QCOMPARE(view.toolTip.count(u'\n'), 1); // headline and why line
        visitAll(view.menu, [&hostile](const MenuEntry &entry) {
            for (const char16_t c : u"\n\t\u202E"_s.toStdU16String())
                QVERIFY2(!entry.text.contains(QChar(c)) && !entry.hint.contains(QChar(c)), qPrintable(entry.id));
            QVERIFY2(!entry.hint.contains(u'<'), qPrintable(entry.hint));
            if (entry.text.contains(u"R&"_s)) {
                QVERIFY2(entry.text.contains(u"R&&D"_s) && mnemonicOf(entry.text).isNull(), qPrintable(entry.text));
                QVERIFY2(entry.text.contains(QChar(0x2068)), qPrintable(entry.text));
            }
            if (entry.command.verb == TrayCommand::Verb::Service)
                QCOMPARE(entry.command.name, hostile); // what is sent is the name itself
        });
    }

    /// A Hebrew name in a line of ours must not turn the line around.
    void foreignNamesAreIsolated()
    {
        AgentPicture picture = connected(State::Wake);
        const QString name = u"\u05D0\u05D1\u05D2"_s;
        picture.snapshot->services = {service(name, u"ready"_s)};
        TrayContext context;
        context.wrappers = std::vector{wrapper(name)};
        const QString isolated = QChar(0x2068) + name + QChar(0x2069);
        const std::vector<MenuEntry> menu = trayView(picture, context, kNow).menu;
        QVERIFY(entryOf(menu, u"service."_s + name)->text.startsWith(isolated));
        QVERIFY(entryOf(menu, u"wrapper.uuid-"_s + name)->text.startsWith(isolated));
        QVERIFY(entryOf(menu, u"sleep"_s)->hint.contains(isolated));
    }
};

QTEST_GUILESS_MAIN(TestTrayViewTexts)
#include "tst_trayview_texts.moc"
