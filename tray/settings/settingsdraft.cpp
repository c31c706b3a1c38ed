// SPDX-License-Identifier: MIT
#include "tray/settings/settingsdraft.h"

#include "shared/config/checkedconfiguration.h"
#include "shared/config/tomledit.h"
#include "shared/config/tomlwords.h"

#include <QRegularExpression>

#include <algorithm>
#include <array>
#include <variant>

namespace dormouse {
namespace {

using namespace Qt::Literals::StringLiterals;

const std::array kKeys{
    std::pair{"timers.stale_after"_L1, SettingKind::Duration},  std::pair{"timers.drowsy_after"_L1, SettingKind::Duration},
    std::pair{"timers.sleep_after"_L1, SettingKind::Duration},  std::pair{"timers.hibernate_after"_L1, SettingKind::Duration},
    std::pair{"timers.tick"_L1, SettingKind::Duration},         std::pair{"lifecycle.presence"_L1, SettingKind::Word},
    std::pair{"lifecycle.ignore_leaked"_L1, SettingKind::Flag}, std::pair{"sleep.require_user_idle"_L1, SettingKind::Flag},
    std::pair{"sleep.require_ac"_L1, SettingKind::Flag},
};

const TomlValue *find(const TomlValue &root, const QString &key)
{
    const TomlValue *value = &root;
    for (const QString &part : key.split(u'.')) {
        const auto entry = std::find_if(value->entries.begin(), value->entries.end(),
                                        [&part](const TomlEntry &candidate) { return candidate.key == part; });
        if (entry == value->entries.end())
            return nullptr;
        value = &entry->value;
    }
    return value;
}

/// An empty table where the text is no TOML.
TomlValue rootOf(const QByteArray &text)
{
    auto parsed = parseToml(text);
    auto *root = std::get_if<TomlValue>(&parsed);
    return root != nullptr ? std::move(*root) : TomlValue();
}

/// A number as TOML writes it, short enough for its range.
bool isPlainNumber(const QString &text)
{
    static const QRegularExpression number(u"\\A(0|[1-9][0-9]{0,14})(\\.[0-9]{1,15})?\\z"_s);
    return number.match(text).hasMatch();
}

/// What a person means who types a duration as it stands in the file, quotes included.
QString plainDuration(const QString &typed)
{
    QString text = typed.trimmed();
    for (const QChar quote : {QChar(u'"'), QChar(u'\'')}) {
        if (text.size() >= 2 && text.startsWith(quote) && text.endsWith(quote))
            return text.sliced(1, text.size() - 2);
    }
    return text;
}

} // namespace

QByteArray tomlText(SettingKind kind, const QString &text)
{
    if (kind == SettingKind::Flag && (text == "true"_L1 || text == "false"_L1))
        return text.toUtf8();
    return kind == SettingKind::Duration && isPlainNumber(text) ? text.toUtf8() : tomlString(text).toUtf8();
}

SettingsDraft::SettingsDraft(QString path) : m_path(std::move(path))
{
    const TomlValue defaults = rootOf(formatConfiguration({}));
    for (const auto &[key, kind] : kKeys) {
        Entry entry;
        entry.kind = kind;
        if (const TomlValue *value = find(defaults, key))
            entry.fallback = value->text;
        m_entries.emplace(key, entry);
    }
}

QStringList SettingsDraft::keys()
{
    QStringList keys;
    for (const auto &known : kKeys)
        keys.append(known.first);
    return keys;
}

void SettingsDraft::setFile(const QByteArray &text)
{
    m_file = text;
    const TomlValue root = rootOf(text);
    for (auto &[key, entry] : m_entries) {
        const TomlValue *value = find(root, key);
        entry.file = value != nullptr ? Setting(Value{value->kind, value->text}) : std::nullopt;
        if (entry.mine && *entry.mine == entry.file)
            entry.mine.reset();
        if (!entry.mine)
            entry.base = entry.file;
    }
    m_fileFault.clear();
    if (!checked(text).otherFault.isEmpty()) {
        const auto parsed = parseConfiguration(text, m_path);
        m_fileFault = parsed ? QString() : parsed.error().message;
    }
}

QString SettingsDraft::shown(const QString &key) const
{
    const Entry &entry = m_entries.at(key);
    if (entry.mine)
        return entry.typed;
    return entry.file ? entry.file->text : entry.fallback;
}

QString SettingsDraft::defaultOf(const QString &key) const
{
    return m_entries.at(key).fallback;
}

bool SettingsDraft::isSet(const QString &key) const
{
    const Entry &entry = m_entries.at(key);
    return entry.mine ? entry.mine->has_value() : entry.file.has_value();
}

SettingsDraft::Value SettingsDraft::valueOf(SettingKind kind, const QString &text)
{
    const TomlValue root = rootOf("v = " + tomlText(kind, text));
    return root.entries.empty() ? Value{} : Value{root.entries.front().value.kind, root.entries.front().value.text};
}

void SettingsDraft::change(const QString &key, const QString &text)
{
    const Entry &entry = m_entries.at(key);
    const QString meant = entry.kind == SettingKind::Duration ? plainDuration(text) : text;
    const Value value = valueOf(entry.kind, meant);
    const bool isReset = meant.isEmpty() && entry.kind == SettingKind::Duration;
    // The same words in another type ("300" and 300) are no change, but where the type is what is wrong.
    const bool isAsInFile =
        entry.file && entry.file->text == value.text && (*entry.file == value || entry.kind == SettingKind::Duration);
    const bool isUntouchedDefault = !entry.file && meant == entry.fallback;
    if (isAsInFile)
        setMine(key, entry.file, text);
    else if (isReset || isUntouchedDefault)
        setMine(key, std::nullopt, text);
    else
        setMine(key, value, text);
}

void SettingsDraft::reset(const QString &key)
{
    setMine(key, std::nullopt, m_entries.at(key).fallback);
}

void SettingsDraft::setMine(const QString &key, const Setting &mine, const QString &typed)
{
    Entry &entry = m_entries.at(key);
    m_lastChanged = key;
    entry.typed = typed;
    entry.mine.reset();
    if (mine != entry.file)
        entry.mine = mine;
    else
        entry.base = entry.file;
}

void SettingsDraft::revert()
{
    for (auto &[key, entry] : m_entries) {
        entry.mine.reset();
        entry.base = entry.file;
    }
    m_lastChanged.clear();
}

QStringList SettingsDraft::changedKeys() const
{
    QStringList changed;
    for (const QString &key : keys()) {
        if (m_entries.at(key).mine)
            changed.append(key);
    }
    return changed;
}

std::vector<SettingConflict> SettingsDraft::conflicts() const
{
    std::vector<SettingConflict> found;
    for (const QString &key : changedKeys()) {
        const Entry &entry = m_entries.at(key);
        const auto words = [](const Setting &setting) { return setting ? setting->text : QString(); };
        if (entry.base != entry.file)
            found.push_back({key, words(*entry.mine), words(entry.file)});
    }
    return found;
}

void SettingsDraft::keepMine()
{
    for (auto &[key, entry] : m_entries)
        entry.base = entry.file;
}

void SettingsDraft::takeTheirs()
{
    for (auto &[key, entry] : m_entries) {
        if (entry.base != entry.file)
            entry.mine.reset();
        entry.base = entry.file;
    }
}

DraftCheck SettingsDraft::check() const
{
    QByteArray text = m_file;
    std::vector<FieldFault> refused;
    for (const QString &key : changedKeys()) {
        const Entry &entry = m_entries.at(key);
        const Setting &mine = *entry.mine;
        const auto edited = editToml(text, key, mine ? tomlText(entry.kind, mine->text) : QByteArray());
        if (edited)
            text = edited.value();
        else
            refused.push_back({key, edited.error().message});
    }
    DraftCheck check = checked(text);
    // What could not be put into the text has not been looked at.
    for (const FieldFault &fault : refused) {
        std::erase_if(check.faults, [&fault](const FieldFault &other) { return other.key == fault.key; });
        check.faults.push_back(fault);
    }
    return check;
}

DraftCheck SettingsDraft::checked(const QByteArray &text) const
{
    DraftCheck result;
    result.text = text;
    const CheckedConfiguration checked = checkConfiguration(text);
    const auto keyAt = [&](const TextPlace &place) {
        for (const auto &[key, entry] : m_entries) {
            if (checked.places.contains(key) && checked.places.value(key) == place)
                return key;
        }
        return QString();
    };
    const auto isTold = [&result](const QString &key) {
        return std::any_of(result.faults.begin(), result.faults.end(), [&key](const FieldFault &f) { return f.key == key; });
    };
    for (const ConfigurationFault &fault : checked.faults) {
        const QString key = keyAt(fault.place);
        if (key.isEmpty() && result.otherFault.isEmpty())
            result.otherFault = locatedText(m_path, fault);
        else if (!key.isEmpty() && !isTold(key))
            result.faults.push_back({key, fault.text});
    }
    if (!checked.faults.empty())
        return result;
    if (const auto fault = crossFault(checked.configuration.settings, checked.places))
        result.faults.push_back({keyOfCrossFault(fault->text, keyAt(fault->place)), fault->text});
    return result;
}

/// Of the keys that the message names: the one that the user changed last, then any that was changed, then the one that the agent points at.
QString SettingsDraft::keyOfCrossFault(const QString &text, const QString &keyAtPlace) const
{
    if (!m_lastChanged.isEmpty() && text.contains(m_lastChanged))
        return m_lastChanged;
    QStringList named = changedKeys();
    named.append(keyAtPlace);
    named.append(keys());
    const auto found =
        std::find_if(named.begin(), named.end(), [&](const QString &key) { return !key.isEmpty() && text.contains(key); });
    return found == named.end() ? u"timers.drowsy_after"_s : *found;
}

} // namespace dormouse
