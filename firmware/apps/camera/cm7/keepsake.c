#include "cm7/keepsake.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

static const char title[] = "Duet settings\n";

/* Each is a byte of struct panel_camera. */
static const struct {
    const char *word;
    size_t place;
    uint8_t most;
    uint8_t ask; /* changes it; of a mode, the first */
} settings[KEEPSAKE_SETTINGS] = {
    {"mode", offsetof(struct panel_camera, mode), PANEL_MODES - 1, ASK_MODE},
    {"mirror", offsetof(struct panel_camera, mirror), 1, ASK_MIRROR},
    {"flip", offsetof(struct panel_camera, flip), 1, ASK_FLIP},
    {"pattern", offsetof(struct panel_camera, pattern), 1, ASK_PATTERN},
};

static uint8_t *value_of(struct panel_camera *camera, unsigned n)
{
    return (uint8_t *)camera + settings[n].place;
}

uint32_t keepsake_write(char text[KEEPSAKE_BYTES], const struct panel_camera *camera)
{
    struct panel_camera copy = *camera;
    int bytes = snprintf(text, KEEPSAKE_BYTES, "%s", title);
    for (unsigned n = 0; n < KEEPSAKE_SETTINGS; n++)
        bytes += snprintf(text + bytes, (size_t)(KEEPSAKE_BYTES - bytes), "%s %u\n",
                          settings[n].word, *value_of(&copy, n));
    return (uint32_t)bytes;
}

/* One line, without its end. A word that is not known says nothing. */
static bool take_line(const char *line, struct panel_camera *camera)
{
    for (unsigned n = 0; n < KEEPSAKE_SETTINGS; n++) {
        size_t length = strlen(settings[n].word);
        if (strncmp(line, settings[n].word, length) != 0 || line[length] != ' ')
            continue;
        unsigned digit = (unsigned)(line[length + 1] - '0');
        if (digit > settings[n].most || (line[length + 2] && line[length + 2] != '\r'))
            return false;
        *value_of(camera, n) = (uint8_t)digit;
    }
    return true;
}

bool keepsake_read(const char *text, uint32_t bytes, struct panel_camera *camera)
{
    struct panel_camera wanted = *camera;
    char copy[KEEPSAKE_BYTES + 1], *rest = NULL;
    if (bytes > KEEPSAKE_BYTES || bytes < sizeof title - 1 ||
        memcmp(text, title, sizeof title - 2) != 0)
        return false;
    memcpy(copy, text, bytes);
    copy[bytes] = 0;
    for (char *line = strtok_r(copy, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest))
        if (!take_line(line, &wanted))
            return false;
    *camera = wanted;
    return true;
}

uint32_t keepsake_asks(const struct panel_camera *now, const struct panel_camera *wanted,
                       uint8_t asks[KEEPSAKE_SETTINGS])
{
    struct panel_camera from = *now, to = *wanted;
    uint32_t count = 0;
    for (unsigned n = 0; n < KEEPSAKE_SETTINGS; n++)
        if (*value_of(&from, n) != *value_of(&to, n))
            asks[count++] = (uint8_t)(settings[n].ask + (n ? 0 : *value_of(&to, n)));
    return count;
}
