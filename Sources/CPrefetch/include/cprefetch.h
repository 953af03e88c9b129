// Asks the processor for memory that will be read soon. A hint: it never faults, whatever the address.
#ifndef CPREFETCH_H
#define CPREFETCH_H

static inline void cprefetch(const void *address) { __builtin_prefetch(address); }

#endif
