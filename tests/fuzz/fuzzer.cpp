// SPDX-License-Identifier: MIT
// Between libFuzzer and one target, whose name is DORMOUSE_FUZZ_TARGET.
#include "tests/fuzz/targets.h"

#include <QCoreApplication>
#include <QLoggingCategory>

#include <cstdint>

extern "C" int LLVMFuzzerInitialize(int *count, char ***arguments);
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size);

extern "C" int LLVMFuzzerInitialize(int *, char ***)
{
    static int count = 1;
    static char name[] = "fuzz";
    static char *arguments[] = {name, nullptr};
    static const QCoreApplication application(count,
                                              arguments); // the connection needs an event loop; libFuzzer's arguments are its own
    QLoggingCategory::setFilterRules(QStringLiteral("*=false"));
    return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    dormouse::fuzz::DORMOUSE_FUZZ_TARGET(QByteArray(reinterpret_cast<const char *>(data), static_cast<qsizetype>(size)));
    return 0;
}
