// SPDX-License-Identifier: MIT
#include "cli/agentlink.h"
#include "cli/commands.h"
#include "cli/table.h"
#include "shared/base/defaults.h"
#include "shared/base/text.h"
#include "shared/control/messages.h"

#include <QJsonArray>

#include <cmath>

namespace dormouse {
namespace {

using namespace Qt::Literals::StringLiterals;

/// All pages of the answer, as one.
std::optional<Result<QJsonObject>> allPages(const Context &context)
{
    QJsonArray entries;
    QJsonObject whole;
    while (true) {
        const QJsonObject message{{control::key::kType, QString(control::type::kWrappers)},
                                  {"limit"_L1, defaults::kPageDefault},
                                  {"offset"_L1, static_cast<qint64>(entries.size())}};
        const std::optional<Result<QJsonObject>> page = observe(context, message);
        if (!page || !*page || !isAccepted(page->value()))
            return page;
        whole = page->value();
        const QJsonArray more = whole.value("wrappers"_L1).toArray();
        for (const QJsonValue &entry : more)
            entries.append(entry);
        if (more.isEmpty() || entries.size() >= whole.value("total"_L1).toInteger())
            break;
    }
    whole.insert("wrappers"_L1, entries);
    return Result<QJsonObject>(whole);
}

QString ageText(const QJsonValue &seconds)
{
    constexpr double most = 1e12;
    if (!seconds.isDouble())
        return u"-"_s;
    return formatDuration(Millis(std::llround(qBound(0.0, seconds.toDouble(), most) * 1000)));
}

Cell countsCell(const QJsonObject &entry)
{
    if (entry.value("counts"_L1).toBool())
        return {u"yes"_s, Style::Good};
    const QString reason = sanitized(entry.value("why_not"_L1).toString());
    return {reason.isEmpty() ? u"no"_s : QString(u"no: "_s + reason), Style::Dim};
}

QString statusText(const QJsonObject &entry)
{
    const QString status = sanitized(entry.value("status"_L1).toString(), 20);
    return entry.value("leaked"_L1).toBool() ? QString(status + u", leaked"_s) : status;
}

QString tableText(const QJsonArray &entries, const Palette &palette)
{
    Table table;
    table.addRow({Cell{u"NAME"_s, Style::Bold}, Cell{u"PID"_s, Style::Bold, true}, Cell{u"STATUS"_s, Style::Bold},
                  Cell{u"AGE"_s, Style::Bold, true}, Cell{u"LAST ACTIVE"_s, Style::Bold, true}, Cell{u"UUID"_s, Style::Bold},
                  Cell{u"COUNTS"_s, Style::Bold}});
    for (const QJsonValue &value : entries) {
        const QJsonObject entry = value.toObject();
        const QString name = sanitized(entry.value("name"_L1).toString(), 60);
        const QString uuid = sanitized(entry.value("uuid"_L1).toString(), 60);
        const qint64 pid = entry.value("pid"_L1).toInteger();
        table.addRow({Cell{name.isEmpty() ? u"-"_s : name}, Cell{pid > 0 ? QString::number(pid) : u"-"_s, Style::Plain, true},
                      Cell{statusText(entry)}, Cell{ageText(entry.value("age_sec"_L1)), Style::Plain, true},
                      Cell{ageText(entry.value("active_ago_sec"_L1)), Style::Plain, true},
                      Cell{uuid.isEmpty() ? u"-"_s : uuid, Style::Dim}, countsCell(entry)});
    }
    return table.text(palette);
}

int wrappers(const Context &context)
{
    const std::optional<Result<QJsonObject>> answer = allPages(context);
    if (!answer) {
        const int code = reportAbsent(context);
        if (code == kExitOk)
            context.err.line(
                u"dormouse: no agent runs that could say who counts; `dormouse scan` reads the heartbeat files without one"_s);
        return code;
    }
    if (!*answer)
        return context.fail(answer->error());
    if (!isAccepted(answer->value()))
        return reportRefusal(context, answer->value());
    if (context.invocation.has("json"_L1)) {
        context.out.json(payloadOf(answer->value()));
        return kExitOk;
    }
    const QJsonArray entries = answer->value().value("wrappers"_L1).toArray();
    context.out.write(entries.isEmpty() ? u"no wrappers and no leases\n"_s : tableText(entries, context.out.palette()));
    return kExitOk;
}

} // namespace

Command wrappersCommand()
{
    CommandSpec spec{
        u"wrappers"_s, group::kLook, u"who is attached, and whether it keeps things awake"_s, u"[--json]"_s,
        u"Lists every heartbeat and lease that the agent knows: how old it is, when it was last used, and whether it counts "
        "as presence. "
        "It never wakes anything."_s};
    spec.options = {{u"json"_s, {}, u"the answer as JSON, with the keys of the control socket"_s}};
    spec.example = u"dormouse wrappers"_s;
    return {spec, &wrappers};
}

} // namespace dormouse
