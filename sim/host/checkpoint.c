/* Checkpoints: processes that sleep until a copy of them is wanted. */
#include "sim/host/history_internal.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* --- Messages with descriptors --- */

struct message {
    struct checkpoint checkpoint; /* from a visitor: one that it made */
    int numbers[DESCRIPTORS];     /* to one: which numbers the descriptors have in the present */
    unsigned count;               /* of those */
    int descriptors[DESCRIPTORS + 1];
    unsigned descriptor_count;
};

union ancillary {
    struct cmsghdr header;
    char bytes[CMSG_SPACE(sizeof(int) * (DESCRIPTORS + 1))];
};

static bool send_message(int channel, struct message *message)
{
    union ancillary ancillary = {0};
    size_t size = sizeof(int) * message->descriptor_count;
    struct iovec part = {message, sizeof *message};
    struct msghdr header = {.msg_iov = &part,
                            .msg_iovlen = 1,
                            .msg_control = &ancillary,
                            .msg_controllen = CMSG_SPACE(size)};
    struct cmsghdr *control = CMSG_FIRSTHDR(&header);
    control->cmsg_level = SOL_SOCKET;
    control->cmsg_type = SCM_RIGHTS;
    control->cmsg_len = CMSG_LEN(size);
    memcpy(CMSG_DATA(control), message->descriptors, size);
    return sendmsg(channel, &header, MSG_NOSIGNAL) == (ssize_t)sizeof *message;
}

/* Waits for it. False: the other end is gone. */
static bool receive_message(int channel, struct message *message)
{
    union ancillary ancillary;
    struct iovec part = {message, sizeof *message};
    struct msghdr header = {.msg_iov = &part,
                            .msg_iovlen = 1,
                            .msg_control = &ancillary,
                            .msg_controllen = sizeof ancillary};
    ssize_t count;
    do
        count = recvmsg(channel, &header, MSG_CMSG_CLOEXEC);
    while (count < 0 && errno == EINTR);
    const struct cmsghdr *control = CMSG_FIRSTHDR(&header);
    if (count != (ssize_t)sizeof *message || !control)
        return false;
    memcpy(message->descriptors, CMSG_DATA(control), control->cmsg_len - CMSG_LEN(0));
    return true;
}

static void close_all(const struct message *message)
{
    for (unsigned n = 0; n < message->descriptor_count; n++)
        close(message->descriptors[n]);
}

/* --- The process that sleeps --- */

/* Every descriptor but one leads nowhere from now on, and keeps its number. */
static void cut_off(int but)
{
    int nowhere = open("/dev/null", O_RDWR | O_CLOEXEC);
    DIR *list = opendir("/proc/self/fd");
    const struct dirent *entry;
    while (list && (entry = readdir(list))) {
        int descriptor = atoi(entry->d_name);
        if (descriptor != but && descriptor != nowhere && descriptor != dirfd(list) &&
            entry->d_name[0] != '.')
            dup2(nowhere, descriptor);
    }
    if (list)
        closedir(list);
    close(nowhere);
}

/* A Ctrl-C is for the present, at whose end the channels close. Copies are nobody's children. */
static void ignore_signals(void)
{
    static const int signals[] = {SIGINT, SIGTERM, SIGHUP, SIGPIPE, SIGCHLD};
    for (size_t n = 0; n < sizeof signals / sizeof *signals; n++)
        signal(signals[n], SIG_IGN);
}

static void depart(struct history *history, const struct message *message)
{
    history->channel = message->descriptors[0];
    for (unsigned n = 0; n < message->count; n++) {
        dup2(message->descriptors[n + 1], message->numbers[n]);
        close(message->descriptors[n + 1]);
    }
    history->past = true;
    history->staying = false;
    if (history->camera)
        camera_log_replay(history->camera);
    history->host.depart(history->host.ctx);
}

/* Comes back in the copy. */
static void sleep_until_woken(struct history *history, int channel)
{
    struct message message;
    cut_off(channel);
    ignore_signals();
    history->count = history->dying_count = 0;
    while (receive_message(channel, &message)) {
        if (fork() == 0) {
            close(channel);
            depart(history, &message);
            return;
        }
        close_all(&message);
    }
    _exit(0);
}

/* --- Those who make and wake it --- */

static void tell_present(const struct history *history, const struct checkpoint *checkpoint)
{
    struct message message = {
        .checkpoint = *checkpoint, .descriptors = {checkpoint->channel}, .descriptor_count = 1};
    send_message(history->channel, &message);
    close(checkpoint->channel);
}

void checkpoint_make(struct history *history)
{
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
        return;
    struct checkpoint checkpoint = {.channel = ends[0],
                                    .time = machine_time(history->machine),
                                    .at = machine_position(history->machine)};
    checkpoint.pid = fork();
    if (checkpoint.pid == 0) {
        sleep_until_woken(history, ends[1]);
        return;
    }
    close(ends[1]);
    if (checkpoint.pid < 0)
        close(ends[0]);
    else if (history->past)
        tell_present(history, &checkpoint);
    else
        checkpoint_add(history, &checkpoint);
}

bool checkpoint_wake(const struct checkpoint *checkpoint, int channel, const int *descriptors,
                     unsigned count)
{
    struct message message = {.count = count, .descriptor_count = count + 1};
    message.descriptors[0] = channel;
    memcpy(message.descriptors + 1, descriptors, count * sizeof *descriptors);
    memcpy(message.numbers, descriptors, count * sizeof *descriptors);
    return send_message(checkpoint->channel, &message);
}

bool checkpoint_receive(struct history *history)
{
    struct message message;
    if (!receive_message(history->channel, &message))
        return false;
    message.checkpoint.channel = message.descriptors[0];
    checkpoint_add(history, &message.checkpoint);
    return true;
}

/* --- The list --- */

void checkpoints_bury(struct history *history)
{
    unsigned left = 0;
    for (unsigned n = 0; n < history->dying_count; n++)
        if (waitpid(history->dying[n], NULL, WNOHANG) == 0)
            history->dying[left++] = history->dying[n];
    history->dying_count = left;
}

void checkpoint_drop(struct history *history, unsigned index)
{
    struct checkpoint *checkpoint = &history->checkpoints[index];
    close(checkpoint->channel);
    kill(checkpoint->pid, SIGKILL);
    if (history->dying_count == DYING)
        waitpid(history->dying[--history->dying_count], NULL, 0);
    history->dying[history->dying_count++] = checkpoint->pid;
    history->count--;
    history->start -= index < history->start;
    memmove(checkpoint, checkpoint + 1, (history->count - index) * sizeof *checkpoint);
}

/* How much one is missed: the gap that it leaves beside its distance from where one looks now. So the
 * distances between those that stay grow with their distance. The first one stays in any case. */
static double worth(const struct history *history, unsigned index)
{
    const struct checkpoint *checkpoint = &history->checkpoints[index];
    sim_time now = history->channel >= 0 ? history->shared->until : history->last;
    sim_time time = checkpoint->time;
    sim_time next = index + 1 < history->count ? checkpoint[1].time : time;
    sim_time distance = now > time ? now - time : time - now;
    return (double)(next - checkpoint[-1].time) / ((double)distance + (double)SIM_MS);
}

static void thin_out(struct history *history)
{
    unsigned least = 0;
    for (unsigned n = 1; n < history->count; n++) {
        bool starts = history->channel >= 0 && n == history->start;
        if (!starts && (!least || worth(history, n) < worth(history, least)))
            least = n;
    }
    checkpoint_drop(history, least);
}

void checkpoint_add(struct history *history, const struct checkpoint *checkpoint)
{
    unsigned index = history->count;
    while (index &&
           machine_position_compare(&history->checkpoints[index - 1].at, &checkpoint->at) > 0)
        index--;
    memmove(&history->checkpoints[index + 1], &history->checkpoints[index],
            (history->count - index) * sizeof *checkpoint);
    history->checkpoints[index] = *checkpoint;
    history->start += index <= history->start && history->count;
    if (++history->count > CHECKPOINTS)
        thin_out(history);
}
