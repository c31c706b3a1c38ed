// SPDX-License-Identifier: MIT
#include "cli/doctor/finding.h"

#include <QRegularExpression>

namespace dormouse::doctor {

QLatin1StringView toString(Verdict verdict)
{
    switch (verdict) {
    case Verdict::Pass: return QLatin1StringView("PASS");
    case Verdict::Warn: return QLatin1StringView("WARN");
    case Verdict::Fail: return QLatin1StringView("FAIL");
    }
    return {};
}

Finding pass(const QString &name, const QString &text)
{
    return {name, Verdict::Pass, text, {}};
}

Finding warn(const QString &name, const QString &text, const QString &remedy)
{
    return {name, Verdict::Warn, text, remedy};
}

Finding fail(const QString &name, const QString &text, const QString &remedy)
{
    return {name, Verdict::Fail, text, remedy};
}

QString shellWord(const QString &path)
{
    static const QRegularExpression plain(QStringLiteral("\\A[A-Za-z0-9_./+,:@%=-]+\\z"));
    if (plain.match(path).hasMatch())
        return path;
    QString inner = path;
    return u'\'' + inner.replace(u'\'', QStringLiteral("'\\''")) + u'\'';
}

} // namespace dormouse::doctor
