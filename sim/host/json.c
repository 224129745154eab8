#include "sim/host/json.h"

#include <stdlib.h>
#include <string.h>

struct reader {
    const char *start, *at, *end;
    char *space; /* where the next string goes */
    struct failure *failure;
};

static bool bad(struct reader *reader, const char *what)
{
    return failed(reader->failure, "column %zu: %s", (size_t)(reader->at - reader->start) + 1,
                  what);
}

static char peek(struct reader *reader)
{
    while (reader->at < reader->end && strchr(" \t\r\n", *reader->at) && *reader->at)
        reader->at++;
    return reader->at < reader->end ? *reader->at : 0;
}

static bool take(struct reader *reader, char c)
{
    if (peek(reader) != c)
        return false;
    reader->at++;
    return true;
}

static int hexadecimal(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

static bool read_unit(struct reader *reader, uint32_t *unit)
{
    *unit = 0;
    for (unsigned n = 0; n < 4; n++) {
        int digit = reader->at < reader->end ? hexadecimal(*reader->at) : -1;
        if (digit < 0)
            return bad(reader, "\\u wants four hexadecimal digits");
        *unit = *unit << 4 | (uint32_t)digit;
        reader->at++;
    }
    return true;
}

static void put_utf8(struct reader *reader, uint32_t code)
{
    unsigned more = code < 0x80 ? 0 : code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
    static const uint8_t lead[] = {0, 0xc0, 0xe0, 0xf0};
    *reader->space++ = (char)(lead[more] | code >> (6 * more));
    while (more--)
        *reader->space++ = (char)(0x80 | (code >> (6 * more) & 0x3f));
}

/* Behind "\u". Two surrogates make one character; a lone one is refused. */
static bool read_unicode(struct reader *reader)
{
    uint32_t code, low;
    if (!read_unit(reader, &code))
        return false;
    if (code >= 0xd800 && code < 0xdc00) {
        bool pair = reader->end - reader->at >= 2 && reader->at[0] == '\\' && reader->at[1] == 'u';
        reader->at += pair ? 2 : 0;
        if (!pair || !read_unit(reader, &low) || low < 0xdc00 || low > 0xdfff)
            return bad(reader, "half a surrogate pair");
        code = 0x10000 + ((code & 0x3ff) << 10) + (low & 0x3ff);
    } else if (code >= 0xdc00 && code < 0xe000) {
        return bad(reader, "half a surrogate pair");
    }
    put_utf8(reader, code);
    return true;
}

static bool read_escape(struct reader *reader)
{
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
    char c = reader->at < reader->end ? *reader->at++ : 0;
    if (c == 'u')
        return read_unicode(reader);
    const char *found = c ? strchr(from, c) : NULL;
    if (!found)
        return bad(reader, "an escape that JSON does not have");
    *reader->space++ = to[found - from];
    return true;
}

static bool read_string(struct reader *reader, char **string, size_t *length)
{
    *string = reader->space;
    if (!take(reader, '"'))
        return bad(reader, "a string in \"…\" is wanted here");
    for (;;) {
        if (reader->at >= reader->end)
            return bad(reader, "the string does not end");
        char c = *reader->at++;
        if (c == '"')
            break;
        if ((unsigned char)c < 0x20)
            return bad(reader, "a control character in a string; write \\n, \\t or \\u00…");
        if (c != '\\')
            *reader->space++ = c;
        else if (!read_escape(reader))
            return false;
    }
    *length = (size_t)(reader->space - *string);
    *reader->space++ = 0;
    return true;
}

static size_t digits(const char *at, const char *end)
{
    const char *start = at;
    while (at < end && *at >= '0' && *at <= '9')
        at++;
    return (size_t)(at - start);
}

/* JSON's grammar, then strtod on a copy: the text need not end behind the number. */
static bool read_number(struct reader *reader, double *number)
{
    peek(reader);
    const char *at = reader->at, *end = reader->end;
    char copy[64];
    at += at < end && *at == '-';
    size_t whole = digits(at, end);
    if (whole == 0 || (whole > 1 && *at == '0'))
        return bad(reader, "no value that is known here");
    at += whole;
    if (at < end && *at == '.') {
        size_t fraction = digits(at + 1, end);
        if (!fraction)
            return bad(reader, "a number ends in a point");
        at += 1 + fraction;
    }
    if (at < end && (*at == 'e' || *at == 'E')) {
        at += 1 + (at + 1 < end && (at[1] == '+' || at[1] == '-'));
        size_t exponent = digits(at, end);
        if (!exponent)
            return bad(reader, "a number without its exponent");
        at += exponent;
    }
    size_t size = (size_t)(at - reader->at);
    if (size >= sizeof copy)
        return bad(reader, "a number of so many digits");
    memcpy(copy, reader->at, size);
    copy[size] = 0;
    *number = strtod(copy, NULL);
    reader->at = at;
    return true;
}

static bool read_numbers(struct reader *reader, struct json_value *value)
{
    value->kind = JSON_NUMBERS;
    reader->at++;
    if (take(reader, ']'))
        return true;
    do {
        if (value->count == JSON_NUMBERS_MAX)
            return bad(reader, "more numbers than anything here takes");
        if (!read_number(reader, &value->numbers[value->count++]))
            return false;
    } while (take(reader, ','));
    return take(reader, ']') || bad(reader, "] is missing");
}

static bool read_word(struct reader *reader, struct json_value *value)
{
    static const struct {
        const char *word;
        enum json_kind kind;
    } words[] = {{"true", JSON_TRUE}, {"false", JSON_FALSE}, {"null", JSON_NULL}};
    for (size_t n = 0; n < sizeof words / sizeof *words; n++) {
        size_t length = strlen(words[n].word);
        if ((size_t)(reader->end - reader->at) < length ||
            memcmp(reader->at, words[n].word, length) != 0)
            continue;
        reader->at += length;
        value->kind = words[n].kind;
        return true;
    }
    value->kind = JSON_NUMBER;
    return read_number(reader, &value->number);
}

static bool read_value(struct reader *reader, struct json_value *value)
{
    *value = (struct json_value){0};
    switch (peek(reader)) {
    case '"':
        value->kind = JSON_STRING;
        return read_string(reader, &value->string, &value->length);
    case '[':
        return read_numbers(reader, value);
    case '{':
        return bad(reader, "an object inside an object has no meaning here");
    default:
        return read_word(reader, value);
    }
}

static bool read_members(struct reader *reader, struct json_object *object)
{
    if (take(reader, '}'))
        return true;
    do {
        size_t ignored;
        if (object->count == JSON_MEMBERS_MAX)
            return bad(reader, "more members than anything here has");
        char **name = &object->members[object->count].name;
        peek(reader);
        if (!read_string(reader, name, &ignored))
            return false;
        if (json_member(object, *name))
            return bad(reader, "the same name twice");
        if (!take(reader, ':'))
            return bad(reader, ": is missing");
        if (!read_value(reader, &object->members[object->count].value))
            return false;
        object->count++;
    } while (take(reader, ','));
    return take(reader, '}') || bad(reader, "} or , is missing");
}

bool json_read(struct json_object *object, const char *text, size_t size, struct failure *failure)
{
    *object = (struct json_object){0};
    object->space = malloc(size + JSON_MEMBERS_MAX * 2 + 1);
    if (!object->space)
        return failed(failure, "out of memory");
    struct reader reader = {text, text, text + size, object->space, failure};
    bool done = take(&reader, '{') ? read_members(&reader, object)
                                   : bad(&reader, "a line is an object: {\"t\":0,…}");
    if (done && (peek(&reader) || reader.at < reader.end))
        done = bad(&reader, "something behind the object");
    if (!done)
        json_free(object);
    return done;
}

void json_free(struct json_object *object)
{
    free(object->space);
    *object = (struct json_object){0};
}

const struct json_value *json_member(const struct json_object *object, const char *name)
{
    for (size_t n = 0; n < object->count; n++)
        if (strcmp(object->members[n].name, name) == 0)
            return &object->members[n].value;
    return NULL;
}

/* Bytes of the well-formed UTF-8 character at `bytes` (Unicode, table 3-7); 0: it is none. */
static size_t utf8_length(const uint8_t *bytes, size_t left)
{
    uint8_t lead = bytes[0];
    size_t length = lead < 0x80   ? 1
                    : lead < 0xc2 ? 0
                    : lead < 0xe0 ? 2
                    : lead < 0xf0 ? 3
                    : lead < 0xf5 ? 4
                                  : 0;
    if (length == 0 || length > left)
        return 0;
    for (size_t n = 1; n < length; n++)
        if (bytes[n] >> 6 != 2)
            return 0;
    bool out_of_range = (lead == 0xe0 && bytes[1] < 0xa0) || (lead == 0xed && bytes[1] > 0x9f) ||
                        (lead == 0xf0 && bytes[1] < 0x90) || (lead == 0xf4 && bytes[1] > 0x8f);
    return out_of_range ? 0 : length;
}

void json_write_string(FILE *to, const uint8_t *bytes, size_t count)
{
    static const char from[] = "\"\\\b\f\n\r\t", letter[] = "\"\\bfnrt";
    for (size_t n = 0; n < count;) {
        const char *escape = bytes[n] ? strchr(from, bytes[n]) : NULL;
        size_t length = utf8_length(bytes + n, count - n);
        if (escape)
            fprintf(to, "\\%c", letter[escape - from]);
        else if (length == 0 || bytes[n] < 0x20 || bytes[n] == 0x7f)
            fprintf(to, "\\u%04x", bytes[n]);
        else
            fwrite(bytes + n, 1, length, to);
        n += length && !escape ? length : 1;
    }
}
