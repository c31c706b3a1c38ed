// SPDX-License-Identifier: MIT
#include "tray/toldnotices.h"

#include "shared/base/privateumask.h"

#include <QCryptographicHash>
#include <QSettings>

namespace dormouse {
namespace {

using namespace Qt::Literals::StringLiterals;

QSettings settings()
{
    return QSettings(QSettings::IniFormat, QSettings::UserScope, u"dormouse"_s, u"tray"_s);
}

} // namespace

ToldNotices::ToldNotices(const RootPaths &paths)
    : m_key(u"told/"_s
            + QString::fromLatin1(QCryptographicHash::hash(paths.root.toUtf8(), QCryptographicHash::Sha1).toHex().left(16)))
{
}

QStringList ToldNotices::load() const
{
    return settings().value(m_key).toStringList();
}

void ToldNotices::save(const QStringList &ids) const
{
    const PrivateUmask narrowed; // its file, and the folders above it, are made as wide as the umask lets them be
    settings().setValue(m_key, ids);
}

} // namespace dormouse
