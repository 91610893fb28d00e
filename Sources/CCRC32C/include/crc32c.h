// CRC-32C by the processor's own instruction, where it has one: x86-64 with SSE 4.2, AArch64 with CRC32.

#ifndef PEERLAB_CRC32C_H
#define PEERLAB_CRC32C_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Whether this processor has the instruction; without it none of the following may be called.
#if defined(__x86_64__)
static inline bool peerlab_has_crc32c(void) { return __builtin_cpu_supports("sse4.2"); }
#else
// Elsewhere the target decides, and not every compiler that reads this has the same.
bool peerlab_has_crc32c(void);
#endif

/// Takes `count` bytes into a CRC's register, which is neither inverted before nor after.
uint32_t peerlab_crc32c(uint32_t value, const void *bytes, size_t count);

/// The same of `count` bytes but those from `lower` to before `upper`.
uint32_t peerlab_crc32c_around(uint32_t value, const void *bytes, size_t lower, size_t upper, size_t count);

#endif
