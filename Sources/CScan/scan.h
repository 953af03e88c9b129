// The scanner's state and the face of a kernel.
#ifndef CSCAN_SCAN_H
#define CSCAN_SCAN_H

#include "paths.h"

// Blocks a window: bitmaps are made 16 KiB ahead of the walker, so that they are still in the first cache when it comes.
enum { WINDOW_BLOCKS = 256, PREFETCH_BYTES = 2048 };

// Names that were seen, each with the one that came after it the last time. Events of one kind have their members in one
// order, so the next name is mostly known: one comparison finds it, with its colon, instead of a search and a look-up.
//
// INVARIANT: the text of a guess is a whole name, colon and space as they stood before a value, so equal bytes at a place
// where a name is due are that name.
enum { GUESS_BYTES = 32, MEMORY_GUESSES = 64, MEMORY_INDEX = 128 };

typedef struct guess {
    uint8_t text[GUESS_BYTES];
    uint32_t mask;            // one bit for each byte of the text
    uint16_t length;
    uint16_t next;            // the guess for the name after this one
    const node *child;        // NULL: nobody wants it
} guess;

typedef struct memory {
    uint16_t count;
    uint16_t first;           // the guess for an object's first name
    uint16_t lost;            // stands in for `next` after a name that is not remembered
    uint8_t index[MEMORY_INDEX];
    guess guesses[MEMORY_GUESSES];    // number 0 is no name
} memory;

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
    memory *memories;
    uint32_t memory_count;
    uint64_t serial;          // of the trie that the memories are of
    uint64_t quotes[WINDOW_BLOCKS + 1];    // the last one stays 0
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
extern const kernel cscan_avx512;
#endif

// Runs the UTF-8 automaton over some bytes; 0 is between characters, 1 is broken: then `*at` is the byte that broke it.
enum { UTF8_BROKEN = 1 };
uint32_t cscan_utf8(uint32_t state, const uint8_t *bytes, size_t count, size_t *at);

// Empties a memory.
void cscan_forget(memory *memory);

bool cscan_is_scalar(const uint8_t *text, size_t length);

#endif
