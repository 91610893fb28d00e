#include "crc32c.h"

#include <string.h>

#if defined(__x86_64__)

#define WITH_INSTRUCTION __attribute__((target("sse4.2")))
#define TAKE8 __builtin_ia32_crc32di
#define TAKE4 __builtin_ia32_crc32si
#define TAKE2 __builtin_ia32_crc32hi
#define TAKE1 __builtin_ia32_crc32qi

#elif defined(__ARM_FEATURE_CRC32)

#include <arm_acle.h>

#define WITH_INSTRUCTION
#define TAKE8 __crc32cd
#define TAKE4 __crc32cw
#define TAKE2 __crc32ch
#define TAKE1 __crc32cb

bool peerlab_has_crc32c(void) { return true; }

#else

bool peerlab_has_crc32c(void) { return false; }

#endif

#if defined(WITH_INSTRUCTION)

#define LOAD(type, bytes) ({ type word; memcpy(&word, bytes, sizeof word); word; })

// One register: frames are too short for several at a time to pay. The last bytes without a loop, for the same reason.
WITH_INSTRUCTION static inline uint32_t take(uint32_t value, const uint8_t *bytes, size_t count) {
    uint64_t wide = value;
    for (; count >= 32; bytes += 32, count -= 32) {
        wide = TAKE8(wide, LOAD(uint64_t, bytes));
        wide = TAKE8(wide, LOAD(uint64_t, bytes + 8));
        wide = TAKE8(wide, LOAD(uint64_t, bytes + 16));
        wide = TAKE8(wide, LOAD(uint64_t, bytes + 24));
    }
    if (count & 16) {
        wide = TAKE8(wide, LOAD(uint64_t, bytes));
        wide = TAKE8(wide, LOAD(uint64_t, bytes + 8));
        bytes += 16;
    }
    if (count & 8) {
        wide = TAKE8(wide, LOAD(uint64_t, bytes));
        bytes += 8;
    }
    value = (uint32_t)wide;
    if (count & 4) {
        value = TAKE4(value, LOAD(uint32_t, bytes));
        bytes += 4;
    }
    if (count & 2) {
        value = TAKE2(value, LOAD(uint16_t, bytes));
        bytes += 2;
    }
    if (count & 1) value = TAKE1(value, *bytes);
    return value;
}

WITH_INSTRUCTION uint32_t peerlab_crc32c(uint32_t value, const void *bytes, size_t count) {
    return take(value, bytes, count);
}

WITH_INSTRUCTION uint32_t peerlab_crc32c_around(
    uint32_t value, const void *bytes, size_t lower, size_t upper, size_t count) {
    value = take(value, bytes, lower);
    return take(value, (const uint8_t *)bytes + upper, count - upper);
}

#else

uint32_t peerlab_crc32c(uint32_t value, const void *bytes, size_t count) {
    (void)value, (void)bytes, (void)count;
    __builtin_trap();
}

uint32_t peerlab_crc32c_around(uint32_t value, const void *bytes, size_t lower, size_t upper, size_t count) {
    (void)value, (void)bytes, (void)lower, (void)upper, (void)count;
    __builtin_trap();
}

#endif
