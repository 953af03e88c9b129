// Inflating: whole gzip members at the machine's speed (libdeflate), and streams in bounded memory (zlib, zstd); UTF-16 is made UTF-8.
#ifndef CINFLATE_H
#define CINFLATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum cinflate_status {
    CINFLATE_OK = 0,          // streams: there may be more; whole members: done
    CINFLATE_END = 1,         // a member or frame ended, its checksum right; more may follow
    CINFLATE_FULL = 2,        // whole members: the output is too small
    CINFLATE_BAD = 3,         // not of this format, damaged, or a wrong checksum
    CINFLATE_MEMORY = 4,
    CINFLATE_CHECKSUM = 5     // streams: all of a member came out, but its checksum or length is wrong
} cinflate_status;

// Inflates whole gzip members. One a thread.
typedef struct cinflate_whole cinflate_whole;
cinflate_whole *cinflate_whole_new(void);
void cinflate_whole_free(cinflate_whole *inflater);
// One member. On success `*used` bytes of the input became `*made` bytes; CRC and length were checked.
cinflate_status cinflate_whole_gzip(cinflate_whole *inflater, const uint8_t *in, size_t in_length, uint8_t *out,
                                    size_t out_capacity, size_t *used, size_t *made);

typedef enum cinflate_kind { CINFLATE_GZIP = 0, CINFLATE_ZSTD = 1, CINFLATE_UTF16LE = 2, CINFLATE_UTF16BE = 3 } cinflate_kind;

// Inflates a stream piece by piece.
typedef struct cinflate_stream cinflate_stream;
cinflate_stream *cinflate_stream_new(cinflate_kind kind);
void cinflate_stream_free(cinflate_stream *stream);
// Takes up to `in_length` bytes and makes up to `out_capacity`. After CINFLATE_END the next call begins a new member.
cinflate_status cinflate_stream_run(cinflate_stream *stream, const uint8_t *in, size_t in_length, size_t *used, uint8_t *out,
                                    size_t out_capacity, size_t *made);

#ifdef __cplusplus
}
#endif
#endif
