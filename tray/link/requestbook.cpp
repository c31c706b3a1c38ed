// SPDX-License-Identifier: MIT
#include "tray/link/requestbook.h"

#include "shared/base/text.h"
#include "shared/control/messages.h"

#include <QMetaObject>

#include <utility>

namespace dormouse {

RequestBook::RequestBook(QObject *parent) : QObject(parent) {}

RequestBook::~RequestBook()
{
    failAll({ErrorCode::Unavailable, tr("the link to the agent was closed"), {}, 0});
}

qint64 RequestBook::enter(QObject *context, Reply reply, Millis limit)
{
    const qint64 id = ++m_lastId;
    auto *timer = new QTimer(this);
    timer->setSingleShot(true);
    connect(timer, &QTimer::timeout, this, [this, id, limit] {
        settle(id, Error{ErrorCode::Unavailable, tr("the agent did not answer within %1").arg(formatDuration(limit)), {}, 0});
        Q_EMIT expired();
    });
    timer->start(limit);
    m_entries.emplace(id, Entry{context, std::move(reply), timer});
    return id;
}

bool RequestBook::answer(const QJsonObject &message)
{
    const qint64 id = message.value(control::key::kId).toInteger(-1);
    if (!m_entries.contains(id))
        return false;
    settle(id, message);
    return true;
}

void RequestBook::failAll(const Error &error)
{
    while (!m_entries.empty())
        settle(m_entries.begin()->first, error);
}

void RequestBook::settle(qint64 id, Result<QJsonObject> result)
{
    const auto found = m_entries.find(id);
    if (found == m_entries.end())
        return;
    Entry entry = std::move(found->second);
    m_entries.erase(found);
    entry.limit->stop();
    entry.limit->deleteLater(); // it may be what called us
    deliver(entry.context, std::move(entry.reply), std::move(result));
}

void RequestBook::deliver(QObject *context, Reply reply, Result<QJsonObject> result)
{
    if (!context)
        return;
    QMetaObject::invokeMethod(
        context, [reply = std::move(reply), result = std::move(result)] { reply(result); }, Qt::QueuedConnection);
}

} // namespace dormouse
