// SPDX-License-Identifier: MIT
#include "shared/config/sectionreaders.h"

#include "shared/base/text.h"

#include <QHash>
#include <QSet>

#include <optional>

namespace dormouse {
namespace {

using namespace Qt::Literals::StringLiterals;

using Index = std::size_t;

/// Which services each one waits for, as indices: `after`, or the one before it in the file.
class WaitGraph
{
public:
    explicit WaitGraph(const std::vector<PlacedService> &services) : m_services(services), m_marks(services.size(), Mark::New)
    {
        for (Index i = 0; i < services.size(); ++i)
            m_indices.insert(services[i].config.name, i);
    }

    /// The services of a circle in their order, the first one once more at its end; nothing when there is none.
    std::optional<std::vector<Index>> circle()
    {
        for (Index i = 0; i < m_services.size(); ++i) {
            if (visit(i))
                return m_path;
        }
        return std::nullopt;
    }

private:
    enum class Mark : std::uint8_t { New, OnPath, Done };

    std::vector<Index> waitsFor(Index i) const
    {
        const std::optional<QStringList> &after = m_services[i].config.after;
        std::vector<Index> result;
        if (!after && i > 0)
            result.push_back(i - 1);
        for (const QString &name : after.value_or(QStringList())) {
            if (m_indices.contains(name))
                result.push_back(m_indices.value(name));
        }
        return result;
    }

    /// True: m_path is a circle now. An explicit stack: a file may chain thousands of services.
    bool visit(Index start)
    {
        struct Step {
            Index node;
            std::vector<Index> next;
        };
        std::vector<Step> stack;
        const auto enter = [this, &stack](Index node) {
            m_marks[node] = Mark::OnPath;
            stack.push_back({node, waitsFor(node)});
        };
        if (m_marks[start] == Mark::New)
            enter(start);
        while (!stack.empty()) {
            Step &top = stack.back();
            if (top.next.empty()) {
                m_marks[top.node] = Mark::Done;
                stack.pop_back();
                continue;
            }
            const Index next = top.next.back();
            top.next.pop_back();
            if (m_marks[next] == Mark::New) {
                enter(next);
            } else if (m_marks[next] == Mark::OnPath) {
                for (const Step &step : stack) {
                    if (!m_path.empty() || step.node == next)
                        m_path.push_back(step.node);
                }
                m_path.push_back(next);
                return true;
            }
        }
        return false;
    }

    const std::vector<PlacedService> &m_services;
    QHash<QString, Index> m_indices;
    std::vector<Mark> m_marks;
    std::vector<Index> m_path;
};

void checkNames(const std::vector<PlacedService> &services, Faults &faults)
{
    QHash<QString, QString> seen; // some file systems take upper and lower case for the same, and the log is named after it
    for (const PlacedService &service : services) {
        const QString &name = service.config.name;
        if (name.isEmpty())
            continue; // told already
        const QString folded = name.toCaseFolded();
        if (seen.contains(folded)) {
            const QString &other = seen[folded];
            faults.add(service.namePlace,
                       u"service.name = \""_s + name + u"\": expected a name that no other service has"_s
                           + (other == name ? QString() : u", upper and lower case being the same (\""_s + other + u"\")"_s));
        }
        seen.insert(folded, name);
    }
}

void checkAfter(const std::vector<PlacedService> &services, Faults &faults)
{
    QStringList names;
    for (const PlacedService &service : services) {
        if (!service.config.name.isEmpty())
            names.append(service.config.name);
    }
    const QSet<QString> known(names.begin(), names.end());
    for (const PlacedService &service : services) {
        const QStringList after = service.config.after.value_or(QStringList());
        for (qsizetype i = 0; i < after.size(); ++i) {
            const QString &name = after.at(i);
            if (known.contains(name))
                continue;
            if (faults.isFull())
                return;
            const std::optional<QString> nearest = nearestWord(name, names);
            faults.add(service.afterItemPlaces.at(i),
                       u"service.after: there is no service \""_s + sanitized(name, 80) + u'"'
                           + (nearest ? QString(u"; did you mean \""_s + *nearest + u"\"?"_s)
                                      : QString(u": expected names of other services, as in name = \"…\""_s)));
        }
    }
}

void checkCircle(const std::vector<PlacedService> &services, Faults &faults)
{
    constexpr int kShownMax = 200;
    const std::optional<std::vector<Index>> circle = WaitGraph(services).circle();
    if (!circle)
        return;
    QStringList names;
    TextPlace place;
    bool isImplicit = false;
    for (const Index i : *circle) {
        const PlacedService &service = services[i];
        names.append(service.config.name);
        isImplicit |= !service.config.after;
        if (service.config.after && place.line == 0)
            place = service.afterPlace;
    }
    QString text =
        u"service.after: a circle of services that wait for each other ("_s + sanitized(names.join(u" → "), kShownMax) + u')';
    if (isImplicit)
        text += u"; without \"after\" a service waits for the one before it in the file, after = [] waits for none"_s;
    faults.add(place, text);
}

} // namespace

void checkServiceRelations(const std::vector<PlacedService> &services, Faults &faults)
{
    checkNames(services, faults);
    checkAfter(services, faults);
    checkCircle(services, faults);
}

} // namespace dormouse
