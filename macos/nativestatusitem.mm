// SPDX-License-Identifier: MIT
#include "macos/nativestatusitem.h"

#include "macos/noticecenter.h"
#include "tray/item/iconrenderer.h"

#include <QMenu>

#import <AppKit/AppKit.h>

namespace dormouse {
namespace {

constexpr int kSidePoints = 18; // the menu bar is 22 to 24 pt high; Apple's own icons are this high

/// Black on transparent: of a template image macOS takes the shape only, and colours it to fit the menu bar, its selection and its contrast.
NSImage *templateImage(const IconLook &look)
{
    const IconInk ink{QColor(Qt::black), QColor(Qt::transparent)};
    const NSSize size = NSMakeSize(kSidePoints, kSidePoints);
    NSImage *image = [[NSImage alloc] initWithSize:size];
    for (const int scale : {1, 2}) {
        CGImageRef pixels = renderIcon(look, kSidePoints * scale, ink).toCGImage();
        if (pixels == nullptr)
            continue;
        NSBitmapImageRep *representation = [[NSBitmapImageRep alloc] initWithCGImage:pixels];
        CGImageRelease(pixels);     // toCGImage() hands over ownership; ARC does not count Core Graphics
        representation.size = size; // in points: tells the 2x one from an image of twice the size
        [image addRepresentation:representation];
    }
    [image setTemplate:YES];
    return image;
}

} // namespace

class NativeStatusItem::Impl
{
public:
    explicit Impl(std::function<void(const QString &)> clicked) : notices(std::move(clicked)) {}

    NSStatusItem *item = nil; // held by this reference alone: the status bar keeps none
    NoticeCenter notices;
    std::optional<IconLook> look;
};

NativeStatusItem::NativeStatusItem(QObject *parent)
    : StatusItem(parent), m_impl(std::make_unique<Impl>([this](const QString &id) { Q_EMIT noticeClicked(id); }))
{
    NSStatusItem *item = [NSStatusBar.systemStatusBar statusItemWithLength:NSSquareStatusItemLength];
    // Its place among the others is remembered under this name, and so is whether it is visible: see show().
    item.autosaveName = @"io.dormouse.tray";
    // Removal by dragging it out of the bar is not allowed (NSStatusItemBehaviorRemovalAllowed is not set): without the icon there is no way to it.
    item.visible = NO;
    item.button.imagePosition = NSImageOnly;
    item.button.imageScaling = NSImageScaleProportionallyDown;
    item.button.accessibilityTitle = tr("Dormouse").toNSString();
    m_impl->item = item;
}

NativeStatusItem::~NativeStatusItem()
{
    m_impl->item.menu = nil; // the menu belongs to the QMenu, and may outlive us
    [NSStatusBar.systemStatusBar removeStatusItem:m_impl->item];
}

void NativeStatusItem::setLook(const IconLook &look)
{
    if (m_impl->look == look)
        return; // the same image anew would flicker
    m_impl->look = look;
    m_impl->item.button.image = templateImage(look);
}

void NativeStatusItem::setToolTip(const QString &text)
{
    NSStatusBarButton *button = m_impl->item.button;
    button.toolTip = text.toNSString();
    // VoiceOver reads the label in place of an image that has no words.
    button.accessibilityLabel = tr("Dormouse: %1").arg(text.section(u'\n', 0, 0)).toNSString();
    button.accessibilityHelp = text.toNSString();
}

void NativeStatusItem::setMenu(QMenu *menu)
{
    // toNSMenu() makes the native menu once; from then on Qt's cocoa plugin carries every added, removed and changed action of the QMenu over to it, and, as the menu's delegate,
    // emits QMenu::aboutToShow() before it opens. Hence the delegate stays Qt's, and the menu is not set anew when its actions change. While the status
    // item has a menu, a click opens it by itself, on every button and from the keyboard (Control-F8), and activated() is never emitted.
    m_impl->item.menu = menu != nullptr ? menu->toNSMenu() : nil;
}

void NativeStatusItem::show()
{
    // Also undoes a "not visible" that autosaveName brought back.
    m_impl->item.visible = YES;
}

void NativeStatusItem::tell(const Notice &notice)
{
    m_impl->notices.post(notice);
}

bool NativeStatusItem::isHosted() const
{
    // The system, too, can take it out of the bar (macOS 26: System Settings, Menu Bar); its button then has no window.
    return m_impl->item.visible == YES && m_impl->item.button.window != nil;
}

std::unique_ptr<StatusItem> makeStatusItem()
{
    return std::make_unique<NativeStatusItem>();
}

} // namespace dormouse
