// SPDX-License-Identifier: MIT
#include "shared/idle/xauthority.h"

#include "tests/fuzz/property.h"
#include "tests/fuzz/targets.h"

#include <QtEndian>

namespace dormouse::fuzz {
namespace {

void append(QByteArray &out, const QByteArray &field)
{
    const quint16 size = qToBigEndian(static_cast<quint16>(field.size()));
    out.append(reinterpret_cast<const char *>(&size), sizeof size);
    out.append(field);
}

QByteArray entry(quint16 family, const QByteArray &address, const QByteArray &number, const XCookie &cookie)
{
    const quint16 big = qToBigEndian(family);
    QByteArray result(reinterpret_cast<const char *>(&big), sizeof big);
    for (const QByteArray &field : {address, number, cookie.name, cookie.data})
        append(result, field);
    return result;
}

} // namespace

void xauthority(const QByteArray &input)
{
    constexpr quint16 kLocal = 256;
    const QByteArray host = "host";
    QByteArray content = input;
    const std::optional<int> display = localDisplayNumber(QString::fromUtf8(takeLine(content)));
    require(!display || *display >= 0, "a display's number is not negative");
    const int number = display.value_or(0);
    const std::optional<XCookie> cookie = findXCookie(content, number, host);
    if (!cookie)
        return;
    require(cookie->name == "MIT-MAGIC-COOKIE-1", "a cookie is of the kind that we can show");
    require(content.contains(cookie->data) && content.contains(cookie->name), "a cookie stands in the file");
    require(findXCookie(content + "\x01", number, host) == cookie, "what comes after a cookie does not matter");
    const QByteArray others =
        entry(kLocal, "elsewhere", {}, *cookie) + entry(kLocal, host, QByteArray::number(number ^ 1), *cookie);
    require(!findXCookie(others, number, host), "cookies of other machines and displays are not ours");
    require(findXCookie(others + entry(kLocal, host, QByteArray::number(number), *cookie), number, host) == cookie,
            "our cookie is found behind others");
}

} // namespace dormouse::fuzz
