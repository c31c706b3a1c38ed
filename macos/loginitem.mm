// SPDX-License-Identifier: MIT
#include "tray/loginitem.h"

#include <QString>

#import <Foundation/Foundation.h>
#import <ServiceManagement/ServiceManagement.h>

namespace dormouse {
namespace {

using namespace Qt::Literals::StringLiterals;

class AppLoginItem : public LoginItem
{
public:
    [[nodiscard]] bool isEnabled() const override
    {
        if (@available(macOS 13.0, *))
            return SMAppService.mainAppService.status == SMAppServiceStatusEnabled;
        return false;
    }

    [[nodiscard]] Result<void> setEnabled(bool enabled) override
    {
        if (@available(macOS 13.0, *)) {
            SMAppService *item = SMAppService.mainAppService;
            NSError *error = nil;
            const BOOL isDone = enabled ? [item registerAndReturnError:&error] : [item unregisterAndReturnError:&error];
            if (enabled && item.status == SMAppServiceStatusRequiresApproval) {
                // Who has switched it off there is not overruled: macOS takes the registration, and starts nothing.
                [SMAppService openSystemSettingsLoginItems];
                return Error{ErrorCode::Refused, u"Dormouse must be allowed in System Settings, General, Login Items"_s, {}, 0};
            }
            // It fails, too, where there is nothing to change.
            if (isDone || (item.status == SMAppServiceStatusEnabled) == enabled)
                return {};
            const QString cause = error != nil ? QString::fromNSString(error.localizedDescription) : u"it gives no reason"_s;
            return Error{ErrorCode::Refused, u"macOS does not change the login item: "_s + cause, {}, 0};
        }
        return Error{ErrorCode::Refused, u"login items of apps need macOS 13"_s, {}, 0};
    }
};

} // namespace

std::unique_ptr<LoginItem> makeLoginItem()
{
    // A program outside a bundle has no identifier, and nothing that could be registered.
    if (NSBundle.mainBundle.bundleIdentifier == nil)
        return nullptr;
    if (@available(macOS 13.0, *))
        return std::make_unique<AppLoginItem>();
    return nullptr;
}

} // namespace dormouse
