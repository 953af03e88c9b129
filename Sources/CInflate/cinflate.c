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
    z_stream zlib;
    ZSTD_DStream *zstd;
};

cinflate_stream *cinflate_stream_new(cinflate_kind kind) {
    cinflate_stream *stream = calloc(1, sizeof *stream);
    if (!stream) return NULL;
    stream->kind = kind;
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
    else inflateEnd(&stream->zlib);
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

cinflate_status cinflate_stream_run(cinflate_stream *stream, const uint8_t *in, size_t in_length, size_t *used, uint8_t *out,
                                    size_t out_capacity, size_t *made) {
    *used = *made = 0;
    if (stream->kind == CINFLATE_ZSTD) return run_zstd(stream, in, in_length, used, out, out_capacity, made);
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
