// The trie of wanted paths, as the walker sees it.
#ifndef CSCAN_PATHS_H
#define CSCAN_PATHS_H

#include "cscan.h"

enum { NO_SLOT = 0xffffffff };

typedef struct entry {
    uint64_t head;            // the name's first eight bytes, zero beyond its end
    const uint8_t *name;
    uint32_t length;          // UINT32_MAX: an empty place
    uint32_t node;
} entry;

typedef struct node {
    entry *table;             // open addressing; NULL if nothing below is wanted
    uint32_t mask;
    uint32_t slot;            // NO_SLOT, or the column of the row
    bool is_list;             // its elements are records, in a top-level object
    // The columns of this node and everything below it, to be cleared when the member comes again.
    const uint32_t *below;
    uint32_t below_count;
    uint32_t after;           // the first node that is not below this one
    uint32_t memory;          // the number of this node among those that have a table
} node;

struct cscan_paths {
    uint32_t width;
    node *nodes;
    uint32_t node_count;
    uint32_t memory_count;
    uint64_t serial;          // no two tries have the same one
    struct build *build;      // only until it is sealed
    uint8_t *names;
    entry *tables;
    uint32_t *slots;
};

static inline uint32_t hash_name(uint64_t head, uint32_t length) {
    uint64_t mixed = (head ^ ((uint64_t)length << 56 | length)) * 0x9fb21c651e98df25u;
    return (uint32_t)(mixed >> 40);
}

static inline uint64_t name_head(const uint8_t *name, uint32_t length) {
    uint64_t head = 0;
    if (length >= 8) {
        __builtin_memcpy(&head, name, 8);
        return head;
    }
    for (uint32_t i = 0; i < length; i++) head |= (uint64_t)name[i] << (8 * i);
    return head;
}

#endif
