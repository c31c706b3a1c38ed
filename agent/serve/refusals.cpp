// SPDX-License-Identifier: MIT
#include "agent/serve/refusals.h"

#include "shared/base/logging.h"

namespace dormouse {
namespace {

struct Kind {
    QLatin1StringView key;
    QLatin1StringView sentence;
};

Kind kindOf(Refusal refusal)
{
    switch (refusal) {
    case Refusal::Connections:
        return {QLatin1StringView("connections"), QLatin1StringView("refused: all connections are in use")};
    case Refusal::LineTooLong:
        return {QLatin1StringView("line_too_long"), QLatin1StringView("closed: it sent a line that is too long")};
    case Refusal::Rate: return {QLatin1StringView("rate"), QLatin1StringView("slowed down: it sends too many requests")};
    case Refusal::Unread: return {QLatin1StringView("unread"), QLatin1StringView("closed: it does not read its answers")};
    case Refusal::HalfLine: return {QLatin1StringView("half_line"), QLatin1StringView("closed: it did not finish a line")};
    case Refusal::ForeignUid: return {QLatin1StringView("foreign_uid"), QLatin1StringView("refused: it belongs to another user")};
    case Refusal::Invalid: return {QLatin1StringView("invalid"), QLatin1StringView("sent a message that is not valid")};
    case Refusal::UnknownType: return {QLatin1StringView("unknown_type"), QLatin1StringView("sent a message of an unknown type")};
    }
    Q_UNREACHABLE();
}

} // namespace

Refusals::Refusals()
{
    for (std::size_t i = 0; i < m_counts.size(); ++i)
        m_object.insert(kindOf(static_cast<Refusal>(i)).key, m_counts.at(i));
}

void Refusals::add(Refusal refusal, qint64 pid)
{
    qint64 &count = m_counts.at(static_cast<std::size_t>(refusal));
    ++count;
    m_object.insert(kindOf(refusal).key, count);
    if (count == 1)
        qCInfo(lcControl).noquote() << "client with pid" << pid << kindOf(refusal).sentence
                                    << "(the first time; later ones are only counted)";
}

} // namespace dormouse
