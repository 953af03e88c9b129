// The public functions: choosing a kernel, and what needs none.
#include "scan.h"

#include <stdlib.h>
#include <string.h>

static const kernel *chosen;

static const kernel *best(void) {
#if defined(__x86_64__)
    __builtin_cpu_init();
    bool has_avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2") &&
                    __builtin_cpu_supports("popcnt") && __builtin_cpu_supports("pclmul");
    if (has_avx2 && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl")) return &cscan_avx512;
    return has_avx2 ? &cscan_avx2 : &cscan_sse2;
#else
    return &cscan_portable;
#endif
}

// Every thread that comes first finds the same kernel, so a race writes the same word twice.
static const kernel *kernel_in_use(void) {
    const kernel *found = __atomic_load_n(&chosen, __ATOMIC_RELAXED);
    if (!found) {
        found = best();
        __atomic_store_n(&chosen, found, __ATOMIC_RELAXED);
    }
    return found;
}

const char *cscan_kernel(void) { return kernel_in_use()->name; }

bool cscan_use_kernel(const char *name) {
    const kernel *wanted = NULL;
    if (!strcmp(name, "portable")) wanted = &cscan_portable;
#if defined(__x86_64__)
    if (!strcmp(name, "sse2")) wanted = &cscan_sse2;
    if (!strcmp(name, "avx2") && best() != &cscan_sse2) wanted = &cscan_avx2;
    if (!strcmp(name, "avx512") && best() == &cscan_avx512) wanted = &cscan_avx512;
#endif
    if (wanted) __atomic_store_n(&chosen, wanted, __ATOMIC_RELAXED);
    return wanted != NULL;
}

cscan *cscan_new(uint32_t max_depth) {
    cscan *scan = calloc(1, sizeof *scan);
    if (scan) scan->max_depth = max_depth;
    return scan;
}

void cscan_free(cscan *scan) {
    if (!scan) return;
    free(scan->seen);
    free(scan->memories);
    free(scan);
}

// Makes room for a trie's marks and memories. False if there is no memory.
static bool prepare(cscan *scan, const cscan_paths *paths) {
    if (scan->seen_count < paths->node_count) {
        uint32_t *seen = calloc(paths->node_count, sizeof *seen);
        if (!seen) return false;
        free(scan->seen);
        scan->seen = seen;
        scan->seen_count = paths->node_count;
        scan->stamp = 0;
    }
    if (scan->serial == paths->serial) return true;
    if (scan->memory_count < paths->memory_count || !scan->memories) {
        memory *memories = calloc(paths->memory_count + 1, sizeof *memories);
        if (!memories) return false;
        free(scan->memories);
        scan->memories = memories;
        scan->memory_count = paths->memory_count;
    }
    for (uint32_t i = 0; i <= scan->memory_count; i++) cscan_forget(&scan->memories[i]);
    scan->serial = paths->serial;
    return true;
}

void cscan_forget(memory *memory) {
    memory->count = memory->first = memory->lost = 0;
    memset(memory->index, 0, sizeof memory->index);
    memset(memory->guesses[0].text, 0xff, GUESS_BYTES);
    memory->guesses[0].mask = UINT32_MAX;
}

cscan_status cscan_run(cscan *scan, const cscan_paths *paths, const uint8_t *base, size_t length, bool last,
                       cscan_cursor *cursor, cscan_rows *rows) {
    if (!prepare(scan, paths)) {
        scan->reason = CSCAN_CUT;
        scan->bad_at = cursor->at;
        return CSCAN_BAD;
    }
    scan->base = base;
    scan->length = length;
    return kernel_in_use()->run(scan, paths, last, cursor, rows);
}

cscan_reason cscan_why(const cscan *scan) { return scan->reason; }
size_t cscan_bad_at(const cscan *scan) { return scan->bad_at; }
cscan_view cscan_list_name(const cscan *scan) { return scan->list_name; }

cscan_reason cscan_members(cscan *scan, const uint8_t *base, size_t length, size_t at, cscan_member *members,
                           size_t capacity, size_t *count, size_t *next, size_t *end) {
    scan->base = base;
    scan->length = length;
    *count = 0;
    if (at >= length || (base[at] != '{' && base[at] != '[')) {
        scan->bad_at = at;
        return scan->reason = CSCAN_NO_VALUE;
    }
    return kernel_in_use()->members(scan, at, members, capacity, count, next, end);
}

cscan_reason cscan_skip(cscan *scan, const uint8_t *base, size_t length, size_t at, size_t *end) {
    scan->base = base;
    scan->length = length;
    uint32_t max_depth = scan->max_depth;
    scan->max_depth = UINT32_MAX;
    cscan_reason reason = kernel_in_use()->skip(scan, at, end);
    scan->max_depth = max_depth;
    return reason;
}

size_t cscan_newlines(const uint8_t *base, size_t length) {
    size_t count = 0;
    for (size_t i = 0; i < length;) {
        // Runs short enough for a sum of bytes keep the inner loop in vectors.
        size_t end = length - i > 255 ? i + 255 : length;
        uint8_t sum = 0;
        for (; i < end; i++) sum = (uint8_t)(sum + (base[i] == '\n'));
        count += sum;
    }
    return count;
}
