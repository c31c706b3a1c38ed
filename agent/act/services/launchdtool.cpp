// SPDX-License-Identifier: MIT
#include "agent/act/services/unittool.h"

#include <QDir>
#include <QFileInfo>

#include <unistd.h>

namespace dormouse {

using namespace Qt::Literals::StringLiterals;

namespace {

/// Where a person or an installer puts LaunchAgents.
QString installedPropertyList(const QString &label)
{
    const QStringList folders{QDir::homePath() + u"/Library/LaunchAgents"_s, u"/Library/LaunchAgents"_s};
    for (const QString &folder : folders) {
        const QString path = folder + u'/' + label + u".plist"_s;
        if (QFileInfo(path).isFile())
            return path;
    }
    return {};
}

class LaunchdTool final : public UnitTool
{
public:
    LaunchdTool(QString label, QString propertyList)
        : m_label(std::move(label)), m_propertyList(std::move(propertyList)), m_domain(u"gui/"_s + QString::number(::getuid())),
          m_target(m_domain + u'/' + m_label)
    {
    }

    [[nodiscard]] QStringList lookArguments() const override { return {u"print"_s, m_target}; }

    /// A failure is the way `print` says that it has no such label. What it prints is made for people: "\tpath = …", "\tstate = running", "\tpid = 812".
    [[nodiscard]] std::optional<UnitLook> readLook(int exitCode, const QByteArray &output) const override
    {
        UnitLook look;
        if (exitCode != 0)
            return look;
        look.isLoaded = true;
        for (const QByteArray &line : output.split('\n')) {
            const qsizetype end = line.indexOf(" = ");
            const bool isOfTheJob = end > 1 && line.startsWith('\t') && !line.startsWith("\t\t"); // deeper ones speak of parts
            if (!isOfTheJob)
                continue;
            const QByteArray key = line.mid(1, end - 1);
            const QByteArray value = line.mid(end + 3).trimmed();
            if (key == "state" && value == "running")
                look.kind = UnitLook::Kind::Up;
            else if (key == "pid" && value.toLongLong() > 0)
                look.pid = value.toLongLong();
            else if (key == "path" && value.startsWith('/'))
                look.propertyList = QString::fromUtf8(value);
            else if (key == "last exit code" && look.kind == UnitLook::Kind::Down)
                look.reason = u"launchd says: last exit code %1"_s.arg(QString::fromUtf8(value));
        }
        return look;
    }

    [[nodiscard]] QStringList startArguments(const UnitLook &seen) const override
    {
        if (seen.isLoaded)
            return {u"kickstart"_s, m_target}; // never with -k, which kills one that runs
        const QString path = m_propertyList.isEmpty() ? installedPropertyList(m_label) : m_propertyList;
        if (path.isEmpty())
            return {};
        return {u"bootstrap"_s, m_domain, path};
    }
    [[nodiscard]] QStringList stopArguments() const override { return {u"bootout"_s, m_target}; }
    [[nodiscard]] QStringList killArguments() const override { return {u"kill"_s, u"SIGKILL"_s, m_target}; }
    [[nodiscard]] bool isStopped(const UnitLook &seen) const override { return !seen.isLoaded; }

private:
    QString m_label;
    QString m_propertyList;
    QString m_domain;
    QString m_target;
};

} // namespace

std::unique_ptr<UnitTool> launchdTool(const QString &label, const QString &propertyList)
{
    return std::make_unique<LaunchdTool>(label, propertyList);
}

} // namespace dormouse
