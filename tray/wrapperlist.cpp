// SPDX-License-Identifier: MIT
#include "tray/wrapperlist.h"

#include "shared/base/text.h"

#include <QJsonArray>

namespace dormouse {

using namespace Qt::Literals::StringLiterals;

std::vector<WrapperView> wrappersFromJson(const QJsonObject &answer)
{
    std::vector<WrapperView> wrappers;
    const QJsonArray entries = answer.value("wrappers"_L1).toArray();
    for (const QJsonValue &value : entries) {
        if (!value.isObject() || wrappers.size() >= std::size_t(kWrappersShown))
            continue;
        const QJsonObject entry = value.toObject();
        WrapperView view;
        view.name = sanitized(entry.value("name"_L1).toString(), 60);
        view.uuid = entry.value("uuid"_L1).toString();
        view.pid = entry.value("pid"_L1).toInteger();
        if (entry.value("age_sec"_L1).isDouble())
            view.ageSec = entry.value("age_sec"_L1).toDouble();
        view.isLeaked = entry.value("leaked"_L1).toBool();
        view.counts = entry.value("counts"_L1).toBool();
        view.whyNot = sanitized(entry.value("why_not"_L1).toString());
        view.isLease = entry.value("status"_L1).toString() == u"lease"_s;
        wrappers.push_back(view);
    }
    return wrappers;
}

} // namespace dormouse
