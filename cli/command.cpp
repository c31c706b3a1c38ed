// SPDX-License-Identifier: MIT
#include "cli/command.h"

#include "shared/base/text.h"

namespace dormouse {
namespace {

using namespace Qt::Literals::StringLiterals;

constexpr int kErrorTextMax = 1000; // a path may be long, and cutting it would hide the cause

} // namespace

int exitCodeFor(ErrorCode code)
{
    switch (code) {
    case ErrorCode::Unavailable: return kExitNoAgent;
    case ErrorCode::Busy: return kExitTryAgain;
    case ErrorCode::Permission:
    case ErrorCode::Refused:
    case ErrorCode::Configuration: return kExitConfiguration;
    case ErrorCode::Io:
    case ErrorCode::NotFound:
    case ErrorCode::Malformed:
    case ErrorCode::TooLarge:
    case ErrorCode::NotDurable: return kExitFailure;
    }
    return kExitFailure;
}

int Context::fail(int code, const QString &text) const
{
    err.line(err.palette().paint(Style::Bad, u"dormouse: "_s) + sanitized(text, kErrorTextMax));
    return code;
}

int Context::fail(const Error &error) const
{
    return fail(exitCodeFor(error.code), error.text());
}

int Context::failUsage(const QString &text) const
{
    return fail(kExitUsage, text + u" (see: dormouse "_s + invocation.command + u" --help)"_s);
}

} // namespace dormouse
