// SPDX-License-Identifier: MIT
#include "shared/config/tomlwords.h"

namespace dormouse {

using namespace Qt::Literals::StringLiterals;

QString tomlString(const QString &text)
{
    constexpr char16_t kDelete = 0x7F;
    QString result = u"\""_s;
    for (const QChar c : text) {
        if (c == u'"' || c == u'\\')
            result += QString(u'\\') + c;
        else if (c < u' ' || c == kDelete)
            result += u"\\u%1"_s.arg(c.unicode(), 4, 16, QLatin1Char('0'));
        else
            result += c;
    }
    return result + u'"';
}

QString tomlList(const QStringList &texts)
{
    QStringList items;
    for (const QString &text : texts)
        items.append(tomlString(text));
    return u'[' + items.join(u", ") + u']';
}

} // namespace dormouse
