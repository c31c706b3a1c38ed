// SPDX-License-Identifier: MIT
#pragma once

#include "shared/base/clock.h"
#include "shared/base/result.h"

#include <QJsonObject>
#include <QObject>
#include <QPointer>
#include <QTimer>

#include <functional>
#include <map>

namespace dormouse {

/// The requests that wait for an answer: matches them by `id`, and answers for an agent that does not. Replies are called once, from the event loop, and not
/// when their context has died. Main thread.
class RequestBook : public QObject
{
    Q_OBJECT

public:
    using Reply = std::function<void(const Result<QJsonObject> &)>;

    explicit RequestBook(QObject *parent = nullptr);
    /// Answers what still waits.
    ~RequestBook() override;

    /// Notes a request; the answer carries the id that is given back. After `limit` it is answered Unavailable.
    [[nodiscard]] qint64 enter(QObject *context, Reply reply, Millis limit);
    /// False when nobody waits for this message.
    bool answer(const QJsonObject &message);
    void failAll(const Error &error);

    /// Calls `reply` from the event loop, unless `context` has died by then.
    static void deliver(QObject *context, Reply reply, Result<QJsonObject> result);

Q_SIGNALS:
    /// A request was not answered in time.
    void expired();

private:
    struct Entry {
        QPointer<QObject> context;
        Reply reply;
        QTimer *limit = nullptr; ///< a child of the book
    };

    void settle(qint64 id, Result<QJsonObject> result);

    std::map<qint64, Entry> m_entries;
    qint64 m_lastId = 0;
};

} // namespace dormouse
