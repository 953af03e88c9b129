// The scanner's state and the face of a kernel.
#ifndef CSCAN_SCAN_H
#define CSCAN_SCAN_H

#include "paths.h"

// Blocks a window: bitmaps are made 16 KiB ahead of the walker, so that they are still in the first cache when it comes.
enum { WINDOW_BLOCKS = 256 };

struct cscan {
    const uint8_t *base;
    size_t length;
    size_t start;             // where indexing began; blocks are counted from here
    size_t origin;            // the first byte of the window
    size_t made;              // the byte after it
    uint64_t in_string;       // all ones if the next block begins inside a string
    uint64_t escaped;         // 1 if its first byte is escaped
    uint32_t utf8;            // state of the UTF-8 automaton
    cscan_reason flaw;        // the first flaw that indexing saw
    size_t flaw_at;           // SIZE_MAX if none
    cscan_reason reason;
    size_t bad_at;
    uint32_t max_depth;
    cscan_view list_name;
    uint32_t *seen;           // per node: the number of the last record that had it
    uint32_t seen_count;
    uint32_t stamp;
    uint64_t quotes[WINDOW_BLOCKS];
    uint64_t opens[WINDOW_BLOCKS];
    uint64_t closes[WINDOW_BLOCKS];
    uint64_t slashes[WINDOW_BLOCKS];
};

typedef struct kernel {
    const char *name;
    cscan_status (*run)(cscan *, const cscan_paths *, bool, cscan_cursor *, cscan_rows *);
    cscan_reason (*members)(cscan *, size_t, cscan_member *, size_t, size_t *, size_t *, size_t *);
    cscan_reason (*skip)(cscan *, size_t, size_t *);
} kernel;

extern const kernel cscan_portable;
#if defined(__x86_64__)
extern const kernel cscan_sse2;
extern const kernel cscan_avx2;
#endif

// Runs the UTF-8 automaton over some bytes; 0 is between characters, 1 is broken: then `*at` is the byte that broke it.
enum { UTF8_BROKEN = 1 };
uint32_t cscan_utf8(uint32_t state, const uint8_t *bytes, size_t count, size_t *at);

bool cscan_is_scalar(const uint8_t *text, size_t length);

#endif
