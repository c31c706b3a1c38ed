// SPDX-License-Identifier: MIT
#include "tray/model/notice.h"

#include "shared/base/text.h"
#include "shared/records/timestamp.h"
#include "tray/model/words.h"

#include <QCoreApplication>
#include <QSet>

#include <algorithm>
#include <utility>

namespace dormouse {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr qsizetype kToldMax = 200;
constexpr std::size_t kMarksMax =
    100; // an agent that raises more is broken; far below kToldMax, so that what stands is never forgotten
constexpr int kTextMax = 300;
constexpr QLatin1StringView kErrorPrefix{"error:"};
constexpr QLatin1StringView kServicePrefix{"service "};

struct NoticeText {
    Q_DECLARE_TR_FUNCTIONS(Notices)
};

/// Without its numbers: the same cause with other counts and times is the same occasion.
QString withoutNumbers(const QString &text)
{
    QString result = sanitized(text, kTextMax);
    result.removeIf([](QChar c) { return c.isDigit(); });
    return result;
}

QString occasion(const QString &what, const QString &since, const QString &text)
{
    return sanitized(what, 100) + u':' + (since.isEmpty() ? withoutNumbers(text) : sanitized(since, 60));
}

QString shown(const QString &text)
{
    return withoutMarkup(foreign(text, kTextMax));
}

QString titleOf(const QString &what)
{
    if (what.startsWith(kServicePrefix))
        return NoticeText::tr("The service %1 needs attention").arg(shown(what.sliced(kServicePrefix.size())));
    if (what == "configuration"_L1)
        return NoticeText::tr("dormouse.toml has an error");
    if (what == "quarantine"_L1)
        return NoticeText::tr("Maintenance is suspended");
    if (what == "starvation"_L1)
        return NoticeText::tr("Maintenance has not been completed for long");
    if (what == "commands_changed"_L1)
        return NoticeText::tr("dormouse.toml brought new commands");
    return NoticeText::tr("Dormouse needs attention");
}

Notice quarantineNotice(const QJsonObject &quarantine)
{
    const QString reason = shown(quarantine.value("reason"_L1).toString());
    const QString since = quarantine.value("since_ts"_L1).toString();
    const auto from = parseTimestamp(since);
    const auto until = parseTimestamp(quarantine.value("until_ts"_L1).toString());
    Notice notice;
    notice.id = occasion(u"quarantine"_s, since, reason);
    notice.kind = Notice::Kind::Warning;
    notice.title = titleOf(u"quarantine"_s);
    // As seen from its beginning, which is when it is told.
    notice.text = until ? NoticeText::tr("No sleep cycle until %1: %2", "time, reason")
                              .arg(timeText(*until, from.value_or(WallTime())), reason)
                        : NoticeText::tr("No sleep cycle for now: %1", "reason").arg(reason);
    return notice;
}

Notice markNotice(const Attention &mark)
{
    Notice notice;
    notice.id = occasion(mark.what, mark.since, mark.text);
    notice.kind = mark.what == "commands_changed"_L1 ? Notice::Kind::Information : Notice::Kind::Warning;
    notice.title = titleOf(mark.what);
    notice.text = shown(mark.text);
    return notice;
}

Notice errorNotice(const QString &error)
{
    return {QString(kErrorPrefix + withoutNumbers(error)), Notice::Kind::Warning, NoticeText::tr("The agent reports an error"),
            shown(error)};
}

/// One for everything that stands now.
std::vector<Notice> standing(const Snapshot &snapshot)
{
    std::vector<Notice> notices;
    if (snapshot.quarantine)
        notices.push_back(quarantineNotice(*snapshot.quarantine));
    bool isErrorTold = !snapshot.lastError;
    for (std::size_t i = 0; i < std::min(snapshot.attention.size(), kMarksMax); ++i) {
        const Attention &mark = snapshot.attention[i];
        isErrorTold = isErrorTold || mark.text == snapshot.lastError;
        if (mark.what != "quarantine"_L1 || !snapshot.quarantine)
            notices.push_back(markNotice(mark));
    }
    if (!isErrorTold)
        notices.push_back(errorNotice(*snapshot.lastError));
    return notices;
}

/// Drops the oldest beyond the bound, but nothing that stands: it would be told again.
void bound(QStringList &told, const QSet<QString> &kept)
{
    qsizetype surplus = told.size() - kToldMax;
    told.removeIf([&surplus, &kept](const QString &id) { return surplus > 0 && !kept.contains(id) && surplus-- > 0; });
}

} // namespace

NoticeBook::NoticeBook(QStringList told) : m_told(std::move(told))
{
    m_told.removeDuplicates();
    bound(m_told, {});
}

std::vector<Notice> NoticeBook::observe(const AgentPicture &picture)
{
    if (picture.link != LinkState::Connected || !picture.snapshot)
        return {};
    std::vector<Notice> fresh;
    QSet<QString> ids;
    for (Notice &notice : standing(*picture.snapshot)) {
        ids.insert(notice.id);
        if (m_told.contains(notice.id))
            continue;
        m_told.append(notice.id);
        fresh.push_back(std::move(notice));
    }
    // An error has no time of its own: it ends when it is gone, and the next one like it is another occasion.
    m_told.removeIf([&ids](const QString &id) { return id.startsWith(kErrorPrefix) && !ids.contains(id); });
    bound(m_told, ids);
    return fresh;
}

bool NoticeBook::isDigestDue(const AgentPicture &picture)
{
    if (picture.link != LinkState::Connected || !picture.snapshot)
        return false;
    const Snapshot &snapshot = *picture.snapshot;
    if (!snapshot.pendingDigest) {
        m_digestAsked.clear();
        return false;
    }
    if (snapshot.state != State::Wake)
        return false;
    // Once a stay in WAKE: an agent that keeps the digest back (its 18 h) is asked again at the next one.
    const QString stay = u"awake since "_s + snapshot.stateSinceTs;
    return std::exchange(m_digestAsked, stay) != stay;
}

} // namespace dormouse
