#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "CHeap.h"

#include <stdint.h>
#include <stdlib.h>

#ifdef __GLIBC__
#include <malloc.h>
#include <sys/mman.h>
#include <unistd.h>

// A thread's own heap asks the kernel for every page of 4 KB; the main one asks once for so much.
enum { STEP = 32 << 20, HUGE_PAGE = 2 << 20 };

void cheap_for_a_moment(void) {
    mallopt(M_ARENA_MAX, 1);
    mallopt(M_TOP_PAD, STEP);
    mallopt(M_TRIM_THRESHOLD, INT32_MAX);
    mallopt(M_MMAP_THRESHOLD, STEP);
    // Large pages, where the system has them: a few faults instead of thousands. What is not touched takes no memory.
    void *volatile first = malloc(HUGE_PAGE);
    if (first == NULL) return;
    uintptr_t start = ((uintptr_t)first + HUGE_PAGE - 1) / HUGE_PAGE * HUGE_PAGE, end = (uintptr_t)sbrk(0) / HUGE_PAGE * HUGE_PAGE;
    free(first);
    if (start < end) madvise((void *)start, end - start, MADV_HUGEPAGE);
}
#else
void cheap_for_a_moment(void) {}
#endif
