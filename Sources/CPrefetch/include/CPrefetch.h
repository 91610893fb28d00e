// A hint to the processor, which no function of Swift's gives.

#ifndef PEERLAB_CPREFETCH_H
#define PEERLAB_CPREFETCH_H

#include <stddef.h>

/// Asks for `bytes` from a place on, so that they are near when they are looked at; nothing is read, and the place may be no memory.
static inline void peerlab_prefetch(const void *place, size_t bytes) {
    for (size_t offset = 0; offset < bytes; offset += 64) __builtin_prefetch((const char *)place + offset);
}

#endif
