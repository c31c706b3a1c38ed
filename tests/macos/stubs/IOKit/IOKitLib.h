// SPDX-License-Identifier: MIT
// Stand-in: only what our sources use.
#pragma once
#include <dispatch/dispatch.h>

#include <stdint.h>

typedef unsigned natural_t;
typedef unsigned mach_port_t;
typedef int kern_return_t;
typedef int IOReturn;
typedef mach_port_t io_object_t;
typedef io_object_t io_service_t;
typedef io_object_t io_connect_t;
typedef struct IONotificationPort *IONotificationPortRef;
typedef void (*IOServiceInterestCallback)(void *context, io_service_t service, natural_t message, void *argument);
#define MACH_PORT_NULL 0

extern "C" {
void IONotificationPortSetDispatchQueue(IONotificationPortRef port, dispatch_queue_t queue);
void IONotificationPortDestroy(IONotificationPortRef port);
kern_return_t IOServiceClose(io_connect_t connection);
}
