// SPDX-License-Identifier: MIT
// Stand-in: only what our sources use.
#pragma once

typedef signed char BOOL;
#define YES static_cast<BOOL>(1)
#define NO static_cast<BOOL>(0)
#ifndef nil
#define nil __null
#endif
typedef long NSInteger;
typedef unsigned long NSUInteger;
typedef double CGFloat;

__attribute__((objc_root_class))
@interface NSObject
+ (instancetype)alloc;
- (instancetype)init;
@end

@protocol NSObject
@end

@interface NSString : NSObject
- (BOOL)isEqualToString:(NSString *)other;
@end
@interface NSConstantString : NSString
@end
@interface NSError : NSObject
@property(readonly, copy) NSString *localizedDescription;
@end
@interface NSBundle : NSObject
@property(class, readonly, strong) NSBundle *mainBundle;
@property(readonly, copy) NSString *bundleIdentifier;
@end

extern "C" {
void NSLog(NSString *format, ...);
typedef struct dispatch_queue_s *dispatch_queue_t;
dispatch_queue_t dispatch_get_main_queue(void);
void dispatch_async(dispatch_queue_t queue, void (^block)(void));
}
