// A JSON scanner that reads only what was asked for.
//
// It turns 64-byte blocks into bitmaps (quotes, brackets outside strings, backslashes) a window ahead of a walker, which
// visits the objects on the way to the wanted members and skips every other subtree by counting brackets. It allocates
// nothing while scanning, recurses no deeper than the wanted paths, and never reads outside the buffer.
//
// What it proves of the bytes it skips: strings end, hold no control characters and are UTF-8 with the rest; brackets
// balance; nothing stands between or after the values. `cscan_check` is the strict parser for when that is not enough.
#ifndef CSCAN_H
#define CSCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// A piece of the buffer that is scanned; a length of 0 stands for a member that is not there.
typedef struct cscan_view {
    uint32_t offset;
    uint32_t length;
} cscan_view;

// The wanted paths as a trie. Immutable once sealed, so one may serve many scanners.
typedef struct cscan_paths cscan_paths;

// The longest path and the greatest number of slots.
enum { CSCAN_MAX_PATH = 32, CSCAN_MAX_SLOTS = 4096 };

// NULL if there is no memory.
cscan_paths *cscan_paths_new(uint32_t width);
void cscan_paths_free(cscan_paths *paths);
// Adds a path: `count` names, one after the other in `names`. Several paths may have one slot. False if a limit is exceeded or memory is short.
bool cscan_paths_add(cscan_paths *paths, uint32_t slot, const uint8_t *names, const uint32_t *lengths, size_t count);
// Adds the name of a member of a top-level object whose elements, if it is an array, are the records.
bool cscan_paths_add_list(cscan_paths *paths, const uint8_t *name, uint32_t length);
// Ends the building.
bool cscan_paths_seal(cscan_paths *paths);

typedef enum cscan_status {
    CSCAN_END = 0,    // all input was read, and ended where a document may end
    CSCAN_FULL = 1,   // the rows are full
    CSCAN_MORE = 2,   // the value at `cursor.at` needs more bytes than the buffer has
    CSCAN_ENTER = 3,  // a list of records begins: `list_name`, or an array at top level if its length is 0
    CSCAN_LEAVE = 4,  // it ended
    CSCAN_BAD = 5     // what stands at `cursor.at` is not JSON: see `reason` and `bad_at`
} cscan_status;

typedef enum cscan_reason {
    CSCAN_OK = 0,
    CSCAN_CUT = 1,            // the input ends inside a value
    CSCAN_NO_VALUE = 2,       // a value was expected
    CSCAN_NO_KEY = 3,         // a member's name was expected
    CSCAN_NO_COLON = 4,
    CSCAN_NO_COMMA = 5,       // `,` or the closing bracket was expected
    CSCAN_SCALAR = 6,         // neither a number nor true, false, null
    CSCAN_CONTROL = 7,        // a control character in a string
    CSCAN_UTF8 = 8,
    CSCAN_DEEP = 9,
    CSCAN_ESCAPE = 10,        // a wrong escape in a string (strict only)
    CSCAN_BRACKET = 11,       // a closing bracket of the other kind, or one too many
    CSCAN_TRAILING = 12       // bytes after the document (strict only)
} cscan_reason;

typedef enum cscan_where {
    CSCAN_AT_TOP = 0,         // between documents
    CSCAN_AT_FIRST = 1,       // after the `[` of a list
    CSCAN_AT_ELEMENT = 2,     // after a comma in a list
    CSCAN_AT_COMMA = 3,       // after an element of a list
    CSCAN_AT_MEMBER = 4       // in a top-level object, after the value of a list
} cscan_where;

// Where a scan stands; it survives the moving of the buffer's bytes (the caller adapts `at`).
typedef struct cscan_cursor {
    size_t at;
    cscan_where where;
    bool in_object;           // the list is a member of a top-level object
} cscan_cursor;

typedef struct cscan_rows {
    cscan_view *fields;       // capacity * width
    uint32_t *starts;         // capacity: where each record begins in the buffer
    uint32_t *lengths;        // capacity
    uint8_t *repeated;        // capacity: 1 if a wanted member came twice (the last one is in the row)
    size_t capacity;
    size_t count;
} cscan_rows;

typedef struct cscan cscan;

cscan *cscan_new(uint32_t max_depth);
void cscan_free(cscan *scan);
// The kernel that this machine uses: `avx512`, `avx2`, `sse2`, `portable`.
const char *cscan_kernel(void);
// Uses the kernel of this name from now on, for tests; false if this machine or build lacks it.
bool cscan_use_kernel(const char *name);

// Reads records from `cursor` on into `rows` (which it empties first) until something has to be told. `length` must be
// below 4 GiB. With `last` unset, a value that the buffer cuts is not an error but CSCAN_MORE.
cscan_status cscan_run(cscan *scan, const cscan_paths *paths, const uint8_t *base, size_t length, bool last,
                       cscan_cursor *cursor, cscan_rows *rows);

// After CSCAN_BAD: why, and at which byte of the buffer.
cscan_reason cscan_why(const cscan *scan);
size_t cscan_bad_at(const cscan *scan);
// After CSCAN_ENTER: the member's name.
cscan_view cscan_list_name(const cscan *scan);

// The members of the object, or the elements of the array, that begins at `at`: up to `capacity` of them, and where to go
// on (0 at first, and 0 when the container ended: `*end` then stands after it). A name is given without its quotes.
typedef struct cscan_member {
    cscan_view name;
    cscan_view value;
} cscan_member;
cscan_reason cscan_members(cscan *scan, const uint8_t *base, size_t length, size_t at, cscan_member *members,
                           size_t capacity, size_t *count, size_t *next, size_t *end);

// Where the value that begins at `at` ends, found by counting brackets alone.
cscan_reason cscan_skip(cscan *scan, const uint8_t *base, size_t length, size_t at, size_t *end);

// Parses one whole JSON text strictly (RFC 8259), white space around it allowed. `*at` is where it fails.
cscan_reason cscan_check(const uint8_t *base, size_t length, uint32_t max_depth, size_t *at);

// The number of newlines.
size_t cscan_newlines(const uint8_t *base, size_t length);

// Writes the text that the JSON string body (without its quotes) stands for, at most `length` bytes of it. False, and
// `*made` is where it failed, if an escape is wrong; a lone surrogate becomes U+FFFD.
bool cscan_unescape(const uint8_t *body, size_t length, uint8_t *out, size_t *made);

#ifdef __cplusplus
}
#endif
#endif
