// SPDX-License-Identifier: MIT
// A LaunchAgent of this user. launchd reads it at the next login; the tray that writes it runs already, so nothing is loaded now.
#include "tray/startatlogin.h"

#include "shared/storage/file.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QXmlStreamWriter>

#include <cerrno>

namespace dormouse {
namespace {

using namespace Qt::Literals::StringLiterals;

constexpr QLatin1StringView kLabel{"io.dormouse.tray"}; ///< beside the agent's io.dormouse.agent

QString propertyListPath()
{
    return QDir::homePath() + u"/Library/LaunchAgents/"_s + kLabel + u".plist"_s;
}

QByteArray propertyList()
{
    QByteArray bytes;
    QXmlStreamWriter xml(&bytes);
    xml.setAutoFormatting(true);
    xml.writeStartDocument();
    xml.writeDTD(u"<!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\" \"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">"_s);
    xml.writeStartElement(u"plist"_s);
    xml.writeAttribute(u"version"_s, u"1.0"_s);
    xml.writeStartElement(u"dict"_s);
    xml.writeTextElement(u"key"_s, u"Label"_s);
    xml.writeTextElement(u"string"_s, kLabel);
    xml.writeTextElement(u"key"_s, u"ProgramArguments"_s);
    xml.writeStartElement(u"array"_s);
    xml.writeTextElement(u"string"_s, QCoreApplication::applicationFilePath());
    xml.writeEndElement();
    xml.writeTextElement(u"key"_s, u"RunAtLoad"_s);
    xml.writeEmptyElement(u"true"_s);
    xml.writeTextElement(u"key"_s, u"LimitLoadToSessionType"_s);
    xml.writeTextElement(u"string"_s, u"Aqua"_s);
    xml.writeTextElement(u"key"_s, u"ProcessType"_s);
    xml.writeTextElement(u"string"_s, u"Interactive"_s);
    xml.writeEndDocument();
    return bytes;
}

class LaunchAgent : public StartAtLogin
{
public:
    [[nodiscard]] std::optional<bool> isEnabled() const override { return QFileInfo(propertyListPath()).isFile(); }

    [[nodiscard]] Result<void> setEnabled(bool enabled) override
    {
        const QString path = propertyListPath();
        const QString folder = QFileInfo(path).absolutePath();
        errno = 0;
        if (enabled && !QDir().mkpath(folder))
            return Error{ErrorCode::Permission, u"the folder of the login items cannot be made"_s, folder, errno};
        if (enabled)
            return writeAtomically(path, propertyList());
        if (!QFile::exists(path) || QFile::remove(path))
            return {};
        return Error{ErrorCode::Permission, u"the login item cannot be taken away"_s, path, errno};
    }
};

} // namespace

std::unique_ptr<StartAtLogin> makeStartAtLogin()
{
    return std::make_unique<LaunchAgent>();
}

} // namespace dormouse
