// SPDX-License-Identifier: MIT
#include "agent/act/memoryfile.h"

#include "shared/base/defaults.h"
#include "shared/base/logging.h"
#include "shared/records/json.h"
#include "shared/records/timestamp.h"
#include "shared/storage/file.h"

namespace dormouse {

MemoryFile::MemoryFile(QString path, const Clock &clock) : m_path(std::move(path)), m_clock(clock) {}

AgentMemory MemoryFile::load()
{
    const Result<QByteArray> bytes = readPatiently(m_path, defaults::kStateBytesMax);
    if (!bytes) {
        m_isBadFile = bytes.error().code != ErrorCode::NotFound;
        if (m_isBadFile)
            qCWarning(lcStorage).noquote() << "starting without memory:" << bytes.error().text();
        return {};
    }
    const Result<QJsonObject> object = parseJsonObject(bytes.value());
    if (!object) {
        qCWarning(lcStorage).noquote() << "starting without memory:" << object.error().text() << m_path;
        m_isBadFile = true;
        return {};
    }
    return memoryFromJson(object.value());
}

Result<void> MemoryFile::save(const AgentMemory &memory)
{
    if (m_isBadFile) {
        if (auto kept = keepBad(m_path, timeTag(m_clock.now().wall)); !kept && kept.error().code != ErrorCode::NotFound)
            return kept.error();
        m_isBadFile = false;
    }
    QByteArray bytes = formatMemory(memory);
    if (bytes.size() > defaults::kStateBytesMax) { // what can be seen again goes, rather than a hold or a quarantine
        AgentMemory smaller = memory;
        smaller.wrappers.clear();
        if (smaller.wish)
            smaller.wish->ignored.clear();
        bytes = formatMemory(smaller);
    }
    return writeAtomically(m_path, bytes);
}

} // namespace dormouse
