// UTF-8 as an automaton; only blocks that hold a byte above 127 come here.
#include "scan.h"

// States: how many continuation bytes are due, and which range the next one must be in.
enum { START, BROKEN, ONE, TWO, THREE, AFTER_E0, AFTER_ED, AFTER_F0, AFTER_F4 };

static uint32_t lead(uint8_t byte) {
    if (byte < 0x80) return START;
    if (byte < 0xc2) return BROKEN;
    if (byte < 0xe0) return ONE;
    if (byte == 0xe0) return AFTER_E0;
    if (byte == 0xed) return AFTER_ED;
    if (byte < 0xf0) return TWO;
    if (byte == 0xf0) return AFTER_F0;
    if (byte < 0xf4) return THREE;
    return byte == 0xf4 ? AFTER_F4 : BROKEN;
}

static uint32_t follow(uint32_t state, uint8_t byte) {
    switch (state) {
    case ONE: return byte >> 6 == 2 ? START : BROKEN;
    case TWO: return byte >> 6 == 2 ? ONE : BROKEN;
    case THREE: return byte >> 6 == 2 ? TWO : BROKEN;
    case AFTER_E0: return byte >= 0xa0 && byte < 0xc0 ? ONE : BROKEN;
    case AFTER_ED: return byte >= 0x80 && byte < 0xa0 ? ONE : BROKEN;
    case AFTER_F0: return byte >= 0x90 && byte < 0xc0 ? TWO : BROKEN;
    case AFTER_F4: return byte >= 0x80 && byte < 0x90 ? TWO : BROKEN;
    default: return BROKEN;
    }
}

uint32_t cscan_utf8(uint32_t state, const uint8_t *bytes, size_t count, size_t *at) {
    for (size_t i = 0; i < count; i++) {
        state = state == START ? lead(bytes[i]) : follow(state, bytes[i]);
        if (state != BROKEN) continue;
        *at = i;
        break;
    }
    return state;
}
