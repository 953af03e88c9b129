#include "CXML.h"

#include <stdlib.h>
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
