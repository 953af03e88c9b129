#ifndef CMAXMIND_H
#define CMAXMIND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// An open MaxMind database. Look-ups only read it, from any number of threads.
typedef struct cmaxmind cmaxmind;

/// Opens a database; NULL and a status if it cannot be. The caller closes it.
cmaxmind *_Nullable cmaxmind_open(const char *_Nonnull path, int *_Nonnull status);
void cmaxmind_close(cmaxmind *_Nonnull database);

/// What a status means.
const char *_Nonnull cmaxmind_message(int status);

/// When the database was built, seconds since 1970, and what it calls itself (`GeoLite2-Country`).
uint64_t cmaxmind_built(const cmaxmind *_Nonnull database);
const char *_Nonnull cmaxmind_type(const cmaxmind *_Nonnull database);

/// Writes the code of the country of an address (`DE`), or of the part of a country (`CA-QC`), and returns its length; 0 if the
/// database does not know it. The address is 4 or 16 bytes in network order; `code` has room for 8 bytes.
size_t cmaxmind_country(const cmaxmind *_Nonnull database, const uint8_t *_Nonnull address, bool is_v6, char *_Nonnull code);

#endif
