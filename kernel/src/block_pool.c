/*
 * Pools of blocks of one size. In front of each block is a pointer: to the next free block while
 * it is free, to its pool while it is not.
 */
#include "tx_kernel.h"

typedef union BLOCK_UNION {
    union BLOCK_UNION *next;
    TX_BLOCK_POOL *pool;
} BLOCK;

static UINT is_pool(const TX_BLOCK_POOL *pool)
{
    return pool != TX_NULL && pool->tx_block_pool_id == TX_BLOCK_POOL_ID;
}

static ULONG padded(ULONG block_size)
{
    return (ULONG)(block_size + sizeof(BLOCK) - 1) & ~(ULONG)(sizeof(BLOCK) - 1);
}

UINT _tx_block_pool_create(TX_BLOCK_POOL *pool, CHAR *name_ptr, ULONG block_size, VOID *pool_start,
                           ULONG pool_size)
{
    ULONG size = padded(block_size);
    ULONG step = size + (ULONG)sizeof(BLOCK);
    ULONG total = pool_size / step;
    if (total == 0)
        return TX_SIZE_ERROR;
    UCHAR *address = pool_start;
    for (ULONG i = 1; i < total; i++, address += step)
        ((BLOCK *)(VOID *)address)->next = (BLOCK *)(VOID *)(address + step);
    ((BLOCK *)(VOID *)address)->next = TX_NULL;
    *pool = (TX_BLOCK_POOL){.tx_block_pool_name = name_ptr,
                            .tx_block_pool_available = total,
                            .tx_block_pool_total = total,
                            .tx_block_pool_available_list = pool_start,
                            .tx_block_pool_start = pool_start,
                            .tx_block_pool_size = pool_size,
                            .tx_block_pool_block_size = size};
    tx_waiters_init(&pool->tx_block_pool_waiters);
    _tx_object_created(&_tx_kernel.block_pools, &pool->tx_block_pool_created,
                       &pool->tx_block_pool_id, TX_BLOCK_POOL_ID);
    TX_TRACE_OBJECT(7, pool, name_ptr, total, size);
    TX_TRACE(BLOCK_POOL_EVENTS, 11, pool, pool_start, total, size);
    return TX_SUCCESS;
}

UINT _txe_block_pool_create(TX_BLOCK_POOL *pool, CHAR *name_ptr, ULONG block_size, VOID *pool_start,
                            ULONG pool_size)
{
    if (pool == TX_NULL || is_pool(pool))
        return TX_POOL_ERROR;
    if (pool_start == TX_NULL)
        return TX_PTR_ERROR;
    if (block_size == 0 || block_size > pool_size)
        return TX_SIZE_ERROR;
    if (!tx_from_thread_or_initialization())
        return TX_CALLER_ERROR;
    return _tx_block_pool_create(pool, name_ptr, block_size, pool_start, pool_size);
}

UINT _tx_block_pool_delete(TX_BLOCK_POOL *pool)
{
    UINT posture = tx_port_disable();
    TX_TRACE(BLOCK_POOL_EVENTS, 12, pool, TX_TRACE_STACK, 0, 0);
    TX_TRACE_OBJECT_GONE(pool);
    _tx_object_deleted(&pool->tx_block_pool_created, &pool->tx_block_pool_id);
    _tx_wake_all(&pool->tx_block_pool_waiters, TX_DELETED, posture);
    return TX_SUCCESS;
}

TX_CHECKED_CALLER(block_pool_delete, (TX_BLOCK_POOL * pool), (pool), is_pool(pool), TX_POOL_ERROR,
                  tx_from_thread())

UINT _tx_block_allocate(TX_BLOCK_POOL *pool, VOID **block_ptr, ULONG wait_option)
{
    UINT posture = tx_port_disable();
    BLOCK *block = (BLOCK *)(VOID *)pool->tx_block_pool_available_list;
    TX_TRACE(BLOCK_POOL_EVENTS, 10, pool, block != TX_NULL ? block + 1 : TX_NULL, wait_option,
             pool->tx_block_pool_available);
    TX_COUNT_BLOCK_POOL(pool, ALLOCATES);
    if (block != TX_NULL) {
        pool->tx_block_pool_available_list = (UCHAR *)block->next;
        pool->tx_block_pool_available--;
        block->pool = pool;
        *block_ptr = block + 1;
        tx_port_restore(posture);
        return TX_SUCCESS;
    }
    if (wait_option != TX_NO_WAIT) {
        TX_COUNT_BLOCK_POOL(pool, SUSPENSIONS);
        _tx_kernel.current->tx_thread_additional_suspend_info = block_ptr;
    }
    return _tx_wait(&pool->tx_block_pool_waiters, TX_WAIT_FOR(TX_BLOCK_MEMORY, TX_NO_MEMORY),
                    wait_option, posture);
}

UINT _txe_block_allocate(TX_BLOCK_POOL *pool, VOID **block_ptr, ULONG wait_option)
{
    if (!is_pool(pool))
        return TX_POOL_ERROR;
    if (block_ptr == TX_NULL)
        return TX_PTR_ERROR;
    if (!tx_wait_allowed(wait_option))
        return TX_WAIT_ERROR;
    return _tx_block_allocate(pool, block_ptr, wait_option);
}

UINT _tx_block_release(VOID *block_ptr)
{
    UINT posture = tx_port_disable();
    BLOCK *block = (BLOCK *)block_ptr - 1;
    TX_BLOCK_POOL *pool = block->pool;
    TX_TRACE(BLOCK_POOL_EVENTS, 17, pool, block_ptr, pool->tx_block_pool_waiters.count,
             TX_TRACE_STACK);
    TX_COUNT_BLOCK_POOL(pool, RELEASES);
    if (pool->tx_block_pool_waiters.count != 0) {
        TX_THREAD *thread = tx_first_waiter(&pool->tx_block_pool_waiters);
        *(VOID **)thread->tx_thread_additional_suspend_info = block_ptr;
        _tx_wake(thread, TX_SUCCESS);
    } else {
        block->next = (BLOCK *)(VOID *)pool->tx_block_pool_available_list;
        pool->tx_block_pool_available_list = (UCHAR *)block;
        pool->tx_block_pool_available++;
    }
    tx_port_restore(posture);
    return TX_SUCCESS;
}

UINT _txe_block_release(VOID *block_ptr)
{
    if (block_ptr == TX_NULL || !is_pool(((BLOCK *)block_ptr - 1)->pool))
        return TX_PTR_ERROR;
    return _tx_block_release(block_ptr);
}

UINT _tx_block_pool_prioritize(TX_BLOCK_POOL *pool)
{
    TX_TRACE(BLOCK_POOL_EVENTS, 16, pool, pool->tx_block_pool_waiters.count, TX_TRACE_STACK, 0);
    return _tx_wait_prioritize(&pool->tx_block_pool_waiters);
}

TX_CHECKED(block_pool_prioritize, (TX_BLOCK_POOL * pool), (pool), is_pool(pool), TX_POOL_ERROR)

UINT _tx_block_pool_info_get(TX_BLOCK_POOL *pool, CHAR **name, ULONG *available,
                             ULONG *total_blocks, TX_THREAD **first_suspended,
                             ULONG *suspended_count, TX_BLOCK_POOL **next_pool)
{
    UINT posture = tx_port_disable();
    TX_TRACE(BLOCK_POOL_EVENTS, 13, pool, TX_TRACE_STACK, 0, 0);
    TX_REPORT(name, pool->tx_block_pool_name);
    TX_REPORT(available, pool->tx_block_pool_available);
    TX_REPORT(total_blocks, pool->tx_block_pool_total);
    TX_REPORT_WAITERS(&pool->tx_block_pool_waiters, first_suspended, suspended_count);
    TX_REPORT(next_pool, TX_NEXT(block_pools, pool, TX_BLOCK_POOL, tx_block_pool_created));
    tx_port_restore(posture);
    return TX_SUCCESS;
}

TX_CHECKED(block_pool_info_get,
           (TX_BLOCK_POOL * pool, CHAR **name, ULONG *available, ULONG *total_blocks,
            TX_THREAD **first_suspended, ULONG *suspended_count, TX_BLOCK_POOL **next_pool),
           (pool, name, available, total_blocks, first_suspended, suspended_count, next_pool),
           is_pool(pool), TX_POOL_ERROR)
