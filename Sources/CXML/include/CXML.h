#ifndef CXML_H
#define CXML_H

#include <stddef.h>

/// An XML document being written to memory by libxml2.
///
/// Strings are UTF-8, end with NUL and hold only characters that XML 1.0 allows: the caller cleans them. libxml2 escapes
/// what needs escaping. Each function returns 0, or -1 after a failure (no memory, a wrong order of calls); after a
/// failure only `cxml_writer_free` may be called.
typedef struct cxml_writer cxml_writer;

/// Begins a document; NULL if there is no memory.
cxml_writer *cxml_writer_new(void);
int cxml_writer_start_element(cxml_writer *writer, const char *name);
int cxml_writer_attribute(cxml_writer *writer, const char *name, const char *value);
int cxml_writer_text(cxml_writer *writer, const char *text);
int cxml_writer_end_element(cxml_writer *writer);
/// Ends the document and lends its bytes, which live until the writer is freed.
int cxml_writer_finish(cxml_writer *writer, const unsigned char **bytes, size_t *count);
void cxml_writer_free(cxml_writer *writer);

#endif
