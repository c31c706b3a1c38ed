// SPDX-License-Identifier: MIT
#include "shared/idle/xauthority.h"

#include <QtEndian>

namespace dormouse {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr quint16 kFamilyLocal = 256;
constexpr quint16 kFamilyWild = 65535;

/// Reads the big-endian, counted fields of the file.
class CookieReader
{
public:
    explicit CookieReader(const QByteArray &content) : m_content(content) {}
    [[nodiscard]] bool isAtEnd() const { return m_position >= m_content.size(); }
    [[nodiscard]] bool isOk() const { return m_isOk; }
    quint16 number()
    {
        const QByteArray bytes = take(2);
        return m_isOk ? qFromBigEndian<quint16>(bytes.constData()) : quint16(0);
    }
    QByteArray field() { return take(number()); }

private:
    QByteArray take(qsizetype count)
    {
        m_isOk = m_isOk && count <= m_content.size() - m_position;
        m_position += m_isOk ? count : 0;
        return m_isOk ? m_content.mid(m_position - count, count) : QByteArray();
    }

    const QByteArray &m_content;
    qsizetype m_position = 0;
    bool m_isOk = true;
};

} // namespace

std::optional<XCookie> findXCookie(const QByteArray &content, int display, const QByteArray &hostName)
{
    const QByteArray wanted = QByteArray::number(display);
    CookieReader reader(content);
    while (reader.isOk() && !reader.isAtEnd()) {
        const quint16 family = reader.number();
        const QByteArray address = reader.field();
        const QByteArray number = reader.field();
        XCookie cookie;
        cookie.name = reader.field();
        cookie.data = reader.field();
        const bool isOurs = family == kFamilyWild || (family == kFamilyLocal && address == hostName);
        if (reader.isOk() && isOurs && (number.isEmpty() || number == wanted) && cookie.name == "MIT-MAGIC-COOKIE-1")
            return cookie;
    }
    return std::nullopt;
}

std::optional<int> localDisplayNumber(const QString &display)
{
    const qsizetype colon = display.lastIndexOf(u':');
    const QString host = display.left(colon);
    if (colon < 0 || (!host.isEmpty() && host != "unix"_L1))
        return std::nullopt;
    bool isNumber = false;
    const int number = display.mid(colon + 1).section(u'.', 0, 0).toInt(&isNumber);
    return isNumber && number >= 0 ? std::optional(number) : std::nullopt;
}

} // namespace dormouse
