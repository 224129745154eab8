#define _GNU_SOURCE
#include "sim/host/scratch.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static const char folders[] = "duet-scratch-", unique[] = "XXXXXX", gap[] = "-";

/* The folder of this program, locked as long as it, or a fork of it, lives. */
static struct {
    pthread_mutex_t mutex;
    char path[SCRATCH_PATH_MAX];
    int lock;
} own = {.mutex = PTHREAD_MUTEX_INITIALIZER, .lock = -1};

static const char *place(void)
{
    const char *folder = getenv("TMPDIR");
    return folder && *folder ? folder : "/tmp";
}

/* ---- What programs that were killed left behind ---- */

static void empty_folder(int descriptor)
{
    DIR *list = fdopendir(dup(descriptor));
    if (!list)
        return;
    for (struct dirent *entry; (entry = readdir(list));)
        unlinkat(descriptor, entry->d_name, 0);
    closedir(list);
}

/* One of somebody else, or of a program that runs, stays. */
static void sweep_folder(int parent, const char *name)
{
    struct stat status;
    int folder = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (folder < 0)
        return;
    if (fstat(folder, &status) == 0 && status.st_uid == geteuid() &&
        flock(folder, LOCK_EX | LOCK_NB) == 0) {
        empty_folder(folder);
        unlinkat(parent, name, AT_REMOVEDIR);
    }
    close(folder);
}

void scratch_sweep(void)
{
    DIR *list = opendir(place());
    if (!list)
        return;
    for (struct dirent *entry; (entry = readdir(list));)
        if (strncmp(entry->d_name, folders, strlen(folders)) == 0 &&
            strlen(entry->d_name) == strlen(folders) + strlen(unique))
            sweep_folder(dirfd(list), entry->d_name);
    closedir(list);
}

/* ---- The folder of this program ---- */

static void remove_folder(void)
{
    rmdir(own.path);
}

/* False: somebody who sweeps took it for one that was left, before it was locked. */
static bool lock_folder(void)
{
    struct stat status;
    own.lock = open(own.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (own.lock < 0)
        return false;
    if (flock(own.lock, LOCK_EX) == 0 && fstat(own.lock, &status) == 0 && status.st_nlink > 0)
        return true;
    close(own.lock);
    own.lock = -1;
    return false;
}

static bool make_folder(void)
{
    for (int tries = 0; own.lock < 0 && tries < 100; tries++) {
        snprintf(own.path, sizeof own.path, "%s/%s%s", place(), folders, unique);
        if (!mkdtemp(own.path))
            return false;
        if (lock_folder())
            atexit(remove_folder);
    }
    return own.lock >= 0;
}

static bool has_folder(struct failure *failure)
{
    pthread_mutex_lock(&own.mutex);
    bool made = own.lock >= 0 || make_folder();
    pthread_mutex_unlock(&own.mutex);
    return made || failed(failure, "%s: no folder can be made there: %s", place(), strerror(errno));
}

/* ---- Files in it ---- */

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
    char harmless[SCRATCH_NAME_MAX];
    if (!has_folder(failure))
        return -1;
    make_harmless(harmless, name);
    int length = snprintf(path, SCRATCH_PATH_MAX, "%s/%s%s%s", own.path, unique, gap, harmless);
    int descriptor =
        length < SCRATCH_PATH_MAX ? mkostemps(path, (int)strlen(harmless) + 1, O_CLOEXEC) : -1;
    if (descriptor < 0)
        failed(failure, "%s: cannot be made: %s", path, strerror(errno));
    return descriptor;
}

/* How much of a path stands before the name that was given; 0: it is not one of ours. */
static size_t ahead_of_name(const char *path)
{
    size_t folder = strlen(own.path), all = folder + 1 + strlen(unique) + strlen(gap);
    bool ours = own.lock >= 0 && strncmp(path, own.path, folder) == 0 && path[folder] == '/';
    return ours && strlen(path) > all ? all : 0;
}

void scratch_take_out(char *text)
{
    for (; own.lock >= 0 && (text = strstr(text, own.path)); text++) {
        const char *name = text + ahead_of_name(text);
        memmove(text, name, strlen(name) + 1);
    }
}

const char *scratch_name(const char *path)
{
    size_t ahead = ahead_of_name(path);
    if (ahead)
        return path + ahead;
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}
