// SPDX-License-Identifier: MIT
#include "tray/model/menuentries.h"

#include "tray/model/words.h"

#include <QSet>

#include <iterator>
#include <utility>

namespace dormouse {

using namespace Qt::Literals::StringLiterals;

namespace {

/// Where the "&" of the mnemonic stands; -1: there is none.
qsizetype mnemonicAt(const QString &text)
{
    for (qsizetype i = 0; i + 1 < text.size(); ++i) {
        if (text[i] != u'&')
            continue;
        if (text[i + 1] != u'&')
            return i;
        ++i;
    }
    return -1;
}

/// Whether one key of a usual keyboard gives it.
bool isTypable(QChar letter)
{
    if (!letter.isLetterOrNumber() || letter.isSurrogate())
        return false;
    switch (letter.script()) {
    case QChar::Script_Han:
    case QChar::Script_Hiragana:
    case QChar::Script_Katakana:
    case QChar::Script_Hangul:
    case QChar::Script_Bopomofo: return false;
    default: return true;
    }
}

/// The first letter of `text`, at the beginning of a word if possible, that is not `taken`; -1: all are.
qsizetype freeLetter(const QString &text, const QSet<QChar> &taken)
{
    qsizetype within = -1;
    for (qsizetype i = 0; i < text.size(); ++i) {
        if (!isTypable(text[i]) || taken.contains(text[i].toLower()))
            continue;
        if (i == 0 || text[i - 1].isSpace())
            return i;
        if (within < 0)
            within = i;
    }
    return within;
}

/// Gives the mnemonic at `at` another letter: one of the text, else a digit or letter behind it.
void moveMnemonic(QString &text, qsizetype at, QSet<QChar> &taken)
{
    text.remove(at, 1);
    if (const qsizetype instead = freeLetter(text, taken); instead >= 0) {
        taken.insert(text[instead].toLower());
        text.insert(instead, u'&');
        return;
    }
    for (const QChar letter : u"123456789abcdefghijklmnopqrstuvwxyz"_s) {
        if (taken.contains(letter))
            continue;
        taken.insert(letter);
        text += u" (&"_s + letter.toUpper() + u')';
        return;
    }
}

void untangleMnemonics(MenuEntries &entries)
{
    QSet<QChar> taken;
    std::vector<MenuEntry *> colliding;
    for (MenuEntry &entry : entries) {
        const qsizetype at = mnemonicAt(entry.text);
        if (at < 0)
            continue;
        const QChar letter = entry.text[at + 1].toLower();
        if (taken.contains(letter))
            colliding.push_back(&entry);
        taken.insert(letter);
    }
    for (MenuEntry *entry : colliding)
        moveMnemonic(entry->text, mnemonicAt(entry->text), taken);
}

void finish(MenuEntries &entries, QSet<QString> &ids)
{
    untangleMnemonics(entries);
    for (MenuEntry &entry : entries) {
        entry.hint = withoutMarkup(entry.hint);
        const QString id = entry.id;
        for (int again = 2; ids.contains(entry.id); ++again)
            entry.id = id + u'#' + QString::number(again);
        ids.insert(entry.id);
        finish(entry.children, ids);
    }
}

} // namespace

MenuEntry actionEntry(const QString &id, const QString &text, const TrayCommand &command, const QString &hint)
{
    MenuEntry entry;
    entry.id = id;
    entry.text = text;
    entry.hint = hint;
    entry.command = command;
    return entry;
}

MenuEntry disabledIf(const QString &whyNot, MenuEntry entry)
{
    if (whyNot.isEmpty())
        return entry;
    entry.isEnabled = false;
    entry.hint = whyNot;
    entry.children.clear();
    return entry;
}

MenuEntry labelEntry(const QString &id, const QString &text, const QString &hint)
{
    MenuEntry entry;
    entry.kind = MenuEntry::Kind::Label;
    entry.id = id;
    entry.text = withoutMnemonics(text);
    entry.hint = hint;
    entry.isEnabled = false;
    return entry;
}

MenuEntries labelEntries(const QString &id, const QStringList &lines, const QString &hint)
{
    MenuEntries entries;
    for (qsizetype i = 0; i < lines.size(); ++i)
        entries.push_back(labelEntry(id + u'.' + QString::number(i), lines[i], hint));
    return entries;
}

MenuEntries wrappedEntries(const QString &id, const QString &text, int linesMax)
{
    const QStringList lines = wrapped(text, linesMax);
    const bool isCut = !lines.isEmpty() && lines.last().endsWith(u'…');
    return labelEntries(id, lines, isCut ? text : QString());
}

MenuEntry separatorEntry(const QString &id)
{
    MenuEntry entry;
    entry.kind = MenuEntry::Kind::Separator;
    entry.id = id;
    return entry;
}

MenuEntry submenuEntry(const QString &id, const QString &title, MenuEntries children, const QString &hint)
{
    MenuEntry entry;
    entry.kind = MenuEntry::Kind::Submenu;
    entry.id = id;
    entry.text = title;
    entry.hint = hint;
    entry.children = std::move(children);
    return entry;
}

MenuEntries moreEntries(const QString &id, std::size_t total, std::size_t shown)
{
    if (total <= shown)
        return {};
    return {labelEntry(id, TrayView::tr("and %Ln more…", nullptr, static_cast<int>(total - shown)))};
}

void append(MenuEntries &entries, MenuEntries more)
{
    entries.insert(entries.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

MenuEntries finished(MenuEntries entries)
{
    QSet<QString> ids;
    finish(entries, ids);
    return entries;
}

QString whyNoAgent(const AgentPicture &picture)
{
    switch (picture.link) {
    case LinkState::Searching: break;
    case LinkState::Connected:
        if (picture.snapshot)
            return {};
        break;
    case LinkState::Frozen: return TrayView::tr("The agent does not answer.");
    case LinkState::Absent: return TrayView::tr("No agent is running. Wake Now starts it.");
    case LinkState::Broken: return TrayView::tr("What answers is no agent that can be understood.");
    }
    return TrayView::tr("The agent is still being looked for.");
}

} // namespace dormouse
