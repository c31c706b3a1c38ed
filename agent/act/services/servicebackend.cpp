// SPDX-License-Identifier: MIT
#include "agent/act/services/servicebackend.h"

namespace dormouse {

using namespace Qt::Literals::StringLiterals;

QString ServiceEnd::text() const
{
    if (!reason.isEmpty())
        return reason;
    if (signal)
        return u"ended by signal "_s + QString::number(*signal);
    if (code)
        return u"ended with exit code "_s + QString::number(*code);
    return u"ended"_s;
}

} // namespace dormouse
