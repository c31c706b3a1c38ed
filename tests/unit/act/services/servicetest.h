// SPDX-License-Identifier: MIT
#pragma once

#include "shared/config/configuration.h"

#include <QString>
#include <QStringList>

namespace dormouse::test {

inline ServiceConfig service(const QString &name, State stopIn = State::Hibernation,
                             std::optional<QStringList> after = std::nullopt)
{
    ServiceConfig config;
    config.name = name;
    config.command = {QStringLiteral("server")};
    config.stopIn = stopIn;
    config.after = std::move(after);
    return config;
}

} // namespace dormouse::test
