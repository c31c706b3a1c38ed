// SPDX-License-Identifier: MIT
#include "shared/idle/dbus/wirereader.h"

namespace dormouse::dbus {
namespace {

constexpr int kDepthMax = 16; // the specification allows 64; nothing we ask for has more than four

/// 0: no such type.
qsizetype alignmentOf(char type)
{
    switch (type) {
    case 'y':
    case 'g':
    case 'v': return 1;
    case 'n':
    case 'q': return 2;
    case 'b':
    case 'i':
    case 'u':
    case 'h':
    case 's':
    case 'o':
    case 'a': return 4;
    case 'x':
    case 't':
    case 'd':
    case '(':
    case '{': return 8;
    default: return 0;
    }
}

/// How many characters the first complete type takes; 0 when there is none.
qsizetype typeLength(const QByteArray &signature, qsizetype from = 0, int depth = 0)
{
    if (from >= signature.size() || depth > kDepthMax)
        return 0;
    const char type = signature.at(from);
    if (type == 'a') {
        const qsizetype element = typeLength(signature, from + 1, depth + 1);
        return element == 0 ? 0 : element + 1;
    }
    if (type != '(' && type != '{')
        return alignmentOf(type) == 0 ? 0 : 1;
    const char end = type == '(' ? ')' : '}';
    qsizetype position = from + 1;
    while (position < signature.size() && signature.at(position) != end) {
        const qsizetype member = typeLength(signature, position, depth + 1);
        if (member == 0)
            return 0;
        position += member;
    }
    const bool isEmpty = position == from + 1;
    return position < signature.size() && !isEmpty ? position + 1 - from : 0;
}

} // namespace

QVariant WireReader::fail()
{
    m_isOk = false;
    return {};
}

QByteArray WireReader::take(qsizetype count)
{
    if (!m_isOk || count < 0 || count > m_bytes.size() - m_position) {
        m_isOk = false;
        return {};
    }
    m_position += count;
    return m_bytes.mid(m_position - count, count);
}

void WireReader::align(qsizetype to)
{
    static_cast<void>(take((to - m_position % to) % to));
}

/// Text of the wire is followed by a 0, and has none in it.
QByteArray WireReader::text(qsizetype length)
{
    QByteArray bytes = take(length);
    const QByteArray end = take(1);
    if (!m_isOk || end.at(0) != '\0' || bytes.contains('\0')) {
        m_isOk = false;
        return {};
    }
    return bytes;
}

QVariant WireReader::value(QByteArray &signature, int depth)
{
    const qsizetype length = typeLength(signature);
    if (!m_isOk || length == 0 || depth > kDepthMax)
        return fail();
    const QByteArray type = signature.left(length);
    signature.remove(0, length);
    switch (type.at(0)) {
    case 'a': return array(type.mid(1), depth);
    case '(':
    case '{': return members(type.mid(1, length - 2), depth);
    case 'v': return variant(depth);
    default: return basic(type.at(0));
    }
}

QVariant WireReader::basic(char type)
{
    switch (type) {
    case 'y': return uint(number<quint8>());
    case 'n': return int(number<qint16>());
    case 'q': return uint(number<quint16>());
    case 'b': return number<quint32>() != 0;
    case 'i': return number<qint32>();
    case 'u':
    case 'h': return number<quint32>();
    case 'x': return number<qint64>();
    case 't': return number<quint64>();
    case 'd': return number<double>();
    case 's':
    case 'o': return QString::fromUtf8(text(number<quint32>()));
    case 'g': return QString::fromLatin1(text(number<quint8>()));
    default: return fail();
    }
}

QVariant WireReader::array(const QByteArray &element, int depth)
{
    const auto length = qsizetype(number<quint32>());
    align(alignmentOf(element.at(0)));
    if (!m_isOk || length > m_bytes.size() - m_position)
        return fail();
    if (element == "y")
        return take(length);
    const qsizetype end = m_position + length;
    QVariantList result;
    while (m_isOk && m_position < end) {
        QByteArray signature = element;
        result.append(value(signature, depth + 1));
    }
    return m_isOk && m_position == end ? QVariant(result) : fail();
}

QVariant WireReader::members(QByteArray signature, int depth)
{
    align(8);
    QVariantList result;
    while (m_isOk && !signature.isEmpty())
        result.append(value(signature, depth + 1));
    return result;
}

QVariant WireReader::variant(int depth)
{
    QByteArray signature = text(number<quint8>());
    QVariant result = value(signature, depth + 1);
    return signature.isEmpty() ? result : fail();
}

} // namespace dormouse::dbus
