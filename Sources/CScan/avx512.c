// The kernel for processors with AVX-512 for bytes; `cscan.c` asks before it uses this one.
#include "scan.h"

#if defined(__x86_64__)
#include <immintrin.h>

#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2,avx512f,avx512bw,avx512vl,bmi,bmi2,lzcnt,popcnt,pclmul"))), apply_to = function)
#else
#pragma GCC target("avx2,avx512f,avx512bw,avx512vl,bmi,bmi2,lzcnt,popcnt,pclmul")
#endif

#define HAS_PREFIX_XOR
static inline uint64_t prefix_xor(uint64_t bits) {
    __m128i product = _mm_clmulepi64_si128(_mm_set_epi64x(0, (long long)bits), _mm_set1_epi8((char)0xff), 0);
    return (uint64_t)_mm_cvtsi128_si64(product);
}

#include "walk.inc"

static inline void read_block(const uint8_t *bytes, block *out) {
    __m512i block = _mm512_loadu_si512((const void *)bytes), folded = _mm512_or_si512(block, _mm512_set1_epi8(0x20));
    out->quote = _mm512_cmpeq_epi8_mask(block, _mm512_set1_epi8('"'));
    out->slash = _mm512_cmpeq_epi8_mask(block, _mm512_set1_epi8('\\'));
    out->high = _mm512_movepi8_mask(block);
    out->control = _mm512_cmple_epu8_mask(block, _mm512_set1_epi8(0x1f));
    out->open = _mm512_cmpeq_epi8_mask(folded, _mm512_set1_epi8('{'));
    out->close = _mm512_cmpeq_epi8_mask(folded, _mm512_set1_epi8('}'));
}

static inline bool is_text(const uint8_t *bytes, const guess *guess) {
    __m256i a = _mm256_loadu_si256((const __m256i *)bytes), b = _mm256_loadu_si256((const __m256i *)guess->text);
    return (_mm256_cmpneq_epi8_mask(a, b) & guess->mask) == 0;
}

const kernel cscan_avx512 = {"avx512", run, members, skip};

#if defined(__clang__)
#pragma clang attribute pop
#endif
#endif
