#include "crc32c.h"

#include <string.h>

// Eight bytes a step, then four, then one: frames are too short for several registers at a time to pay.
#define TAKE_IN(value, bytes, count, take8, take4, take1) \
    do {                                                  \
        for (; count >= 8; bytes += 8, count -= 8) {      \
            uint64_t word;                                \
            memcpy(&word, bytes, 8);                      \
            value = (uint32_t)take8(value, word);         \
        }                                                 \
        if (count >= 4) {                                 \
            uint32_t word;                                \
            memcpy(&word, bytes, 4);                      \
            value = take4(value, word);                   \
            bytes += 4, count -= 4;                       \
        }                                                 \
        while (count-- > 0) value = take1(value, *bytes++); \
    } while (0)

#if defined(__x86_64__)

bool peerlab_has_crc32c(void) { return __builtin_cpu_supports("sse4.2"); }

__attribute__((target("sse4.2"))) uint32_t peerlab_crc32c(uint32_t value, const void *start, size_t count) {
    const uint8_t *bytes = start;
    TAKE_IN(value, bytes, count, __builtin_ia32_crc32di, __builtin_ia32_crc32si, __builtin_ia32_crc32qi);
    return value;
}

#elif defined(__ARM_FEATURE_CRC32)

#include <arm_acle.h>

bool peerlab_has_crc32c(void) { return true; }

uint32_t peerlab_crc32c(uint32_t value, const void *start, size_t count) {
    const uint8_t *bytes = start;
    TAKE_IN(value, bytes, count, __crc32cd, __crc32cw, __crc32cb);
    return value;
}

#else

bool peerlab_has_crc32c(void) { return false; }

uint32_t peerlab_crc32c(uint32_t value, const void *start, size_t count) {
    (void)value, (void)start, (void)count;
    __builtin_trap();
}

#endif
