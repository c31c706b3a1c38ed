// SPDX-License-Identifier: MIT
#include "cli/doctor/report.h"

#include "cli/table.h"
#include "shared/base/exitcodes.h"
#include "shared/base/text.h"

#include <QJsonArray>

#include <algorithm>

namespace dormouse::doctor {
namespace {

using namespace Qt::Literals::StringLiterals;

constexpr int kLineMax = 1000; // a path may be long

Style styleOf(Verdict verdict)
{
    switch (verdict) {
    case Verdict::Pass: return Style::Good;
    case Verdict::Warn: return Style::Warning;
    case Verdict::Fail: return Style::Bad;
    }
    return Style::Plain;
}

} // namespace

QString reportText(const std::vector<Finding> &findings, const Palette &palette)
{
    Table table;
    for (const Finding &finding : findings) {
        table.addRow({Cell{toString(finding.verdict), styleOf(finding.verdict)}, Cell{finding.name, Style::Bold},
                      Cell{sanitized(finding.text, kLineMax)}});
        if (!finding.remedy.isEmpty())
            table.addRow({Cell{}, Cell{}, Cell{u"-> "_s + sanitized(finding.remedy, kLineMax), Style::Calm}});
    }
    const int fails = countOf(findings, Verdict::Fail);
    const int warnings = countOf(findings, Verdict::Warn);
    const QString summary = fails + warnings == 0 ? u"%1 rows, all PASS"_s.arg(findings.size())
                                                  : u"%1 rows: %2 PASS, %3 WARN, %4 FAIL"_s.arg(findings.size())
                                                        .arg(countOf(findings, Verdict::Pass))
                                                        .arg(warnings)
                                                        .arg(fails);
    return table.text(palette) + u'\n' + summary + u'\n';
}

QJsonObject reportJson(const std::vector<Finding> &findings)
{
    QJsonArray rows;
    for (const Finding &finding : findings)
        rows.append(QJsonObject{{"name"_L1, finding.name},
                                {"status"_L1, QString(toString(finding.verdict))},
                                {"text"_L1, finding.text},
                                {"remedy"_L1, finding.remedy.isEmpty() ? QJsonValue() : QJsonValue(finding.remedy)}});
    return {{"rows"_L1, rows},
            {"pass"_L1, countOf(findings, Verdict::Pass)},
            {"warn"_L1, countOf(findings, Verdict::Warn)},
            {"fail"_L1, countOf(findings, Verdict::Fail)}};
}

int countOf(const std::vector<Finding> &findings, Verdict verdict)
{
    return static_cast<int>(std::ranges::count(findings, verdict, &Finding::verdict));
}

int exitCodeOf(const std::vector<Finding> &findings)
{
    return countOf(findings, Verdict::Fail) > 0 ? kExitFailure : kExitOk;
}

} // namespace dormouse::doctor
