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

/// An XML document being read, node by node, by libxml2. Entities are not expanded, document types not fetched, the network
/// not used. After -1 from `cxml_reader_next` only the message and `cxml_reader_free` may be asked for.
typedef struct cxml_reader cxml_reader;

/// Fills a buffer: how many bytes, 0 at the end, -1 if that failed.
typedef int (*cxml_read)(void *context, char *buffer, int length);

typedef enum { CXML_OTHER, CXML_ELEMENT, CXML_END, CXML_TEXT, CXML_ENTITY, CXML_DOCTYPE } cxml_node;

/// Begins a document; NULL if there is no memory.
cxml_reader *cxml_reader_new(cxml_read read, void *context);
/// Goes to the next node: 1, 0 at the end, -1 if the document is not XML.
int cxml_reader_next(cxml_reader *reader);
cxml_node cxml_reader_kind(cxml_reader *reader);
int cxml_reader_is_empty(cxml_reader *reader);
int cxml_reader_depth(cxml_reader *reader);
int cxml_reader_line(cxml_reader *reader);
/// The name without its prefix, and the value, of the node or attribute; they live until the reader moves.
const char *cxml_reader_name(cxml_reader *reader);
const char *cxml_reader_value(cxml_reader *reader);
/// Goes to the next attribute of the element: 1, or 0 if there is none.
int cxml_reader_next_attribute(cxml_reader *reader);
void cxml_reader_leave_attributes(cxml_reader *reader);
/// Whether the document type that the reader stands at declares entities.
int cxml_reader_declares_entities(cxml_reader *reader);
/// The first thing that is wrong, and its line; empty if nothing is.
const char *cxml_reader_message(cxml_reader *reader);
int cxml_reader_message_line(cxml_reader *reader);
void cxml_reader_free(cxml_reader *reader);

#endif
