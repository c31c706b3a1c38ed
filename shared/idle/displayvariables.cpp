// SPDX-License-Identifier: MIT
#include "shared/idle/displayvariables.h"

#include "shared/idle/dbus/buslink.h"

namespace dormouse {

using namespace Qt::Literals::StringLiterals;

namespace {

QStringList variable(const char *name)
{
    const QString value = qEnvironmentVariable(name);
    return value.isEmpty() ? QStringList() : QStringList(QString(QString::fromLatin1(name) + u'=' + value));
}

DisplayVariables ownVariables()
{
    return displayVariables(variable("DISPLAY") + variable("XAUTHORITY") + variable("WAYLAND_DISPLAY")
                            + variable("XDG_RUNTIME_DIR") + variable("HOME"));
}

} // namespace

DisplayVariables displayVariables(const QStringList &environment)
{
    DisplayVariables result;
    QString folder;
    for (const QString &line : environment) {
        const qsizetype sign = line.indexOf(u'=');
        const QString name = line.left(sign);
        const QString value = line.mid(sign + 1);
        if (name == "DISPLAY"_L1)
            result.x11 = value;
        else if (name == "XAUTHORITY"_L1)
            result.authorityFile = value;
        else if (name == "WAYLAND_DISPLAY"_L1)
            result.wayland = value;
        else if (name == "XDG_RUNTIME_DIR"_L1)
            folder = value;
        else if (name == "HOME"_L1)
            result.home = value;
    }
    if (!result.wayland.isEmpty() && !result.wayland.startsWith(u'/'))
        result.wayland = folder.isEmpty() ? QString() : QString(folder + u'/' + result.wayland);
    return result;
}

DisplayFinder::DisplayFinder(dbus::BusLink &session, QObject *parent) : QObject(parent), m_session(session) {}

void DisplayFinder::find(Done done)
{
    const DisplayVariables own = ownVariables();
    if (!own.isEmpty() && !m_isOwnStale)
        return done(own);
    const QString service = u"org.freedesktop.systemd1"_s;
    m_session.get(service, u"/org/freedesktop/systemd1"_s, u"org.freedesktop.systemd1.Manager"_s, u"Environment"_s,
                  [own, done = std::move(done)](const dbus::Answer &answer) {
                      QStringList lines;
                      for (const QVariant &line : answer.first<QVariantList>().value_or(QVariantList()))
                          lines.append(line.toString());
                      const DisplayVariables managers = displayVariables(lines);
                      done(managers.isEmpty() ? own : managers);
                  });
}

void DisplayFinder::noteFailure(const DisplayVariables &tried)
{
    m_isOwnStale = tried == ownVariables();
}

} // namespace dormouse
