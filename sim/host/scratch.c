#define _GNU_SOURCE
#include "sim/host/scratch.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char prefix[] = "duet-", unique[] = "XXXXXX-";

/* Letters of any script stay; what a shell or a file system takes amiss does not. */
static void make_harmless(char *to, const char *name)
{
    size_t count = 0;
    for (; *name && count < SCRATCH_NAME_MAX - 1; name++) {
        unsigned char byte = (unsigned char)*name;
        bool fine = byte >= 0x80 || strchr("._-+ ()", byte) || (byte >= '0' && byte <= '9') ||
                    ((byte | 32) >= 'a' && (byte | 32) <= 'z');
        to[count++] = fine ? *name : '_';
    }
    to[count] = 0;
}

int scratch_create(const char *name, char path[SCRATCH_PATH_MAX], struct failure *failure)
{
    const char *folder = getenv("TMPDIR");
    char harmless[SCRATCH_NAME_MAX];
    make_harmless(harmless, name);
    snprintf(path, SCRATCH_PATH_MAX, "%s/%s%s%s", folder && *folder ? folder : "/tmp", prefix,
             unique, harmless);
    int descriptor = mkostemps(path, (int)strlen(harmless) + 1, O_CLOEXEC);
    if (descriptor < 0)
        failed(failure, "%s: cannot be made: %s", path, strerror(errno));
    return descriptor;
}

const char *scratch_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;
    size_t own = strlen(prefix) + strlen(unique);
    bool ours =
        strncmp(name, prefix, strlen(prefix)) == 0 && strlen(name) > own && name[own - 1] == '-';
    return ours ? name + own : name;
}
