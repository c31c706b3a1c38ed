// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QVariant>

#include <algorithm>
#include <cstring>
#include <utility>

namespace dormouse::dbus {

/// Reads values in the D-Bus wire format (D-Bus specification, "Marshaling"). Never past the end: from the first thing that is wrong on, isOk() is false and all
/// that is read is empty.
class WireReader
{
public:
    WireReader(QByteArray bytes, bool isBigEndian) : m_bytes(std::move(bytes)), m_isBigEndian(isBigEndian) {}

    [[nodiscard]] bool isOk() const { return m_isOk; }
    [[nodiscard]] qsizetype position() const { return m_position; }
    void align(qsizetype to);
    /// Takes one complete type off `signature` and reads its value.
    [[nodiscard]] QVariant value(QByteArray &signature, int depth = 0);

    template<typename T>
    [[nodiscard]] T number()
    {
        align(sizeof(T));
        T result{};
        QByteArray bytes = take(sizeof(T));
        if (bytes.size() != sizeof(T))
            return {};
        if (m_isBigEndian != (Q_BYTE_ORDER == Q_BIG_ENDIAN))
            std::reverse(bytes.begin(), bytes.end());
        std::memcpy(&result, bytes.constData(), sizeof(T));
        return result;
    }

private:
    [[nodiscard]] QByteArray take(qsizetype count);
    [[nodiscard]] QByteArray text(qsizetype length);
    [[nodiscard]] QVariant basic(char type);
    [[nodiscard]] QVariant array(const QByteArray &element, int depth);
    [[nodiscard]] QVariant members(QByteArray signature, int depth);
    [[nodiscard]] QVariant variant(int depth);
    QVariant fail();

    QByteArray m_bytes;
    qsizetype m_position = 0;
    bool m_isBigEndian;
    bool m_isOk = true;
};

} // namespace dormouse::dbus
