// SPDX-License-Identifier: MIT
// Stand-in: only what our sources use.
#pragma once
#import <Foundation/Foundation.h>

typedef NSInteger SMAppServiceStatus;
constexpr SMAppServiceStatus SMAppServiceStatusNotRegistered = 0;
constexpr SMAppServiceStatus SMAppServiceStatusEnabled = 1;
constexpr SMAppServiceStatus SMAppServiceStatusRequiresApproval = 2;

@interface SMAppService : NSObject
@property(class, readonly, strong) SMAppService *mainAppService;
@property(readonly) SMAppServiceStatus status;
- (BOOL)registerAndReturnError:(NSError **)error;
- (BOOL)unregisterAndReturnError:(NSError **)error;
+ (void)openSystemSettingsLoginItems;
@end
