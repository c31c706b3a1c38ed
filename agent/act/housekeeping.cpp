// SPDX-License-Identifier: MIT
#include "agent/act/housekeeping.h"

#include "shared/base/logging.h"
#include "shared/records/daemonstate.h"
#include "shared/storage/file.h"

#include <QFileInfo>
#include <QJsonArray>

namespace dormouse {

using namespace Qt::Literals::StringLiterals;

void prunePendingFirstTurns(const DaemonStateFile &daemonState, Dispatcher &dispatcher, WallTime now)
{
    QStringList expired;
    const auto updated = daemonState.update([&expired, now](QJsonObject &state) {
        expired = daemonstate::prunePendingFirstTurns(state, now);
        return !expired.isEmpty();
    });
    if (!updated && daemonState.hasFailedAnew())
        qCWarning(lcStorage).noquote() << "cannot prune first turns:" << updated.error().text();
    else if (updated && !expired.isEmpty())
        dispatcher.log({now, logkind::kFirstTurnExpired, {{"session_ids"_L1, QJsonArray::fromStringList(expired)}}});
}

void pruneStaleFirstTurns(const DaemonStateFile &daemonState, WallTime now)
{
    const auto updated =
        daemonState.update([now](QJsonObject &state) { return daemonstate::pruneStaleFirstTurns(state, now) > 0; });
    if (!updated)
        qCWarning(lcStorage).noquote() << "cannot prune stale first turns:" << updated.error().text();
}

void sweepTemporaries(const RootPaths &paths)
{
    const auto nameOf = [](const QString &path) { return QFileInfo(path).fileName(); };
    const int removed = sweepOwnTemporaries(
        paths.root, {nameOf(paths.record()), nameOf(paths.daemonState()), nameOf(paths.memory()), nameOf(paths.services())});
    if (removed > 0)
        qCInfo(lcStorage) << "removed" << removed << "unfinished temporary files";
}

} // namespace dormouse
