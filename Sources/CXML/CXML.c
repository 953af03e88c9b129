#include "CXML.h"

#include <stdlib.h>
#include <libxml/xmlreader.h>
#include <libxml/xmlwriter.h>

struct cxml_writer {
    xmlBufferPtr buffer;
    xmlTextWriterPtr writer;
};

cxml_writer *cxml_writer_new(void) {
    cxml_writer *self = calloc(1, sizeof *self);
    if (self == NULL) return NULL;
    self->buffer = xmlBufferCreate();
    if (self->buffer != NULL) {
        xmlBufferSetAllocationScheme(self->buffer, XML_BUFFER_ALLOC_DOUBLEIT);
        self->writer = xmlNewTextWriterMemory(self->buffer, 0);
    }
    if (self->writer == NULL || xmlTextWriterSetIndent(self->writer, 1) < 0
        || xmlTextWriterSetIndentString(self->writer, BAD_CAST "  ") < 0
        || xmlTextWriterStartDocument(self->writer, "1.0", "UTF-8", NULL) < 0) {
        cxml_writer_free(self);
        return NULL;
    }
    return self;
}

int cxml_writer_start_element(cxml_writer *self, const char *name) {
    return xmlTextWriterStartElement(self->writer, BAD_CAST name) < 0 ? -1 : 0;
}

int cxml_writer_attribute(cxml_writer *self, const char *name, const char *value) {
    return xmlTextWriterWriteAttribute(self->writer, BAD_CAST name, BAD_CAST value) < 0 ? -1 : 0;
}

int cxml_writer_text(cxml_writer *self, const char *text) {
    return xmlTextWriterWriteString(self->writer, BAD_CAST text) < 0 ? -1 : 0;
}

int cxml_writer_end_element(cxml_writer *self) {
    return xmlTextWriterEndElement(self->writer) < 0 ? -1 : 0;
}

int cxml_writer_finish(cxml_writer *self, const unsigned char **bytes, size_t *count) {
    if (xmlTextWriterEndDocument(self->writer) < 0 || xmlTextWriterFlush(self->writer) < 0) return -1;
    *bytes = xmlBufferContent(self->buffer);
    *count = (size_t)xmlBufferLength(self->buffer);
    return 0;
}

void cxml_writer_free(cxml_writer *self) {
    if (self == NULL) return;
    if (self->writer != NULL) xmlFreeTextWriter(self->writer);
    if (self->buffer != NULL) xmlBufferFree(self->buffer);
    free(self);
}

struct cxml_reader {
    xmlTextReaderPtr reader;
    char message[256];
    int line;
};

static void cxml_note(void *context, const xmlError *error) {
    cxml_reader *self = context;
    if (self->message[0] != 0 || error == NULL || error->message == NULL) return;
    size_t at = 0;
    for (const char *from = error->message; *from != 0 && *from != '\n' && at + 1 < sizeof self->message; from++) self->message[at++] = *from;
    self->message[at] = 0;
    self->line = error->line;
}

static int cxml_close(void *context) {
    (void)context;
    return 0;
}

cxml_reader *cxml_reader_new(cxml_read read, void *context) {
    cxml_reader *self = calloc(1, sizeof *self);
    if (self == NULL) return NULL;
    // No entity is expanded, no document type fetched, no network used, none of libxml2's own limits lifted.
    self->reader = xmlReaderForIO(read, cxml_close, context, NULL, NULL, XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
    if (self->reader == NULL) {
        free(self);
        return NULL;
    }
    xmlTextReaderSetStructuredErrorHandler(self->reader, (xmlStructuredErrorFunc)cxml_note, self);
    return self;
}

int cxml_reader_next(cxml_reader *self) { return xmlTextReaderRead(self->reader); }

cxml_node cxml_reader_kind(cxml_reader *self) {
    switch (xmlTextReaderNodeType(self->reader)) {
    case XML_READER_TYPE_ELEMENT: return CXML_ELEMENT;
    case XML_READER_TYPE_END_ELEMENT: return CXML_END;
    case XML_READER_TYPE_TEXT:
    case XML_READER_TYPE_CDATA: return CXML_TEXT;
    case XML_READER_TYPE_ENTITY_REFERENCE:
    case XML_READER_TYPE_ENTITY: return CXML_ENTITY;
    case XML_READER_TYPE_DOCUMENT_TYPE: return CXML_DOCTYPE;
    default: return CXML_OTHER;
    }
}

int cxml_reader_is_empty(cxml_reader *self) { return xmlTextReaderIsEmptyElement(self->reader); }
int cxml_reader_depth(cxml_reader *self) { return xmlTextReaderDepth(self->reader); }
int cxml_reader_line(cxml_reader *self) { return xmlTextReaderGetParserLineNumber(self->reader); }
const char *cxml_reader_name(cxml_reader *self) { return (const char *)xmlTextReaderConstLocalName(self->reader); }
const char *cxml_reader_value(cxml_reader *self) { return (const char *)xmlTextReaderConstValue(self->reader); }
int cxml_reader_next_attribute(cxml_reader *self) { return xmlTextReaderMoveToNextAttribute(self->reader); }
void cxml_reader_leave_attributes(cxml_reader *self) { xmlTextReaderMoveToElement(self->reader); }

int cxml_reader_declares_entities(cxml_reader *self) {
    xmlNodePtr node = xmlTextReaderCurrentNode(self->reader);
    if (node == NULL || node->type != XML_DTD_NODE) return 0;
    xmlDtdPtr type = (xmlDtdPtr)node;
    return type->entities != NULL || type->pentities != NULL;
}

const char *cxml_reader_message(cxml_reader *self) { return self->message; }
int cxml_reader_message_line(cxml_reader *self) { return self->line; }

void cxml_reader_free(cxml_reader *self) {
    if (self == NULL) return;
    if (self->reader != NULL) xmlFreeTextReader(self->reader);
    free(self);
}
