#include "sim/host/terminal.h"

#include <poll.h>
#include <termios.h>
#include <unistd.h>

static struct termios before;
static volatile bool is_open;

bool terminal_open(void)
{
    if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO) || tcgetattr(STDIN_FILENO, &before) != 0)
        return false;
    struct termios raw = before;
    raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO | IEXTEN);
    raw.c_iflag &= ~(tcflag_t)(ICRNL | INLCR | IGNCR | IXON | ISTRIP);
    raw.c_cc[VMIN] = 0;
    raw.c_cc[VTIME] = 0;
    /* In the background a change would stop us; then it stays as it is. */
    if (tcgetpgrp(STDIN_FILENO) != getpgrp() || tcsetattr(STDIN_FILENO, TCSANOW, &raw) != 0)
        return false;
    is_open = true;
    return true;
}

void terminal_close(void)
{
    if (is_open)
        tcsetattr(STDIN_FILENO, TCSANOW, &before);
    is_open = false;
}

size_t terminal_read(uint8_t *bytes, size_t size)
{
    struct pollfd ready = {.fd = STDIN_FILENO, .events = POLLIN};
    if (!is_open || poll(&ready, 1, 0) <= 0)
        return 0;
    ssize_t count = read(STDIN_FILENO, bytes, size);
    return count > 0 ? (size_t)count : 0;
}
