/* Counts the heap allocations of a program: LD_PRELOAD=./mallocs.so MALLOCS_OUT=file program ... */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static _Atomic long calls;
static void *(*real_malloc)(size_t);
static void *(*real_realloc)(void *, size_t);
static int (*real_posix_memalign)(void **, size_t, size_t);

void *malloc(size_t size) {
    if (!real_malloc) real_malloc = dlsym(RTLD_NEXT, "malloc");
    atomic_fetch_add_explicit(&calls, 1, memory_order_relaxed);
    return real_malloc(size);
}

void *realloc(void *block, size_t size) {
    if (!real_realloc) real_realloc = dlsym(RTLD_NEXT, "realloc");
    atomic_fetch_add_explicit(&calls, 1, memory_order_relaxed);
    return real_realloc(block, size);
}

int posix_memalign(void **block, size_t alignment, size_t size) {
    if (!real_posix_memalign) real_posix_memalign = dlsym(RTLD_NEXT, "posix_memalign");
    atomic_fetch_add_explicit(&calls, 1, memory_order_relaxed);
    return real_posix_memalign(block, alignment, size);
}

__attribute__((destructor)) static void report(void) {
    const char *path = getenv("MALLOCS_OUT");
    int file = path ? open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644) : 2;
    char line[32];
    int length = snprintf(line, sizeof line, "%ld\n", atomic_load(&calls));
    if (file >= 0 && write(file, line, (size_t)length) < 0) _exit(1);
}
