// SPDX-License-Identifier: MIT
#pragma once

#include "shared/records/json.h"
#include "shared/records/lifecyclerecord.h"
#include "shared/storage/file.h"
#include "tests/unit/tray/link/fakeagent.h"
#include "tray/link/agentlink.h"

#include <QCoreApplication>
#include <QTemporaryDir>

namespace dormouse {

/// A root of its own, a link to it, and what the link told, in order.
struct LinkFixture {
    LinkFixture()
    {
        paths.root = folder.filePath(QStringLiteral("root"));
        isReady = prepareRoot(paths).ok();
    }

    void startLink(AgentLink::Launchers launchers = [] { return std::vector<Launcher>(); })
    {
        link = std::make_unique<AgentLink>(paths, QString(), clock, nullptr, std::move(launchers));
        QObject::connect(link.get(), &AgentLink::pictureChanged, link.get(), [this] { told.append(link->picture().link); });
        link->start();
    }
    [[nodiscard]] LinkState state() const { return link->picture().link; }
    [[nodiscard]] bool isShown(State state) const
    {
        const AgentPicture &picture = link->picture();
        return picture.link == LinkState::Connected && picture.snapshot && picture.snapshot->state == state;
    }
    [[nodiscard]] bool writeRecord(State state) const
    {
        LifecycleRecord record = defaultRecord(clock.now().wall);
        record.state = state;
        return writeAtomically(paths.record(), formatJsonFile(recordToJson(record))).ok();
    }

    QTemporaryDir folder;
    RootPaths paths;
    bool isReady = false;
    SystemClock clock;
    std::unique_ptr<AgentLink> link;
    QList<LinkState> told;
};

} // namespace dormouse
