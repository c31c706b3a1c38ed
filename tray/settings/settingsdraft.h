// SPDX-License-Identifier: MIT
#pragma once

#include "shared/base/result.h"
#include "shared/config/tomlvalue.h"

#include <QByteArray>
#include <QString>
#include <QStringList>

#include <map>
#include <optional>
#include <vector>

namespace dormouse {

enum class SettingKind { Duration, Flag, Word };

/// What is wrong with one field, in the agent's own words.
struct FieldFault {
    QString key;
    QString text;

    bool operator==(const FieldFault &) const = default;
};

/// What the file would be with the changes in it.
struct DraftCheck {
    QByteArray text;
    std::vector<FieldFault> faults; ///< at most one a field
    QString otherFault;             ///< of no field, with its place; empty: none

    [[nodiscard]] bool isRight() const { return faults.empty() && otherFault.isEmpty(); }
};

/// A key that was changed here and in the file. An empty text: taken out of the file.
struct SettingConflict {
    QString key;
    QString mine;
    QString theirs;

    bool operator==(const SettingConflict &) const = default;
};

/// The settings that the window shows: what dormouse.toml says, and what the user wants instead. A value; no I/O but what checkConfiguration() does.
class SettingsDraft
{
public:
    /// `path` is for messages.
    explicit SettingsDraft(QString path);

    /// The keys of the window, in the order of the documentation.
    [[nodiscard]] static QStringList keys();

    /// The file as it is now. Changes of the user stay, but those that the file now has, too.
    void setFile(const QByteArray &text);
    [[nodiscard]] const QByteArray &file() const { return m_file; }
    /// Why the agent does not use the file, with the line; empty when it does, or when the fields can mend it.
    [[nodiscard]] QString fileFault() const { return m_fileFault; }

    /// What the field shows: in the words of the file, or the default.
    [[nodiscard]] QString shown(const QString &key) const;
    [[nodiscard]] QString defaultOf(const QString &key) const;
    /// Whether the file with the changes sets the key.
    [[nodiscard]] bool isSet(const QString &key) const;

    /// As typed. A duration without a text is reset.
    void change(const QString &key, const QString &text);
    /// Takes the key out of the file.
    void reset(const QString &key);
    void revert();
    [[nodiscard]] QStringList changedKeys() const;

    [[nodiscard]] std::vector<SettingConflict> conflicts() const;
    void keepMine();   ///< ends the conflicts: the user's word counts
    void takeTheirs(); ///< ends the conflicts: the file's word counts

    [[nodiscard]] DraftCheck check() const;

private:
    struct Value {
        TomlValue::Kind kind = TomlValue::Kind::String;
        QString text;

        bool operator==(const Value &) const = default;
    };
    using Setting = std::optional<Value>; ///< nothing: the file does not set it

    struct Entry {
        SettingKind kind = SettingKind::Word;
        QString fallback;
        Setting file;
        Setting base; ///< what the file said when the user changed it
        std::optional<Setting> mine;
        QString typed; ///< what the field shows of `mine`
    };

    [[nodiscard]] static Value valueOf(SettingKind kind, const QString &text);
    void setMine(const QString &key, const Setting &mine, const QString &typed);
    [[nodiscard]] DraftCheck checked(const QByteArray &text) const;
    [[nodiscard]] QString keyOfCrossFault(const QString &text, const QString &keyAtPlace) const;

    QString m_path;
    QByteArray m_file;
    QString m_fileFault;
    std::map<QString, Entry> m_entries;
    QString m_lastChanged;
};

/// A typed text as TOML: a plain number or a quoted text, true or false.
[[nodiscard]] QByteArray tomlText(SettingKind kind, const QString &text);

} // namespace dormouse
