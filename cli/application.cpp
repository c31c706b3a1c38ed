// SPDX-License-Identifier: MIT
#include "cli/application.h"

#include "cli/commands.h"
#include "cli/help.h"
#include "shared/base/logging.h"

#include <QFile>
#include <QFileInfo>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <unistd.h>

namespace dormouse {
namespace {

using namespace Qt::Literals::StringLiterals;

QStringList decoded(const std::vector<char *> &words)
{
    QStringList result;
    for (const char *word : words) {
        if (word)
            result.append(QFile::decodeName(word));
    }
    return result;
}

int execute(const Context &context)
{
    const Invocation &invocation = context.invocation;
    const std::vector<Command> commands = allCommands();
    if (invocation.version)
        return versionCommand().run(context);
    const auto named = [&invocation](const Command &command) { return command.spec.name == invocation.command; };
    const auto found = std::find_if(commands.begin(), commands.end(), named);
    if (found == commands.end()) {
        context.out.write(overviewText(allSpecs(), context.out.palette()));
        return kExitOk;
    }
    if (invocation.help) {
        context.out.write(commandHelpText(found->spec, context.out.palette()));
        return kExitOk;
    }
    return found->run(context);
}

/// What was printed must have arrived: a full disk must not look like success. A reader that has seen enough (`| head`) needs
/// no message.
int checkedOutput(const Context &context, int code)
{
    const int failure = context.out.failure();
    if (failure == 0 || code != kExitOk)
        return code;
    if (failure == EPIPE)
        return kExitFailure;
    return context.fail(kExitFailure,
                        u"cannot write to standard output ("_s + QString::fromLocal8Bit(std::strerror(failure)) + u')');
}

} // namespace

int runDormouse(const std::vector<char *> &words)
{
    Output out(STDOUT_FILENO);
    Output err(STDERR_FILENO);
    if (!installLogging(u"warning"_s))
        return kExitFailure;
    const std::variant<Invocation, UsageError> parsed = parseInvocation(decoded(words), allSpecs());
    if (const UsageError *error = std::get_if<UsageError>(&parsed)) {
        err.line(err.palette().paint(Style::Bad, u"dormouse: "_s) + error->text);
        return kExitUsage;
    }
    const Invocation &invocation = std::get<Invocation>(parsed);
    const SystemClock clock;
    const RootPaths paths = resolveRoot(invocation.value("root"_L1));
    const QString socket =
        invocation.has("socket"_L1) ? QFileInfo(invocation.value("socket"_L1)).absoluteFilePath() : QString(paths.socket());
    const Context context{invocation, words, paths, socket, clock, out, err};
    return checkedOutput(context, execute(context));
}

} // namespace dormouse
