// SPDX-License-Identifier: MIT
// Stand-in: only what our sources use.
#pragma once
#import <Foundation/Foundation.h>

struct NSSize {
    CGFloat width;
    CGFloat height;
};
extern "C" {
NSSize NSMakeSize(CGFloat width, CGFloat height);
typedef struct CGImage *CGImageRef;
void CGImageRelease(CGImageRef image);
}

enum NSCellImagePosition : NSUInteger { NSNoImage = 0, NSImageOnly = 1 };
enum NSImageScaling : NSUInteger { NSImageScaleProportionallyDown = 0 };
extern const CGFloat NSSquareStatusItemLength;
extern const CGFloat NSVariableStatusItemLength;

@interface NSMenu : NSObject
@end
@interface NSWindow : NSObject
@end
@interface NSImageRep : NSObject
@property NSSize size;
@end
@interface NSBitmapImageRep : NSImageRep
- (instancetype)initWithCGImage:(CGImageRef)image;
@end
@interface NSImage : NSObject
- (instancetype)initWithSize:(NSSize)size;
- (void)addRepresentation:(NSImageRep *)representation;
- (void)setTemplate:(BOOL)isTemplate;
@end
@interface NSStatusBarButton : NSObject
@property(strong) NSImage *image;
@property NSCellImagePosition imagePosition;
@property NSImageScaling imageScaling;
@property(copy) NSString *toolTip;
@property(copy) NSString *accessibilityTitle;
@property(copy) NSString *accessibilityLabel;
@property(copy) NSString *accessibilityHelp;
@property(readonly, weak) NSWindow *window;
@end
@interface NSStatusItem : NSObject
@property(copy) NSString *autosaveName;
@property(getter=isVisible) BOOL visible;
@property(strong) NSMenu *menu;
@property(readonly, strong) NSStatusBarButton *button;
@end
@interface NSStatusBar : NSObject
@property(class, readonly, strong) NSStatusBar *systemStatusBar;
- (NSStatusItem *)statusItemWithLength:(CGFloat)length;
- (void)removeStatusItem:(NSStatusItem *)item;
@end
