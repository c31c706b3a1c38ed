// SPDX-License-Identifier: MIT
#include "shared/config/sectionreaders.h"

namespace dormouse {
namespace {

using namespace Qt::Literals::StringLiterals;

QList<QStringList> readCommands(TableReader &reader, const QString &key)
{
    const QString expected = u"an array of commands, each an array of strings, like [[\"notify-send\", \"awake\"]]"_s;
    QList<QStringList> commands;
    const TomlValue *value = reader.take(key);
    if (!value)
        return commands;
    if (!value->isArray()) {
        reader.faultType(*value, key, expected);
        return commands;
    }
    for (const TomlValue &item : value->items) {
        if (item.isArray())
            commands.append(reader.commandFrom(item, key));
        else {
            reader.faultType(item, key, expected);
            return commands;
        }
    }
    return commands;
}

} // namespace

QMap<State, QList<QStringList>> readHooks(TableReader &root, Faults &faults)
{
    QMap<State, QList<QStringList>> hooks;
    const TomlValue *table = takeSection(root, u"hooks"_s);
    if (!table)
        return hooks;
    TableReader reader(*table, u"hooks"_s, faults);
    for (const State state : kAllStates) {
        const QList<QStringList> commands = readCommands(reader, u"on_"_s + QString(toString(state)).toLower());
        if (!commands.isEmpty())
            hooks.insert(state, commands);
    }
    reader.finish();
    return hooks;
}

} // namespace dormouse
