// CRC-32C by the processor's own instruction, where it has one: x86-64 with SSE 4.2, AArch64 with CRC32.

#ifndef PEERLAB_CRC32C_H
#define PEERLAB_CRC32C_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Whether this processor has the instruction; without it peerlab_crc32c must not be called.
bool peerlab_has_crc32c(void);

/// Takes `count` bytes into a CRC's register, which is neither inverted before nor after.
uint32_t peerlab_crc32c(uint32_t value, const void *bytes, size_t count);

#endif
