// SPDX-License-Identifier: MIT
#include "tray/welcome/servicefinder.h"

#include "tray/welcome/machinefacts.h"

#include <QFutureWatcher>
#include <QPromise>
#include <QThreadPool>

namespace dormouse {
namespace {

using Offers = std::vector<ServiceOffer>;

class MachineServiceFinder final : public ServiceFinder
{
public:
    void find(QObject *context, Found found) override
    {
        // Shared, since a task of the pool must be copyable.
        const auto promise = std::make_shared<QPromise<Offers>>();
        auto *watcher = new QFutureWatcher<Offers>(context); // dies with the one who asked, and then nobody is called
        QObject::connect(watcher, &QFutureWatcherBase::finished, watcher, [watcher, found = std::move(found)] {
            watcher->deleteLater();
            found(watcher->result());
        });
        watcher->setFuture(promise->future());
        QThreadPool::globalInstance()->start([promise] {
            promise->start();
            promise->addResult(serviceOffers(machineFacts(standardMachinePlaces())));
            promise->finish();
        });
    }
};

} // namespace

std::unique_ptr<ServiceFinder> makeServiceFinder()
{
    return std::make_unique<MachineServiceFinder>();
}

} // namespace dormouse
