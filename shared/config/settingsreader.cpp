// SPDX-License-Identifier: MIT
#include "shared/config/sectionreaders.h"

#include <cstdint>

namespace dormouse {
namespace {

using namespace Qt::Literals::StringLiterals;

enum class SettingType : std::uint8_t { Duration, Boolean, Count, Word };

/// What type TOML must give a key, asked of applySetting() itself: a second table of keys would drift away from the first.
SettingType typeOf(const QString &key)
{
    const auto takes = [&key](const QString &text) {
        Settings probe;
        return applySetting(probe, key, text).ok();
    };
    if (takes(u"true"_s))
        return SettingType::Boolean;
    if (takes(u"1s"_s))
        return SettingType::Duration;
    return takes(u"1"_s) ? SettingType::Count : SettingType::Word;
}

/// What is expected in place of `value`; empty when the type is right, or applySetting() will say it better.
QString expectedInstead(SettingType type, const TomlValue &value)
{
    const bool isScalar = value.isString() || value.isInteger() || value.kind == TomlValue::Kind::Fraction || value.isBoolean();
    switch (type) {
    case SettingType::Duration:
        return isScalar && !value.isBoolean() ? QString() : u"seconds or a duration like \"90s\", \"5m\" or \"2h\""_s;
    case SettingType::Boolean: return value.isBoolean() ? QString() : u"true or false, without quotes"_s;
    case SettingType::Count: return value.isInteger() ? QString() : u"a whole number"_s;
    case SettingType::Word: return isScalar ? QString() : u"a string"_s;
    }
    return {};
}

void readEnvironment(TableReader &root, Settings &settings, Faults &faults)
{
    const TomlValue *table = takeSection(root, u"env"_s);
    if (!table)
        return;
    for (const TomlEntry &entry : table->entries) {
        TableReader reader(*table, u"env"_s, faults);
        if (!entry.value.isString())
            reader.faultType(entry.value, entry.key, u"a string"_s);
        else if (const Result<void> applied = applySetting(settings, u"env."_s + entry.key, entry.value.text); !applied)
            faults.add(entry.keyPlace, applied.error().message);
    }
}

} // namespace

const TomlValue *takeSection(TableReader &parent, const QString &name)
{
    const TomlValue *value = parent.take(name);
    if (!value || value->isTable())
        return value;
    parent.faultType(*value, name, u"a section ["_s + parent.fullKey(name) + u']');
    return nullptr;
}

std::vector<const TomlValue *> takeTables(TableReader &parent, const QString &name)
{
    const TomlValue *value = parent.take(name);
    if (!value)
        return {};
    const QString expected = u"[["_s + parent.fullKey(name) + u"]] with double brackets"_s;
    if (!value->isArray()) {
        parent.faultType(*value, name, expected);
        return {};
    }
    std::vector<const TomlValue *> tables;
    for (const TomlValue &item : value->items) {
        if (item.isTable())
            tables.push_back(&item);
        else
            parent.faultType(item, name, expected);
    }
    return tables;
}

void readSettingKeys(TableReader &section, const QString &name, Settings &settings, SettingPlaces &places)
{
    const QString prefix = name + u'.';
    for (const QString &key : settingKeys()) {
        if (!key.startsWith(prefix))
            continue;
        const QString word = key.mid(prefix.size());
        const TomlValue *value = section.take(word);
        if (!value)
            continue;
        places.insert(key, value->place);
        const QString expected = expectedInstead(typeOf(key), *value);
        if (!expected.isEmpty())
            section.faultType(*value, word, expected);
        else if (const Result<void> applied = applySetting(settings, key, value->text); !applied)
            section.fault(value->place, applied.error().message);
    }
}

void readSettings(TableReader &root, Settings &settings, SettingPlaces &places, Faults &faults)
{
    for (const QString &name : {u"timers"_s, u"lifecycle"_s, u"control"_s}) {
        const TomlValue *table = takeSection(root, name);
        if (!table)
            continue;
        TableReader section(*table, name, faults);
        readSettingKeys(section, name, settings, places);
        section.finish();
    }
    readEnvironment(root, settings, faults);
}

} // namespace dormouse
