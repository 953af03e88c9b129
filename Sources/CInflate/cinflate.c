#include "cinflate.h"

#include <libdeflate.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>

// zstd frames that need a larger window than this (128 MiB) are refused.
enum { ZSTD_MAX_WINDOW_LOG = 27, GZIP_ONLY = 16 };

struct cinflate_whole {
    struct libdeflate_decompressor *inner;
};

cinflate_whole *cinflate_whole_new(void) {
    cinflate_whole *inflater = malloc(sizeof *inflater);
    if (!inflater) return NULL;
    inflater->inner = libdeflate_alloc_decompressor();
    if (inflater->inner) return inflater;
    free(inflater);
    return NULL;
}

void cinflate_whole_free(cinflate_whole *inflater) {
    if (!inflater) return;
    libdeflate_free_decompressor(inflater->inner);
    free(inflater);
}

cinflate_status cinflate_whole_gzip(cinflate_whole *inflater, const uint8_t *in, size_t in_length, uint8_t *out,
                                    size_t out_capacity, size_t *used, size_t *made) {
    switch (libdeflate_gzip_decompress_ex(inflater->inner, in, in_length, out, out_capacity, used, made)) {
    case LIBDEFLATE_SUCCESS: return CINFLATE_OK;
    case LIBDEFLATE_INSUFFICIENT_SPACE: return CINFLATE_FULL;
    default: return CINFLATE_BAD;
    }
}

struct cinflate_stream {
    cinflate_kind kind;
    bool ended;
    // UTF-16: how many of the last bytes wait for the rest of a character, and they.
    unsigned waiting;
    uint8_t waits[4];
    z_stream zlib;
    ZSTD_DStream *zstd;
};

cinflate_stream *cinflate_stream_new(cinflate_kind kind) {
    cinflate_stream *stream = calloc(1, sizeof *stream);
    if (!stream) return NULL;
    stream->kind = kind;
    if (kind == CINFLATE_UTF16LE || kind == CINFLATE_UTF16BE) return stream;
    if (kind == CINFLATE_ZSTD) {
        stream->zstd = ZSTD_createDStream();
        if (stream->zstd && !ZSTD_isError(ZSTD_DCtx_setParameter(stream->zstd, ZSTD_d_windowLogMax, ZSTD_MAX_WINDOW_LOG)))
            return stream;
        ZSTD_freeDStream(stream->zstd);
    } else if (inflateInit2(&stream->zlib, MAX_WBITS + GZIP_ONLY) == Z_OK) {
        return stream;
    }
    free(stream);
    return NULL;
}

void cinflate_stream_free(cinflate_stream *stream) {
    if (!stream) return;
    if (stream->kind == CINFLATE_ZSTD) ZSTD_freeDStream(stream->zstd);
    else if (stream->kind == CINFLATE_GZIP) inflateEnd(&stream->zlib);
    free(stream);
}

static cinflate_status run_zstd(cinflate_stream *stream, const uint8_t *in, size_t in_length, size_t *used, uint8_t *out,
                                size_t out_capacity, size_t *made) {
    ZSTD_inBuffer from = {in, in_length, 0};
    ZSTD_outBuffer to = {out, out_capacity, 0};
    size_t left = ZSTD_decompressStream(stream->zstd, &to, &from);
    *used = from.pos;
    *made = to.pos;
    if (ZSTD_isError(left)) return CINFLATE_BAD;
    return left == 0 ? CINFLATE_END : CINFLATE_OK;
}

static unsigned unit(const cinflate_stream *stream, unsigned at) {
    unsigned first = stream->waits[at], second = stream->waits[at + 1];
    return stream->kind == CINFLATE_UTF16LE ? first | second << 8 : first << 8 | second;
}

static size_t put_utf8(uint8_t *out, uint32_t character) {
    if (character < 0x80) return out[0] = (uint8_t)character, 1;
    size_t rest = character < 0x800 ? 1 : character < 0x10000 ? 2 : 3;
    static const uint8_t marks[] = {0, 0xc0, 0xe0, 0xf0};
    out[0] = (uint8_t)(marks[rest] | character >> 6 * rest);
    for (size_t i = 1; i <= rest; i++) out[i] = (uint8_t)(0x80 | (character >> 6 * (rest - i) & 0x3f));
    return rest + 1;
}

// Half a pair becomes the character for what is no character. The mark at the beginning is kept, as UTF-8 writes it.
static cinflate_status run_utf16(cinflate_stream *stream, const uint8_t *in, size_t in_length, size_t *used, uint8_t *out,
                                 size_t out_capacity, size_t *made) {
    while (*used < in_length && out_capacity - *made >= 8) {
        stream->waits[stream->waiting++] = in[(*used)++];
        if (stream->waiting & 1) continue;
        unsigned first = unit(stream, 0);
        bool is_high = first >= 0xd800 && first < 0xdc00;
        if (is_high && stream->waiting == 2) continue;
        stream->waiting = 0;
        if (is_high) {
            unsigned second = unit(stream, 2);
            if (second >= 0xdc00 && second < 0xe000) {
                *made += put_utf8(out + *made, 0x10000 + ((first & 0x3ff) << 10 | (second & 0x3ff)));
                continue;
            }
            *made += put_utf8(out + *made, 0xfffd);
            if (second >= 0xd800 && second < 0xdc00) {
                memmove(stream->waits, stream->waits + 2, 2);
                stream->waiting = 2;
                continue;
            }
            first = second;
        }
        *made += put_utf8(out + *made, first >= 0xd800 && first < 0xe000 ? 0xfffd : first);
    }
    return stream->waiting ? CINFLATE_OK : CINFLATE_END;
}

cinflate_status cinflate_stream_run(cinflate_stream *stream, const uint8_t *in, size_t in_length, size_t *used, uint8_t *out,
                                    size_t out_capacity, size_t *made) {
    *used = *made = 0;
    if (stream->kind == CINFLATE_ZSTD) return run_zstd(stream, in, in_length, used, out, out_capacity, made);
    if (stream->kind != CINFLATE_GZIP) return run_utf16(stream, in, in_length, used, out, out_capacity, made);
    if (stream->ended && inflateReset(&stream->zlib) != Z_OK) return CINFLATE_BAD;
    stream->ended = false;
    z_stream *zlib = &stream->zlib;
    const size_t most = 1u << 30;
    uInt offered = (uInt)(in_length < most ? in_length : most), room = (uInt)(out_capacity < most ? out_capacity : most);
    zlib->next_in = (Bytef *)(uintptr_t)in;
    zlib->avail_in = offered;
    zlib->next_out = out;
    zlib->avail_out = room;
    int result = inflate(zlib, Z_NO_FLUSH);
    *used = offered - zlib->avail_in;
    *made = room - zlib->avail_out;
    switch (result) {
    case Z_STREAM_END:
        stream->ended = true;
        return CINFLATE_END;
    case Z_OK:
    case Z_BUF_ERROR: return CINFLATE_OK;    // no progress: more input or room is needed
    case Z_MEM_ERROR: return CINFLATE_MEMORY;
    default: return zlib->msg && !strncmp(zlib->msg, "incorrect", 9) && strstr(zlib->msg, "header") == NULL ? CINFLATE_CHECKSUM : CINFLATE_BAD;
    }
}
