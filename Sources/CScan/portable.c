// The kernel for processors that have no other: eight bytes at a time in a plain word.
#include "scan.h"

#include "walk.inc"

// One bit for each byte of a word whose top bit is set.
static inline uint64_t top_bits(uint64_t word) { return ((word >> 7 & 0x0101010101010101u) * 0x0102040810204080u) >> 56; }

// The top bit of each byte that is zero; no byte disturbs its neighbour.
static inline uint64_t zero_bytes(uint64_t word) {
    const uint64_t low = 0x7f7f7f7f7f7f7f7fu;
    return ~(((word & low) + low) | word | low);
}

static inline uint64_t equal(uint64_t word, uint8_t byte) { return top_bits(zero_bytes(word ^ 0x0101010101010101u * byte)); }

static inline void read_block(const uint8_t *bytes, block *out) {
    *out = (block){0};
    for (unsigned i = 0; i < 64; i += 8) {
        uint64_t word;
        memcpy(&word, bytes + i, 8);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
        word = __builtin_bswap64(word);
#endif
        uint64_t folded = word | 0x2020202020202020u;
        out->quote |= equal(word, '"') << i;
        out->slash |= equal(word, '\\') << i;
        out->open |= equal(folded, '{') << i;
        out->close |= equal(folded, '}') << i;
        out->control |= top_bits(zero_bytes(word & 0xe0e0e0e0e0e0e0e0u)) << i;
        out->high |= top_bits(word) << i;
    }
}

static bool is_text(const uint8_t *bytes, const guess *guess) { return guess->length && !memcmp(bytes, guess->text, guess->length); }

const kernel cscan_portable = {"portable", run, members, skip};
