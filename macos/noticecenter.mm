// SPDX-License-Identifier: MIT
#include "macos/noticecenter.h"

#import <Foundation/Foundation.h>
#import <UserNotifications/UserNotifications.h>

/// Hears of clicks. The center holds it weakly, and calls it on a queue of its own.
@interface DormouseNoticeDelegate : NSObject <UNUserNotificationCenterDelegate>
@property(copy) void (^clicked)(NSString *identifier);
@end

@implementation DormouseNoticeDelegate

- (void)userNotificationCenter:(UNUserNotificationCenter *)center
       willPresentNotification:(UNNotification *)notification
         withCompletionHandler:(void (^)(UNNotificationPresentationOptions options))completionHandler
{
    (void)center;
    (void)notification;
    // Without this answer, macOS shows nothing while a window of ours is in front.
    if (@available(macOS 11.0, *))
        completionHandler(UNNotificationPresentationOptionBanner | UNNotificationPresentationOptionList);
    else
        completionHandler(UNNotificationPresentationOptionAlert);
}

- (void)userNotificationCenter:(UNUserNotificationCenter *)center
    didReceiveNotificationResponse:(UNNotificationResponse *)response
             withCompletionHandler:(void (^)(void))completionHandler
{
    (void)center;
    NSString *identifier = response.notification.request.identifier;
    const BOOL isClick = [response.actionIdentifier isEqualToString:UNNotificationDefaultActionIdentifier];
    dispatch_async(dispatch_get_main_queue(), ^{
      if (isClick && self.clicked)
          self.clicked(identifier);
    });
    completionHandler();
}

@end

namespace dormouse {

class NoticeCenter::Impl
{
public:
    UNUserNotificationCenter *center = nil; // none outside a bundle
    DormouseNoticeDelegate *delegate = nil;
    std::function<void(const QString &)> clicked;
};

NoticeCenter::NoticeCenter(std::function<void(const QString &)> clicked) : m_impl(std::make_unique<Impl>())
{
    // currentNotificationCenter throws in a program that is in no bundle, such as one that was just built.
    if (NSBundle.mainBundle.bundleIdentifier == nil)
        return;
    m_impl->clicked = std::move(clicked);
    m_impl->delegate = [[DormouseNoticeDelegate alloc] init];
    Impl *impl = m_impl.get(); // outlived by no call: the destructor, on the same thread, takes the block away
    m_impl->delegate.clicked = ^(NSString *identifier) {
      impl->clicked(QString::fromNSString(identifier));
    };
    m_impl->center = [UNUserNotificationCenter currentNotificationCenter];
    m_impl->center.delegate = m_impl->delegate;
}

NoticeCenter::~NoticeCenter()
{
    m_impl->delegate.clicked = nil;
    m_impl->center.delegate = nil;
}

void NoticeCenter::post(const Notice &notice)
{
    if (m_impl->center == nil)
        return;
    UNMutableNotificationContent *content = [[UNMutableNotificationContent alloc] init];
    content.title = notice.title.toNSString();
    content.body = notice.text.toNSString();
    // The same identifier replaces an older one that still stands in the list. No trigger: at once.
    UNNotificationRequest *request = [UNNotificationRequest requestWithIdentifier:notice.id.toNSString()
                                                                          content:content
                                                                          trigger:nil];
    UNUserNotificationCenter *center = m_impl->center;
    // macOS asks the user the first time only, and afterwards answers with what was chosen.
    [center requestAuthorizationWithOptions:UNAuthorizationOptionAlert
                          completionHandler:^(BOOL granted, NSError *error) {
                            if (granted)
                                [center addNotificationRequest:request withCompletionHandler:nil];
                            else if (error != nil)
                                NSLog(@"dormouse-tray: notifications are not available: %@", error.localizedDescription);
                          }];
}

} // namespace dormouse
