// Building the trie: a plain tree first, then flat tables when it is sealed.
#include "paths.h"

#include <stdlib.h>
#include <string.h>

struct branch {
    struct branch *next;      // of the same parent
    struct branch *first;     // child
    uint8_t *name;
    uint32_t length;
    uint32_t slot;
    uint32_t index;
    bool is_list;
};

struct build {
    struct branch root;
    size_t branches;
    size_t name_bytes;
};

static void free_branches(struct branch *branch) {
    for (struct branch *child = branch->first; child;) {
        struct branch *next = child->next;
        free_branches(child);
        free(child->name);
        free(child);
        child = next;
    }
}

cscan_paths *cscan_paths_new(uint32_t width) {
    if (width > CSCAN_MAX_SLOTS) return NULL;
    cscan_paths *paths = calloc(1, sizeof *paths);
    struct build *build = calloc(1, sizeof *build);
    if (!paths || !build) {
        free(paths);
        free(build);
        return NULL;
    }
    build->root.slot = NO_SLOT;
    build->branches = 1;
    paths->width = width;
    paths->build = build;
    return paths;
}

void cscan_paths_free(cscan_paths *paths) {
    if (!paths) return;
    if (paths->build) free_branches(&paths->build->root);
    free(paths->build);
    free(paths->nodes);
    free(paths->names);
    free(paths->tables);
    free(paths->slots);
    free(paths);
}

static struct branch *descend(struct build *build, struct branch *from, const uint8_t *name, uint32_t length) {
    struct branch **last = &from->first;
    for (; *last; last = &(*last)->next)
        if ((*last)->length == length && !memcmp((*last)->name, name, length)) return *last;
    struct branch *made = calloc(1, sizeof *made);
    uint8_t *copy = malloc(length ? length : 1);
    if (!made || !copy) {
        free(made);
        free(copy);
        return NULL;
    }
    memcpy(copy, name, length);
    made->name = copy;
    made->length = length;
    made->slot = NO_SLOT;
    build->branches++;
    build->name_bytes += length;
    *last = made;
    return made;
}

bool cscan_paths_add(cscan_paths *paths, uint32_t slot, const uint8_t *names, const uint32_t *lengths, size_t count) {
    if (!paths->build || slot >= paths->width || count == 0 || count > CSCAN_MAX_PATH) return false;
    struct branch *at = &paths->build->root;
    for (size_t i = 0; i < count; i++) {
        at = descend(paths->build, at, names, lengths[i]);
        if (!at) return false;
        names += lengths[i];
    }
    if (at->slot != NO_SLOT) return false;
    at->slot = slot;
    return true;
}

bool cscan_paths_add_list(cscan_paths *paths, const uint8_t *name, uint32_t length) {
    if (!paths->build) return false;
    struct branch *at = descend(paths->build, &paths->build->root, name, length);
    if (at) at->is_list = true;
    return at != NULL;
}

static uint32_t table_size(const struct branch *branch) {
    uint32_t children = 0, size = 4;
    for (const struct branch *child = branch->first; child; child = child->next) children++;
    if (!children) return 0;
    while (size < children * 4) size *= 2;
    return size;
}

static size_t total_entries(const struct branch *branch) {
    size_t total = table_size(branch);
    for (const struct branch *child = branch->first; child; child = child->next) total += total_entries(child);
    return total;
}

struct seal {
    cscan_paths *paths;
    uint32_t next_node;
    entry *next_table;
    uint8_t *next_name;
    uint32_t *next_slot;
};

// Lays out a branch and what is below it; the columns of a subtree come out side by side.
static uint32_t lay(struct seal *seal, const struct branch *branch) {
    uint32_t index = seal->next_node++;
    uint32_t *first_slot = seal->next_slot;
    if (branch->slot != NO_SLOT) *seal->next_slot++ = branch->slot;
    uint32_t size = table_size(branch);
    entry *table = size ? seal->next_table : NULL;
    seal->next_table += size;
    for (uint32_t i = 0; i < size; i++) table[i].length = UINT32_MAX;
    for (const struct branch *child = branch->first; child; child = child->next) {
        uint8_t *name = seal->next_name;
        memcpy(name, child->name, child->length);
        seal->next_name += child->length;
        uint64_t head = name_head(name, child->length);
        uint32_t at = hash_name(head, child->length) & (size - 1);
        while (table[at].length != UINT32_MAX) at = (at + 1) & (size - 1);
        table[at] = (entry){.head = head, .name = name, .length = child->length, .node = lay(seal, child)};
    }
    seal->paths->nodes[index] = (node){
        .table = table, .mask = size ? size - 1 : 0, .slot = branch->slot, .is_list = branch->is_list,
        .below = first_slot, .below_count = (uint32_t)(seal->next_slot - first_slot), .after = seal->next_node,
        .memory = table ? seal->paths->memory_count++ : 0};
    return index;
}

static uint64_t last_serial;

bool cscan_paths_seal(cscan_paths *paths) {
    struct build *build = paths->build;
    if (!build) return false;
    size_t entries = total_entries(&build->root);
    paths->nodes = calloc(build->branches, sizeof *paths->nodes);
    paths->tables = calloc(entries ? entries : 1, sizeof *paths->tables);
    paths->names = malloc(build->name_bytes ? build->name_bytes : 1);
    // Several paths may lead to one slot, so there can be more entries than slots.
    paths->slots = calloc(build->branches, sizeof *paths->slots);
    if (!paths->nodes || !paths->tables || !paths->names || !paths->slots) return false;
    paths->node_count = (uint32_t)build->branches;
    struct seal seal = {paths, 0, paths->tables, paths->names, paths->slots};
    lay(&seal, &build->root);
    free_branches(&build->root);
    free(build);
    paths->build = NULL;
    paths->serial = __atomic_add_fetch(&last_serial, 1, __ATOMIC_RELAXED);
    return true;
}
