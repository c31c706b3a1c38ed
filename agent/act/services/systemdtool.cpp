// SPDX-License-Identifier: MIT
#include "agent/act/services/unittool.h"

#include <QMap>

namespace dormouse {

using namespace Qt::Literals::StringLiterals;

namespace {

QMap<QByteArray, QByteArray> properties(const QByteArray &output)
{
    QMap<QByteArray, QByteArray> result;
    for (const QByteArray &line : output.split('\n')) {
        if (const qsizetype end = line.indexOf('='); end > 0)
            result.insert(line.left(end), line.mid(end + 1).trimmed());
    }
    return result;
}

/// A count; "[not set]", 0 and the manager's "no limit" are none.
std::optional<qint64> positive(const QByteArray &text)
{
    bool isNumber = false;
    const qint64 value = text.toLongLong(&isNumber);
    return isNumber && value > 0 ? std::optional(value) : std::nullopt;
}

class SystemdTool final : public UnitTool
{
public:
    explicit SystemdTool(QString unit) : m_unit(std::move(unit)) {}

    [[nodiscard]] QStringList lookArguments() const override
    {
        return {u"--user"_s, u"show"_s, u"--property=LoadState,ActiveState,SubState,Result,MainPID,MemoryCurrent"_s, u"--"_s,
                m_unit};
    }

    [[nodiscard]] std::optional<UnitLook> readLook(int exitCode, const QByteArray &output) const override
    {
        const QMap<QByteArray, QByteArray> told = properties(output);
        const QByteArray active = told.value("ActiveState");
        if (exitCode != 0 || active.isEmpty())
            return std::nullopt;
        UnitLook look;
        look.isLoaded = told.value("LoadState") == "loaded";
        if (active == "active" || active == "reloading")
            look.kind = UnitLook::Kind::Up;
        else if (active == "activating" || active == "deactivating" || active == "maintenance")
            look.kind = UnitLook::Kind::Changing;
        look.pid = positive(told.value("MainPID"));
        look.memory = positive(told.value("MemoryCurrent"));
        if (!look.isLoaded)
            look.reason = u"systemd does not have it (%1)"_s.arg(QString::fromUtf8(told.value("LoadState")));
        else if (look.kind == UnitLook::Kind::Down && told.value("Result") != "success")
            look.reason = u"systemd says it is %1 (%2)"_s.arg(QString::fromUtf8(active), QString::fromUtf8(told.value("Result")));
        return look;
    }

    // Without --no-block the call would last as long as the unit takes.
    [[nodiscard]] QStringList startArguments(const UnitLook &) const override { return verb(u"start"_s); }
    [[nodiscard]] QStringList stopArguments() const override { return verb(u"stop"_s); }
    [[nodiscard]] QStringList killArguments() const override
    {
        return {u"--user"_s, u"kill"_s, u"--signal=SIGKILL"_s, u"--"_s, m_unit};
    }
    [[nodiscard]] bool isStopped(const UnitLook &seen) const override { return seen.kind == UnitLook::Kind::Down; }

private:
    [[nodiscard]] QStringList verb(const QString &word) const { return {u"--user"_s, u"--no-block"_s, word, u"--"_s, m_unit}; }

    QString m_unit;
};

} // namespace

std::unique_ptr<UnitTool> systemdTool(const QString &unit)
{
    return std::make_unique<SystemdTool>(unit);
}

} // namespace dormouse
