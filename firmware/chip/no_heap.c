/* The C library's door to a heap: there is none. malloc() fails cleanly; printf into memory and
 * scanf from memory do not need it. */
#include <errno.h>
#include <stddef.h>

void *_sbrk(ptrdiff_t bytes);

void *_sbrk(ptrdiff_t bytes)
{
    (void)bytes;
    errno = ENOMEM;
    return (void *)-1;
}
