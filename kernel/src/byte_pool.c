/*
 * Pools of bytes, allocated first fit.
 *
 * The pool is a row of blocks, each behind a header; the last is a header alone and never free.
 * Free neighbours are merged when a search comes past them. No interrupt touches the row, so the
 * scheduler lock protects it and interrupts stay enabled while it is searched.
 */
#include "tx_kernel.h"

typedef struct HEADER_STRUCT {
    struct HEADER_STRUCT *next; /* in the order of addresses */
    TX_BYTE_POOL *pool;         /* TX_NULL while free */
} HEADER;

static UINT is_pool(const TX_BYTE_POOL *pool)
{
    return pool != TX_NULL && pool->tx_byte_pool_id == TX_BYTE_POOL_ID;
}

static ULONG space(const HEADER *block)
{
    return (ULONG)((const UCHAR *)block->next - (const UCHAR *)(block + 1));
}

static void make_free(TX_BYTE_POOL *pool, HEADER *block)
{
    block->pool = TX_NULL;
    pool->tx_byte_pool_available += space(block);
    if ((UCHAR *)block < pool->tx_byte_pool_search)
        pool->tx_byte_pool_search = (UCHAR *)block;
}

static ULONG padded(ULONG size)
{
    return (ULONG)(size + sizeof(HEADER *) - 1) & ~(ULONG)(sizeof(HEADER *) - 1);
}

static void unlock(void)
{
    UINT posture = tx_port_disable();
    _tx_unlock();
    tx_port_restore(posture);
}

UINT _tx_byte_pool_create(TX_BYTE_POOL *pool, CHAR *name_ptr, VOID *pool_start, ULONG pool_size)
{
    ULONG size = pool_size & ~(ULONG)(sizeof(HEADER *) - 1);
    HEADER *first = pool_start;
    HEADER *last = (HEADER *)(VOID *)((UCHAR *)pool_start + size) - 1;
    *first = (HEADER){.next = last, .pool = TX_NULL};
    *last = (HEADER){.next = first, .pool = pool};
    *pool = (TX_BYTE_POOL){.tx_byte_pool_name = name_ptr,
                           .tx_byte_pool_available = size - 2 * (ULONG)sizeof(HEADER),
                           .tx_byte_pool_fragments = 2,
                           .tx_byte_pool_list = pool_start,
                           .tx_byte_pool_search = pool_start,
                           .tx_byte_pool_start = pool_start,
                           .tx_byte_pool_size = size};
    tx_waiters_init(&pool->tx_byte_pool_waiters);
    _tx_object_created(&_tx_kernel.byte_pools, &pool->tx_byte_pool_created, &pool->tx_byte_pool_id,
                       TX_BYTE_POOL_ID);
    TX_TRACE_OBJECT(8, pool, name_ptr, size, 0);
    TX_TRACE(BYTE_POOL_EVENTS, 21, pool, pool_start, pool_size, TX_TRACE_STACK);
    return TX_SUCCESS;
}

UINT _txe_byte_pool_create(TX_BYTE_POOL *pool, CHAR *name_ptr, VOID *pool_start, ULONG pool_size)
{
    if (pool == TX_NULL || is_pool(pool))
        return TX_POOL_ERROR;
    if (pool_start == TX_NULL)
        return TX_PTR_ERROR;
    if (pool_size < TX_BYTE_POOL_MIN)
        return TX_SIZE_ERROR;
    if (!tx_from_thread_or_initialization())
        return TX_CALLER_ERROR;
    return _tx_byte_pool_create(pool, name_ptr, pool_start, pool_size);
}

UINT _tx_byte_pool_delete(TX_BYTE_POOL *pool)
{
    UINT posture = tx_port_disable();
    TX_TRACE(BYTE_POOL_EVENTS, 22, pool, TX_TRACE_STACK, 0, 0);
    TX_TRACE_OBJECT_GONE(pool);
    _tx_object_deleted(&pool->tx_byte_pool_created, &pool->tx_byte_pool_id);
    _tx_wake_all(&pool->tx_byte_pool_waiters, TX_DELETED, posture);
    return TX_SUCCESS;
}

TX_CHECKED_CALLER(byte_pool_delete, (TX_BYTE_POOL * pool), (pool), is_pool(pool), TX_POOL_ERROR,
                  tx_from_thread())

/* Merges block with the free ones that follow it. */
static void merge(TX_BYTE_POOL *pool, HEADER *block)
{
    while (block->next->pool == TX_NULL) {
        block->next = block->next->next;
        pool->tx_byte_pool_fragments--;
        pool->tx_byte_pool_available += (ULONG)sizeof(HEADER);
        TX_COUNT_BYTE_POOL(pool, MERGES);
    }
}

/* Takes size bytes of a free block that has them; what is left becomes another. */
static VOID *take(TX_BYTE_POOL *pool, HEADER *block, ULONG size)
{
    if (space(block) - size > sizeof(HEADER)) {
        HEADER *rest = (HEADER *)(VOID *)((UCHAR *)(block + 1) + size);
        *rest = (HEADER){.next = block->next, .pool = TX_NULL};
        block->next = rest;
        pool->tx_byte_pool_fragments++;
        pool->tx_byte_pool_available -= (ULONG)sizeof(HEADER);
        TX_COUNT_BYTE_POOL(pool, SPLITS);
    }
    block->pool = pool;
    pool->tx_byte_pool_available -= space(block);
    if ((UCHAR *)block == pool->tx_byte_pool_search)
        pool->tx_byte_pool_search = (UCHAR *)block->next;
    return block + 1;
}

static VOID *first_fit(TX_BYTE_POOL *pool, ULONG size)
{
    HEADER *block = (HEADER *)(VOID *)pool->tx_byte_pool_search;
    for (; (UCHAR *)block->next != pool->tx_byte_pool_list; block = block->next) {
        TX_COUNT_BYTE_POOL(pool, FRAGMENTS_SEARCHED);
        if (block->pool != TX_NULL) {
            if ((UCHAR *)block == pool->tx_byte_pool_search)
                pool->tx_byte_pool_search = (UCHAR *)block->next;
            continue;
        }
        merge(pool, block);
        if (space(block) >= size)
            return take(pool, block, size);
    }
    return TX_NULL;
}

UINT _tx_byte_allocate(TX_BYTE_POOL *pool, VOID **memory_ptr, ULONG memory_size, ULONG wait_option)
{
    ULONG size = padded(memory_size);
    tx_lock();
    TX_COUNT_BYTE_POOL(pool, ALLOCATES);
    VOID *memory = first_fit(pool, size);
    TX_TRACE(BYTE_POOL_EVENTS, 20, pool, memory, memory_size, wait_option);
    if (memory != TX_NULL) {
        *memory_ptr = memory;
        unlock();
        return TX_SUCCESS;
    }
    UINT posture = tx_port_disable();
    _tx_unlock();
    if (wait_option != TX_NO_WAIT) {
        TX_COUNT_BYTE_POOL(pool, SUSPENSIONS);
        _tx_kernel.current->tx_thread_suspend_info = size;
        _tx_kernel.current->tx_thread_additional_suspend_info = memory_ptr;
    }
    return _tx_wait(&pool->tx_byte_pool_waiters, TX_WAIT_FOR(TX_BYTE_MEMORY, TX_NO_MEMORY),
                    wait_option, posture);
}

UINT _txe_byte_allocate(TX_BYTE_POOL *pool, VOID **memory_ptr, ULONG memory_size, ULONG wait_option)
{
    if (!is_pool(pool))
        return TX_POOL_ERROR;
    if (memory_ptr == TX_NULL)
        return TX_PTR_ERROR;
    if (memory_size == 0 || memory_size > pool->tx_byte_pool_size)
        return TX_SIZE_ERROR;
    if (!tx_from_thread_or_initialization())
        return TX_CALLER_ERROR;
    if (!tx_wait_allowed(wait_option))
        return TX_WAIT_ERROR;
    return _tx_byte_allocate(pool, memory_ptr, memory_size, wait_option);
}

/* Gives waiters, first come first, what they asked for, until one asks for more than there is. */
static void serve_waiters(TX_BYTE_POOL *pool)
{
    UINT posture = tx_port_disable();
    while (pool->tx_byte_pool_waiters.count != 0) {
        TX_THREAD *thread = tx_first_waiter(&pool->tx_byte_pool_waiters);
        ULONG size = thread->tx_thread_suspend_info;
        tx_port_restore(posture);
        VOID *memory = first_fit(pool, size);
        posture = tx_port_disable();
        if (memory == TX_NULL)
            break;
        if (thread->tx_thread_suspend_list == &pool->tx_byte_pool_waiters) {
            *(VOID **)thread->tx_thread_additional_suspend_info = memory;
            _tx_wake(thread, TX_SUCCESS);
        } else { /* an interrupt aborted its wait */
            make_free(pool, (HEADER *)memory - 1);
        }
    }
    tx_port_restore(posture);
}

UINT _tx_byte_release(VOID *memory_ptr)
{
    if (memory_ptr == TX_NULL)
        return TX_PTR_ERROR;
    HEADER *block = (HEADER *)memory_ptr - 1;
    tx_lock();
    TX_BYTE_POOL *pool = block->pool;
    if (!is_pool(pool)) {
        unlock();
        return TX_PTR_ERROR;
    }
    TX_TRACE(BYTE_POOL_EVENTS, 27, pool, memory_ptr, pool->tx_byte_pool_waiters.count,
             pool->tx_byte_pool_available);
    TX_COUNT_BYTE_POOL(pool, RELEASES);
    make_free(pool, block);
    serve_waiters(pool);
    unlock();
    return TX_SUCCESS;
}

UINT _txe_byte_release(VOID *memory_ptr)
{
    if (memory_ptr == TX_NULL)
        return TX_PTR_ERROR;
    if (!tx_from_thread_or_initialization())
        return TX_CALLER_ERROR;
    return _tx_byte_release(memory_ptr);
}

UINT _tx_byte_pool_prioritize(TX_BYTE_POOL *pool)
{
    TX_TRACE(BYTE_POOL_EVENTS, 26, pool, pool->tx_byte_pool_waiters.count, TX_TRACE_STACK, 0);
    return _tx_wait_prioritize(&pool->tx_byte_pool_waiters);
}

TX_CHECKED(byte_pool_prioritize, (TX_BYTE_POOL * pool), (pool), is_pool(pool), TX_POOL_ERROR)

UINT _tx_byte_pool_info_get(TX_BYTE_POOL *pool, CHAR **name, ULONG *available, ULONG *fragments,
                            TX_THREAD **first_suspended, ULONG *suspended_count,
                            TX_BYTE_POOL **next_pool)
{
    UINT posture = tx_port_disable();
    TX_TRACE(BYTE_POOL_EVENTS, 23, pool, 0, 0, 0);
    TX_REPORT(name, pool->tx_byte_pool_name);
    TX_REPORT(available, pool->tx_byte_pool_available);
    TX_REPORT(fragments, pool->tx_byte_pool_fragments);
    TX_REPORT_WAITERS(&pool->tx_byte_pool_waiters, first_suspended, suspended_count);
    TX_REPORT(next_pool, TX_NEXT(byte_pools, pool, TX_BYTE_POOL, tx_byte_pool_created));
    tx_port_restore(posture);
    return TX_SUCCESS;
}

TX_CHECKED(byte_pool_info_get,
           (TX_BYTE_POOL * pool, CHAR **name, ULONG *available, ULONG *fragments,
            TX_THREAD **first_suspended, ULONG *suspended_count, TX_BYTE_POOL **next_pool),
           (pool, name, available, fragments, first_suspended, suspended_count, next_pool),
           is_pool(pool), TX_POOL_ERROR)
