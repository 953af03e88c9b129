#include "cmaxmind.h"

#include <maxminddb.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

struct cmaxmind {
    MMDB_s db;
};

cmaxmind *cmaxmind_open(const char *path, int *status) {
    cmaxmind *database = calloc(1, sizeof *database);
    if (!database) {
        *status = MMDB_OUT_OF_MEMORY_ERROR;
        return NULL;
    }
    *status = MMDB_open(path, MMDB_MODE_MMAP, &database->db);
    if (*status == MMDB_SUCCESS) return database;
    free(database);
    return NULL;
}

void cmaxmind_close(cmaxmind *database) {
    MMDB_close(&database->db);
    free(database);
}

const char *cmaxmind_message(int status) { return MMDB_strerror(status); }

uint64_t cmaxmind_built(const cmaxmind *database) { return database->db.metadata.build_epoch; }

const char *cmaxmind_type(const cmaxmind *database) {
    return database->db.metadata.database_type ? database->db.metadata.database_type : "";
}

static size_t copy(MMDB_entry_data_s value, char *into, size_t room) {
    if (!value.has_data || value.type != MMDB_DATA_TYPE_UTF8_STRING || value.data_size == 0 || value.data_size > room) return 0;
    memcpy(into, value.utf8_string, value.data_size);
    return value.data_size;
}

size_t cmaxmind_country(const cmaxmind *database, const uint8_t *address, bool is_v6, char *code) {
    struct sockaddr_storage storage = {0};
    if (is_v6) {
        struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)&storage;
        v6->sin6_family = AF_INET6;
        memcpy(&v6->sin6_addr, address, 16);
    } else {
        struct sockaddr_in *v4 = (struct sockaddr_in *)&storage;
        v4->sin_family = AF_INET;
        memcpy(&v4->sin_addr, address, 4);
    }
    int status = MMDB_SUCCESS;
    MMDB_lookup_result_s found = MMDB_lookup_sockaddr(&database->db, (struct sockaddr *)&storage, &status);
    if (status != MMDB_SUCCESS || !found.found_entry) return 0;
    MMDB_entry_data_s value;
    if (MMDB_get_value(&found.entry, &value, "country", "iso_code", NULL) != MMDB_SUCCESS) return 0;
    size_t length = copy(value, code, 2);
    if (length != 2) return 0;
    if (MMDB_get_value(&found.entry, &value, "subdivisions", "0", "iso_code", NULL) != MMDB_SUCCESS) return length;
    size_t part = copy(value, code + 3, 3);
    if (part == 0) return length;
    code[2] = '-';
    return length + 1 + part;
}
