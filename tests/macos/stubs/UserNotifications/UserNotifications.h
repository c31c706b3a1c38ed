// SPDX-License-Identifier: MIT
// Stand-in: only what our sources use.
#pragma once
#import <Foundation/Foundation.h>

typedef NSUInteger UNAuthorizationOptions;
typedef NSUInteger UNNotificationPresentationOptions;
constexpr UNAuthorizationOptions UNAuthorizationOptionAlert = 4;
constexpr UNNotificationPresentationOptions UNNotificationPresentationOptionAlert = 4;
constexpr UNNotificationPresentationOptions UNNotificationPresentationOptionList = 8;
constexpr UNNotificationPresentationOptions UNNotificationPresentationOptionBanner = 16;
extern NSString *const UNNotificationDefaultActionIdentifier;

@interface UNNotificationContent : NSObject
@end
@interface UNMutableNotificationContent : UNNotificationContent
@property(copy) NSString *title;
@property(copy) NSString *body;
@end
@interface UNNotificationTrigger : NSObject
@end
@interface UNNotificationRequest : NSObject
@property(readonly, copy) NSString *identifier;
+ (instancetype)requestWithIdentifier:(NSString *)identifier
                              content:(UNNotificationContent *)content
                              trigger:(UNNotificationTrigger *)trigger;
@end
@interface UNNotification : NSObject
@property(readonly, copy) UNNotificationRequest *request;
@end
@interface UNNotificationResponse : NSObject
@property(readonly, copy) UNNotification *notification;
@property(readonly, copy) NSString *actionIdentifier;
@end

@class UNUserNotificationCenter;
@protocol UNUserNotificationCenterDelegate <NSObject>
@optional
- (void)userNotificationCenter:(UNUserNotificationCenter *)center
       willPresentNotification:(UNNotification *)notification
         withCompletionHandler:(void (^)(UNNotificationPresentationOptions options))completionHandler;
- (void)userNotificationCenter:(UNUserNotificationCenter *)center
    didReceiveNotificationResponse:(UNNotificationResponse *)response
             withCompletionHandler:(void (^)(void))completionHandler;
@end

@interface UNUserNotificationCenter : NSObject
@property(weak) id<UNUserNotificationCenterDelegate> delegate;
+ (UNUserNotificationCenter *)currentNotificationCenter;
- (void)requestAuthorizationWithOptions:(UNAuthorizationOptions)options
                      completionHandler:(void (^)(BOOL granted, NSError *error))completionHandler;
- (void)addNotificationRequest:(UNNotificationRequest *)request withCompletionHandler:(void (^)(NSError *error))completionHandler;
@end
