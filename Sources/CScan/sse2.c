// The kernel for every x86-64 processor.
#include "scan.h"

#if defined(__x86_64__)
#include <emmintrin.h>

#include "walk.inc"

static inline uint64_t mask(__m128i a, __m128i b, __m128i c, __m128i d) {
    return (uint64_t)(uint32_t)_mm_movemask_epi8(a) | (uint64_t)(uint32_t)_mm_movemask_epi8(b) << 16 |
           (uint64_t)(uint32_t)_mm_movemask_epi8(c) << 32 | (uint64_t)(uint32_t)_mm_movemask_epi8(d) << 48;
}

static inline uint64_t equal(__m128i a, __m128i b, __m128i c, __m128i d, char byte) {
    __m128i v = _mm_set1_epi8(byte);
    return mask(_mm_cmpeq_epi8(a, v), _mm_cmpeq_epi8(b, v), _mm_cmpeq_epi8(c, v), _mm_cmpeq_epi8(d, v));
}

static inline void read_block(const uint8_t *bytes, block *out) {
    __m128i a = _mm_loadu_si128((const __m128i *)bytes), b = _mm_loadu_si128((const __m128i *)(bytes + 16));
    __m128i c = _mm_loadu_si128((const __m128i *)(bytes + 32)), d = _mm_loadu_si128((const __m128i *)(bytes + 48));
    out->quote = equal(a, b, c, d, '"');
    out->slash = equal(a, b, c, d, '\\');
    out->high = mask(a, b, c, d);
    __m128i top = _mm_set1_epi8(0x1f);
    out->control = mask(_mm_cmpeq_epi8(_mm_min_epu8(a, top), a), _mm_cmpeq_epi8(_mm_min_epu8(b, top), b),
                        _mm_cmpeq_epi8(_mm_min_epu8(c, top), c), _mm_cmpeq_epi8(_mm_min_epu8(d, top), d));
    __m128i fold = _mm_set1_epi8(0x20);
    a = _mm_or_si128(a, fold);
    b = _mm_or_si128(b, fold);
    c = _mm_or_si128(c, fold);
    d = _mm_or_si128(d, fold);
    out->open = equal(a, b, c, d, '{');
    out->close = equal(a, b, c, d, '}');
}

static inline bool is_text(const uint8_t *bytes, const guess *guess) {
    __m128i a = _mm_cmpeq_epi8(_mm_loadu_si128((const __m128i *)bytes), _mm_loadu_si128((const __m128i *)guess->text));
    __m128i b = _mm_cmpeq_epi8(_mm_loadu_si128((const __m128i *)(bytes + 16)), _mm_loadu_si128((const __m128i *)(guess->text + 16)));
    uint32_t equal = (uint32_t)_mm_movemask_epi8(a) | (uint32_t)_mm_movemask_epi8(b) << 16;
    return (equal & guess->mask) == guess->mask;
}

const kernel cscan_sse2 = {"sse2", run, members, skip};
#endif
