// The strict parser (RFC 8259): byte by byte, without recursion, building nothing.
#include "scan.h"

#include <string.h>

enum { MAX_CHECK_DEPTH = 65536 };

static bool is_digit(uint8_t byte) { return byte >= '0' && byte <= '9'; }
static bool is_word(uint8_t byte) {
    return is_digit(byte) || ((byte | 0x20) >= 'a' && (byte | 0x20) <= 'z') || byte == '-' || byte == '+' || byte == '.';
}
static bool is_hex(uint8_t byte) { return is_digit(byte) || ((byte | 0x20) >= 'a' && (byte | 0x20) <= 'f'); }

static uint32_t hex4(const uint8_t *text) {
    uint32_t value = 0;
    for (int i = 0; i < 4; i++) {
        uint8_t byte = text[i];
        if (!is_hex(byte)) return UINT32_MAX;
        value = value << 4 | (is_digit(byte) ? byte - (uint32_t)'0' : (byte | 0x20u) - 'a' + 10);
    }
    return value;
}

// Whether a text is one of JSON's numbers, true, false or null.
bool cscan_is_scalar(const uint8_t *text, size_t length) {
    if (length == 4 && !memcmp(text, "true", 4)) return true;
    if (length == 4 && !memcmp(text, "null", 4)) return true;
    if (length == 5 && !memcmp(text, "false", 5)) return true;
    size_t i = 0;
    if (i < length && text[i] == '-') i++;
    if (i == length || !is_digit(text[i])) return false;
    if (text[i++] != '0')
        while (i < length && is_digit(text[i])) i++;
    if (i < length && text[i] == '.') {
        size_t from = ++i;
        while (i < length && is_digit(text[i])) i++;
        if (i == from) return false;
    }
    if (i < length && (text[i] | 0x20) == 'e') {
        i++;
        if (i < length && (text[i] == '+' || text[i] == '-')) i++;
        size_t from = i;
        while (i < length && is_digit(text[i])) i++;
        if (i == from) return false;
    }
    return i == length;
}

// Checks a string from its opening quote; `*at` is then after the closing one, or where it fails.
static cscan_reason check_string(const uint8_t *base, size_t length, size_t *at) {
    size_t i = *at + 1;
    uint32_t utf8 = 0;
    for (; i < length; i++) {
        uint8_t byte = base[i];
        if (utf8 || byte >= 0x80) {
            size_t broken;
            utf8 = cscan_utf8(utf8, base + i, 1, &broken);
            if (utf8 != UTF8_BROKEN) continue;
            *at = i;
            return CSCAN_UTF8;
        }
        if (byte == '"') {
            *at = i + 1;
            return CSCAN_OK;
        }
        if (byte < 0x20) {
            *at = i;
            return CSCAN_CONTROL;
        }
        if (byte != '\\') continue;
        size_t escape = i++;
        if (i >= length) break;
        if (base[i] == 'u') {
            if (length - i < 5) goto cut;
            uint32_t code = hex4(base + i + 1);
            i += 4;
            // Half a character is no text: the two halves stand together or not at all.
            bool is_high = code >= 0xd800 && code < 0xdc00;
            if (is_high && length - i < 7) goto cut;
            if (is_high) {
                uint32_t low = base[i + 1] == '\\' && base[i + 2] == 'u' ? hex4(base + i + 3) : 0;
                code = low >= 0xdc00 && low < 0xe000 ? 0 : UINT32_MAX;
                i += 6;
            }
            if (code == UINT32_MAX || (code >= 0xdc00 && code < 0xe000)) {
                *at = escape;
                return CSCAN_ESCAPE;
            }
        } else if (!memchr("\"\\/bfnrt", base[i], 8)) {
            *at = escape;
            return CSCAN_ESCAPE;
        }
    }
cut:
    *at = length;
    return CSCAN_CUT;
}

static size_t after_space(const uint8_t *base, size_t length, size_t at) {
    while (at < length && (base[at] == ' ' || base[at] == '\n' || base[at] == '\r' || base[at] == '\t')) at++;
    return at;
}

cscan_reason cscan_check(const uint8_t *base, size_t length, uint32_t max_depth, size_t *at) {
    uint64_t objects[MAX_CHECK_DEPTH / 64];    // one bit a level: is it an object?
    if (max_depth > MAX_CHECK_DEPTH - 1) max_depth = MAX_CHECK_DEPTH - 1;
    size_t i = after_space(base, length, 0);
    uint32_t depth = 0;
    bool wants_key = false;
    cscan_reason reason;
    for (;;) {
        if (wants_key) {
            if (i >= length) return *at = length, CSCAN_CUT;
            if (base[i] != '"') return *at = i, CSCAN_NO_KEY;
            reason = check_string(base, length, &i);
            if (reason != CSCAN_OK) return *at = i, reason;
            i = after_space(base, length, i);
            if (i >= length) return *at = length, CSCAN_CUT;
            if (base[i] != ':') return *at = i, CSCAN_NO_COLON;
            i = after_space(base, length, i + 1);
            wants_key = false;
        }
        if (i >= length) return *at = length, CSCAN_CUT;
        uint8_t first = base[i];
        if (first == '{' || first == '[') {
            if (++depth > max_depth) return *at = i, CSCAN_DEEP;
            uint64_t bit = (uint64_t)1 << (depth & 63);
            if (first == '{') objects[depth >> 6] |= bit;
            else objects[depth >> 6] &= ~bit;
            i = after_space(base, length, i + 1);
            if (i < length && base[i] == (first == '{' ? '}' : ']')) {
                depth--;
                i++;
            } else {
                wants_key = first == '{';
                continue;
            }
        } else if (first == '"') {
            reason = check_string(base, length, &i);
            if (reason != CSCAN_OK) return *at = i, reason;
        } else {
            size_t from = i;
            while (i < length && is_word(base[i])) i++;
            if (i == from) return *at = from, CSCAN_NO_VALUE;
            if (!cscan_is_scalar(base + from, i - from)) return *at = from, i == length ? CSCAN_CUT : CSCAN_SCALAR;
        }
        // A value ended: close what closes here, then take the comma.
        for (;;) {
            i = after_space(base, length, i);
            if (depth == 0) return *at = i, i == length ? CSCAN_OK : CSCAN_TRAILING;
            if (i >= length) return *at = length, CSCAN_CUT;
            bool is_object = objects[depth >> 6] >> (depth & 63) & 1;
            if (base[i] == ',') {
                i = after_space(base, length, i + 1);
                wants_key = is_object;
                break;
            }
            if (base[i] != (is_object ? '}' : ']'))
                return *at = i, base[i] == '}' || base[i] == ']' ? CSCAN_BRACKET : CSCAN_NO_COMMA;
            depth--;
            i++;
        }
    }
}

static size_t put_utf8(uint8_t *out, uint32_t code) {
    if (code < 0x80) {
        out[0] = (uint8_t)code;
        return 1;
    }
    if (code < 0x800) {
        out[0] = (uint8_t)(0xc0 | code >> 6);
        out[1] = (uint8_t)(0x80 | (code & 0x3f));
        return 2;
    }
    if (code < 0x10000) {
        out[0] = (uint8_t)(0xe0 | code >> 12);
        out[1] = (uint8_t)(0x80 | (code >> 6 & 0x3f));
        out[2] = (uint8_t)(0x80 | (code & 0x3f));
        return 3;
    }
    out[0] = (uint8_t)(0xf0 | code >> 18);
    out[1] = (uint8_t)(0x80 | (code >> 12 & 0x3f));
    out[2] = (uint8_t)(0x80 | (code >> 6 & 0x3f));
    out[3] = (uint8_t)(0x80 | (code & 0x3f));
    return 4;
}

bool cscan_unescape(const uint8_t *body, size_t length, uint8_t *out, size_t *made) {
    size_t i = 0, n = 0;
    while (i < length) {
        const uint8_t *slash = memchr(body + i, '\\', length - i);
        size_t plain = slash ? (size_t)(slash - (body + i)) : length - i;
        memmove(out + n, body + i, plain);
        n += plain;
        i += plain;
        if (!slash) break;
        *made = i;
        if (i + 1 >= length) return false;
        uint8_t kind = body[i + 1];
        i += 2;
        switch (kind) {
        case '"': case '\\': case '/': out[n++] = kind; break;
        case 'b': out[n++] = '\b'; break;
        case 'f': out[n++] = '\f'; break;
        case 'n': out[n++] = '\n'; break;
        case 'r': out[n++] = '\r'; break;
        case 't': out[n++] = '\t'; break;
        case 'u': {
            uint32_t code = length - i >= 4 ? hex4(body + i) : UINT32_MAX;
            if (code == UINT32_MAX) return false;
            i += 4;
            if (code >= 0xd800 && code < 0xe000) {
                uint32_t low = length - i >= 6 && body[i] == '\\' && body[i + 1] == 'u' ? hex4(body + i + 2) : UINT32_MAX;
                if (code < 0xdc00 && low >= 0xdc00 && low < 0xe000) {
                    code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
                    i += 6;
                } else {
                    code = 0xfffd;
                }
            }
            n += put_utf8(out + n, code);
            break;
        }
        default: return false;
        }
    }
    *made = n;
    return true;
}
