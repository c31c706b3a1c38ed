// SPDX-License-Identifier: MIT
#include "agent/act/daemonstatefile.h"

#include "shared/base/defaults.h"
#include "shared/base/logging.h"
#include "shared/records/json.h"
#include "shared/records/timestamp.h"
#include "shared/storage/file.h"

#include <utility>

namespace dormouse {

using namespace Qt::Literals::StringLiterals;

namespace {

struct Content {
    QJsonObject object;
    bool isMalformed = false;
    bool isUnwritable = false; ///< holds an integer that would not survive
};

Result<Content> load(const QString &path)
{
    const Result<QByteArray> bytes = readBounded(path, defaults::kStateBytesMax);
    if (!bytes) {
        if (bytes.error().code == ErrorCode::NotFound)
            return Content{};
        return bytes.error();
    }
    const Result<QJsonObject> object = parseJsonObject(bytes.value());
    if (!object)
        return Content{{}, true, false};
    return Content{object.value(), false, hasIntegerBeyond64Bits(bytes.value())};
}

} // namespace

DaemonStateFile::DaemonStateFile(QString path, const Clock &clock) : m_path(std::move(path)), m_clock(clock) {}

Result<QJsonObject> DaemonStateFile::read() const
{
    const Result<Content> content = load(m_path);
    if (!content)
        return content.error();
    m_lastSeen = content.value().object;
    return m_lastSeen;
}

Result<void> DaemonStateFile::update(const std::function<bool(QJsonObject &)> &change) const
{
    Result<void> updated = tryUpdate(change);
    const std::optional<Error> before = std::exchange(m_error, updated ? std::nullopt : std::optional(updated.error()));
    m_hasFailedAnew = m_error && m_error != before;
    return updated;
}

Result<void> DaemonStateFile::tryUpdate(const std::function<bool(QJsonObject &)> &change) const
{
    Result<Content> content = load(m_path);
    if (!content)
        return content.error();
    m_lastSeen = content.value().object;
    if (!change(content.value().object))
        return {};
    if (content.value().isUnwritable)
        return Error{ErrorCode::Refused, u"not written: it holds an integer beyond 64 bits, which would be changed"_s, m_path, 0};
    if (content.value().isMalformed) {
        if (auto kept = keepBad(m_path, timeTag(m_clock.now().wall)); !kept)
            return kept.error();
    }
    const auto written = writeAtomically(m_path, formatJsonFile(content.value().object));
    if (!written && written.error().code != ErrorCode::NotDurable)
        return written;
    if (!written)
        qCWarning(lcStorage).noquote() << written.error().text(); // it is in place: what was taken out of it is taken
    m_lastSeen = content.value().object;
    return {};
}

} // namespace dormouse
