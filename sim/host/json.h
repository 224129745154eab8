/*
 * A small reader of JSON (RFC 8259), for one object a line: numbers, strings, true, false, null and
 * arrays of numbers; what is nested deeper is refused. And the writer's escaping of strings.
 */
#ifndef SIM_HOST_JSON_H
#define SIM_HOST_JSON_H

#include "sim/host/failure.h"

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum json_kind { JSON_NULL, JSON_FALSE, JSON_TRUE, JSON_NUMBER, JSON_STRING, JSON_NUMBERS };

enum { JSON_MEMBERS_MAX = 16, JSON_NUMBERS_MAX = 8 };

struct json_value {
    enum json_kind kind;
    double number;
    char *string;  /* UTF-8, 0-terminated; may hold 0 bytes inside: see length */
    size_t length; /* of the string */
    double numbers[JSON_NUMBERS_MAX];
    size_t count; /* of numbers */
};

struct json_object {
    struct {
        char *name;
        struct json_value value;
    } members[JSON_MEMBERS_MAX];
    size_t count;
    char *space; /* holds all strings */
};

/* One object and nothing else but white space. False: the failure says what and at which column;
 * the object is then empty. */
bool json_read(struct json_object *object, const char *text, size_t size, struct failure *failure);
void json_free(struct json_object *object);
/* NULL: no such member. */
const struct json_value *json_member(const struct json_object *object, const char *name);

/* The string's inside, escaped. Bytes that are no UTF-8 come out as U+0080 to U+00FF. */
void json_write_string(FILE *to, const uint8_t *bytes, size_t count);

#endif
