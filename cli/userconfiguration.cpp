// SPDX-License-Identifier: MIT
#include "cli/userconfiguration.h"

#include <QProcessEnvironment>

namespace dormouse {

Result<Configuration> userConfiguration(const Context &context)
{
    QMap<QString, QString> environment;
    const QProcessEnvironment system = QProcessEnvironment::systemEnvironment();
    for (const QString &name : system.keys())
        environment.insert(name, system.value(name));
    return loadConfiguration({context.paths.configuration(), environment, {}});
}

} // namespace dormouse
