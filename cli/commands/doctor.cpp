// SPDX-License-Identifier: MIT
#include "cli/commands.h"
#include "cli/doctor/gathering.h"
#include "cli/doctor/report.h"
#include "cli/doctor/rows.h"
#include "shared/storage/durable.h"

namespace dormouse {
namespace {

using namespace Qt::Literals::StringLiterals;

/// A living agent changes its files one after the other; what looked wrong amid such a change is gone a moment later.
constexpr Millis kSettles{500};

std::vector<doctor::Finding> examine(const Context &context)
{
    const doctor::Facts facts = doctor::gatherFacts(context);
    std::vector<doctor::Finding> findings = doctor::diagnose(facts);
    const bool mayBePassing = facts.agent.snapshot || (!facts.agent.isAlive() && facts.lock.holder);
    if (mayBePassing && doctor::exitCodeOf(findings) != kExitOk) {
        pauseFor(kSettles);
        findings = doctor::diagnose(doctor::gatherFacts(context));
    }
    return findings;
}

int runDoctor(const Context &context)
{
    const std::vector<doctor::Finding> findings = examine(context);
    if (context.invocation.has("json"_L1))
        context.out.json(doctor::reportJson(findings));
    else
        context.out.write(doctor::reportText(findings, context.out.palette()));
    return doctor::exitCodeOf(findings);
}

} // namespace

Command doctorCommand()
{
    CommandSpec spec{
        u"doctor"_s, group::kLook, u"looks for what is wrong, and says what to do"_s, u"[--json]"_s,
        u"Examines the agent, its files, the configuration, the service manager and the machine, a row each: PASS, WARN or "
        "FAIL, with what to do. It changes nothing and wakes nothing."_s};
    spec.options = {{u"json"_s, {}, u"as JSON: rows with name, status, text, remedy; and how many of each status"_s}};
    spec.example = u"dormouse doctor --json | jq -r '.rows[] | select(.status != \"PASS\") | .remedy'"_s;
    spec.exitCodes = u"0   no row is FAIL\n1   at least one is"_s;
    return {spec, &runDoctor};
}

} // namespace dormouse
