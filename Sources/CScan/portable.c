// The kernel for processors that have no other: plain C, which compilers vectorise as far as they can.
#include "scan.h"

#include "walk.inc"

static void read_block(const uint8_t *bytes, block *out) {
    uint64_t quote = 0, slash = 0, open = 0, close = 0, control = 0, high = 0;
    for (unsigned i = 0; i < 64; i++) {
        uint8_t byte = bytes[i], folded = byte | 0x20;
        quote |= (uint64_t)(byte == '"') << i;
        slash |= (uint64_t)(byte == '\\') << i;
        open |= (uint64_t)(folded == '{') << i;
        close |= (uint64_t)(folded == '}') << i;
        control |= (uint64_t)(byte < 0x20) << i;
        high |= (uint64_t)(byte >> 7) << i;
    }
    *out = (block){quote, slash, open, close, control, high};
}

const kernel cscan_portable = {"portable", run, members, skip};
