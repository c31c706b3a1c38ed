// SPDX-License-Identifier: MIT
#include "shared/config/sectionreaders.h"

#include "shared/base/text.h"

#include <QSet>

namespace dormouse {
namespace {

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

constexpr Millis kStepTimeoutMax = 24h;

StepConfig readStep(const TomlValue &table, QSet<QString> &names, Faults &faults)
{
    constexpr int kNameMax = 100;
    const QString nameExpected = u"a name of 1 to 100 characters, like \"consolidate\""_s;
    TableReader reader(table, u"sleep.step"_s, faults);
    StepConfig step;
    const TomlValue *name = reader.take(u"name"_s);
    if (!name)
        reader.faultMissing(u"name"_s, nameExpected);
    else if (!name->isString())
        reader.faultType(*name, u"name"_s, nameExpected);
    else if (name->text.isEmpty() || name->text.size() > kNameMax || sanitized(name->text, kNameMax) != name->text)
        reader.faultValue(*name, u"name"_s, nameExpected);
    else if (names.contains(name->text))
        reader.fault(name->place, u"sleep.step.name = \""_s + name->text + u"\": expected a name that no other step has"_s);
    else
        step.name = name->text;
    names.insert(step.name);

    if (!reader.has(u"command"_s))
        reader.faultMissing(u"command"_s, u"an array of strings, the program and its arguments"_s);
    step.command = reader.takeCommand(u"command"_s);
    step.usesRecord = reader.takeBoolean(u"uses_record"_s, step.usesRecord);
    step.timeout = reader.takeDuration(u"timeout"_s, step.timeout, 1ms, kStepTimeoutMax,
                                       u"seconds or a duration like \"10m\", above 0 and at most 24 h"_s);
    step.logOutput = reader.takeBoolean(u"log_output"_s, step.logOutput);
    reader.finish();
    return step;
}

} // namespace

std::vector<StepConfig> readSleep(TableReader &root, Settings &settings, SettingPlaces &places, Faults &faults)
{
    std::vector<StepConfig> steps;
    const TomlValue *table = takeSection(root, u"sleep"_s);
    if (!table)
        return steps;
    TableReader section(*table, u"sleep"_s, faults);
    readSettingKeys(section, u"sleep"_s, settings, places);
    QSet<QString> names;
    for (const TomlValue *step : takeTables(section, u"step"_s))
        steps.push_back(readStep(*step, names, faults));
    section.finish();
    return steps;
}

} // namespace dormouse
