// The kernel for processors with AVX2 and the bit instructions that came with it; `cscan.c` asks before it uses this one.
#include "scan.h"

#if defined(__x86_64__)
#include <immintrin.h>

#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2,bmi,bmi2,lzcnt,popcnt,pclmul"))), apply_to = function)
#else
#pragma GCC target("avx2,bmi,bmi2,lzcnt,popcnt,pclmul")
#endif

#define HAS_PREFIX_XOR
static inline uint64_t prefix_xor(uint64_t bits) {
    __m128i product = _mm_clmulepi64_si128(_mm_set_epi64x(0, (long long)bits), _mm_set1_epi8((char)0xff), 0);
    return (uint64_t)_mm_cvtsi128_si64(product);
}

#include "walk.inc"

static inline uint64_t mask(__m256i a, __m256i b) {
    return (uint64_t)(uint32_t)_mm256_movemask_epi8(a) | (uint64_t)(uint32_t)_mm256_movemask_epi8(b) << 32;
}

static inline uint64_t equal(__m256i a, __m256i b, char byte) {
    __m256i v = _mm256_set1_epi8(byte);
    return mask(_mm256_cmpeq_epi8(a, v), _mm256_cmpeq_epi8(b, v));
}

static inline void read_block(const uint8_t *bytes, block *out) {
    __m256i a = _mm256_loadu_si256((const __m256i *)bytes), b = _mm256_loadu_si256((const __m256i *)(bytes + 32));
    out->quote = equal(a, b, '"');
    out->slash = equal(a, b, '\\');
    out->high = mask(a, b);
    __m256i top = _mm256_set1_epi8(0x1f);
    out->control = mask(_mm256_cmpeq_epi8(_mm256_min_epu8(a, top), a), _mm256_cmpeq_epi8(_mm256_min_epu8(b, top), b));
    __m256i fold = _mm256_set1_epi8(0x20);
    a = _mm256_or_si256(a, fold);
    b = _mm256_or_si256(b, fold);
    out->open = equal(a, b, '{');
    out->close = equal(a, b, '}');
}

static inline bool is_text(const uint8_t *bytes, const guess *guess) {
    __m256i a = _mm256_loadu_si256((const __m256i *)bytes), b = _mm256_loadu_si256((const __m256i *)guess->text);
    uint32_t equal = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(a, b));
    return (equal & guess->mask) == guess->mask;
}

const kernel cscan_avx2 = {"avx2", run, members, skip};

#if defined(__clang__)
#pragma clang attribute pop
#endif
#endif
