#define _GNU_SOURCE
#include "sim/host/process.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

enum { PIPE_SIZE = 1 << 20 };

/* In its own process group: a Ctrl-C is for us, who then end it in order. */
static int spawn(struct process *process, const char *const argv[], int output)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none;
    sigemptyset(&none);
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, output, 1);
    posix_spawn_file_actions_adddup2(&actions, process->errors, 2);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK);
    posix_spawnattr_setsigmask(&attributes, &none);
    int error =
        posix_spawnp(&process->pid, argv[0], &actions, &attributes, (char *const *)argv, environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return error;
}

bool process_start(struct process *process, const char *const argv[], struct failure *failure)
{
    int ends[2];
    *process = (struct process){.errors = memfd_create("stderr", MFD_CLOEXEC)};
    if (process->errors < 0 || pipe2(ends, O_CLOEXEC) != 0)
        return failed(failure, "%s cannot be started: %s", argv[0], strerror(errno));
    fcntl(ends[1], F_SETPIPE_SZ, PIPE_SIZE); /* lets it work ahead; less is slower, not wrong */
    int error = spawn(process, argv, ends[1]);
    close(ends[1]);
    process->output = fdopen(ends[0], "rb");
    if (error == 0 && process->output)
        return true;
    if (error)
        process->pid = 0;
    process_end(process);
    return failed(failure, "%s cannot be started: %s; install it (make setup)", argv[0],
                  strerror(error));
}

void process_last_error(const struct process *process, char *text, size_t size)
{
    char bytes[4096];
    off_t end = lseek(process->errors, 0, SEEK_END);
    off_t start = end > (off_t)sizeof bytes - 1 ? end - ((off_t)sizeof bytes - 1) : 0;
    ssize_t count = pread(process->errors, bytes, sizeof bytes - 1, start);
    while (count > 0 && (bytes[count - 1] == '\n' || bytes[count - 1] == '\r'))
        count--;
    bytes[count > 0 ? count : 0] = 0;
    const char *line = strrchr(bytes, '\n');
    snprintf(text, size, "%s", line ? line + 1 : bytes);
}

int process_wait(struct process *process)
{
    int status;
    while (waitpid(process->pid, &status, 0) < 0)
        if (errno != EINTR)
            return -1;
    process->pid = 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

void process_end(struct process *process)
{
    if (process->output)
        fclose(process->output);
    if (process->pid > 0) {
        kill(process->pid, SIGKILL);
        while (waitpid(process->pid, NULL, 0) < 0 && errno == EINTR)
            ;
    }
    if (process->errors > 0)
        close(process->errors);
    *process = (struct process){0};
}
