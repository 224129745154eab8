/*
 * Message queues. Threads wait on an empty queue to receive and on a full one to send, so what
 * enqueued says tells which of the two the waiters are.
 */
#include "tx_kernel.h"

enum { AT_BACK, AT_FRONT };

static UINT is_queue(const TX_QUEUE *queue)
{
    return queue != TX_NULL && queue->tx_queue_id == TX_QUEUE_ID;
}

/* Messages of one word are the most frequent. */
static inline void copy(ULONG *destination, const ULONG *source, UINT words)
{
    *destination = *source;
    while (__builtin_expect(--words != 0, 0))
        *++destination = *++source;
}

/* The checking form of a service that sends or receives. */
#define TX_CHECKED_MESSAGE(name)                                                                   \
    UINT _txe_queue_##name(TX_QUEUE *queue, VOID *message, ULONG wait_option)                      \
    {                                                                                              \
        if (!is_queue(queue))                                                                      \
            return TX_QUEUE_ERROR;                                                                 \
        if (message == TX_NULL)                                                                    \
            return TX_PTR_ERROR;                                                                   \
        return tx_wait_allowed(wait_option) ? _tx_queue_##name(queue, message, wait_option)        \
                                            : TX_WAIT_ERROR;                                       \
    }

UINT _tx_queue_create(TX_QUEUE *queue, CHAR *name_ptr, UINT message_size, VOID *queue_start,
                      ULONG queue_size)
{
    ULONG capacity = queue_size / (message_size * (ULONG)sizeof(ULONG));
    *queue = (TX_QUEUE){.tx_queue_name = name_ptr,
                        .tx_queue_message_size = message_size,
                        .tx_queue_capacity = capacity,
                        .tx_queue_start = queue_start,
                        .tx_queue_end = (ULONG *)queue_start + capacity * message_size,
                        .tx_queue_read = queue_start,
                        .tx_queue_write = queue_start};
    tx_waiters_init(&queue->tx_queue_waiters);
    _tx_object_created(&_tx_kernel.queues, &queue->tx_queue_created, &queue->tx_queue_id,
                       TX_QUEUE_ID);
    TX_TRACE_OBJECT(3, queue, name_ptr, queue_size, message_size);
    TX_TRACE(QUEUE_EVENTS, 60, queue, message_size, queue_start, queue_size);
    return TX_SUCCESS;
}

UINT _txe_queue_create(TX_QUEUE *queue, CHAR *name_ptr, UINT message_size, VOID *queue_start,
                       ULONG queue_size)
{
    if (queue == TX_NULL || is_queue(queue))
        return TX_QUEUE_ERROR;
    if (queue_start == TX_NULL)
        return TX_PTR_ERROR;
    if (message_size < TX_1_ULONG || message_size > TX_16_ULONG ||
        queue_size / sizeof(ULONG) < message_size)
        return TX_SIZE_ERROR;
    if (!tx_from_thread_or_initialization())
        return TX_CALLER_ERROR;
    return _tx_queue_create(queue, name_ptr, message_size, queue_start, queue_size);
}

UINT _tx_queue_delete(TX_QUEUE *queue)
{
    UINT posture = tx_port_disable();
    TX_TRACE(QUEUE_EVENTS, 61, queue, TX_TRACE_STACK, 0, 0);
    TX_TRACE_OBJECT_GONE(queue);
    _tx_object_deleted(&queue->tx_queue_created, &queue->tx_queue_id);
    _tx_wake_all(&queue->tx_queue_waiters, TX_DELETED, posture);
    return TX_SUCCESS;
}

TX_CHECKED_CALLER(queue_delete, (TX_QUEUE * queue), (queue), is_queue(queue), TX_QUEUE_ERROR,
                  tx_from_thread())

static inline void put_back(TX_QUEUE *queue, const ULONG *message)
{
    UINT words = queue->tx_queue_message_size;
    ULONG *write = queue->tx_queue_write;
    copy(write, message, words);
    write += words;
    queue->tx_queue_write = write == queue->tx_queue_end ? queue->tx_queue_start : write;
}

static inline void put_front(TX_QUEUE *queue, const ULONG *message)
{
    UINT words = queue->tx_queue_message_size;
    ULONG *read = queue->tx_queue_read;
    if (read == queue->tx_queue_start)
        read = queue->tx_queue_end;
    read -= words;
    copy(read, message, words);
    queue->tx_queue_read = read;
}

static inline void notify(TX_QUEUE *queue)
{
    VOID (*callback)(TX_QUEUE *) = queue->tx_queue_notify;
    if (TX_NOTIFY && callback != TX_NULL)
        callback(queue);
}

static UINT wait_to_send(TX_QUEUE *queue, VOID *source, UINT place, ULONG wait_option, UINT posture)
{
    if (wait_option == TX_NO_WAIT) {
        TX_COUNT_QUEUE(queue, FULL_ERRORS);
    } else {
        TX_COUNT_QUEUE(queue, FULL_SUSPENSIONS);
        _tx_kernel.current->tx_thread_additional_suspend_info = source;
        _tx_kernel.current->tx_thread_suspend_option = place;
    }
    UINT status = _tx_wait(&queue->tx_queue_waiters, TX_WAIT_FOR(TX_QUEUE_SUSP, TX_QUEUE_FULL),
                           wait_option, posture);
    if (status == TX_SUCCESS)
        notify(queue);
    return status;
}

static inline UINT send(TX_QUEUE *queue, VOID *source, UINT place, ULONG wait_option)
{
    UINT posture = tx_port_disable();
    ULONG enqueued = queue->tx_queue_enqueued;
    TX_TRACE(QUEUE_EVENTS, place == AT_FRONT ? 63u : 69u, queue, source, wait_option, enqueued);
    TX_COUNT_QUEUE(queue, MESSAGES_SENT);
    if (enqueued == queue->tx_queue_capacity)
        return wait_to_send(queue, source, place, wait_option, posture);
    if (queue->tx_queue_waiters.count != 0) {
        TX_THREAD *receiver = tx_first_waiter(&queue->tx_queue_waiters);
        copy(receiver->tx_thread_additional_suspend_info, source, queue->tx_queue_message_size);
        _tx_wake(receiver, TX_SUCCESS);
    } else {
        if (place == AT_FRONT)
            put_front(queue, source);
        else
            put_back(queue, source);
        queue->tx_queue_enqueued = enqueued + 1;
    }
    tx_port_restore(posture);
    notify(queue);
    return TX_SUCCESS;
}

UINT _tx_queue_send(TX_QUEUE *queue, VOID *source_ptr, ULONG wait_option)
{
    return send(queue, source_ptr, AT_BACK, wait_option);
}

TX_CHECKED_MESSAGE(send)

UINT _tx_queue_front_send(TX_QUEUE *queue, VOID *source_ptr, ULONG wait_option)
{
    return send(queue, source_ptr, AT_FRONT, wait_option);
}

TX_CHECKED_MESSAGE(front_send)

/* The first of the senders that wait puts its message where a message has just left. */
static void admit_sender(TX_QUEUE *queue)
{
    TX_THREAD *sender = tx_first_waiter(&queue->tx_queue_waiters);
    if (sender->tx_thread_suspend_option == AT_FRONT)
        put_front(queue, sender->tx_thread_additional_suspend_info);
    else
        put_back(queue, sender->tx_thread_additional_suspend_info);
    _tx_wake(sender, TX_SUCCESS);
}

UINT _tx_queue_receive(TX_QUEUE *queue, VOID *destination_ptr, ULONG wait_option)
{
    UINT posture = tx_port_disable();
    ULONG enqueued = queue->tx_queue_enqueued;
    TX_TRACE(QUEUE_EVENTS, 68, queue, destination_ptr, wait_option, enqueued);
    TX_COUNT_QUEUE(queue, MESSAGES_RECEIVED);
    if (enqueued == 0) {
        if (wait_option != TX_NO_WAIT) {
            TX_COUNT_QUEUE(queue, EMPTY_SUSPENSIONS);
            _tx_kernel.current->tx_thread_additional_suspend_info = destination_ptr;
        }
        return _tx_wait(&queue->tx_queue_waiters, TX_WAIT_FOR(TX_QUEUE_SUSP, TX_QUEUE_EMPTY),
                        wait_option, posture);
    }
    UINT words = queue->tx_queue_message_size;
    ULONG *read = queue->tx_queue_read;
    copy(destination_ptr, read, words);
    read += words;
    queue->tx_queue_read = read == queue->tx_queue_end ? queue->tx_queue_start : read;
    if (queue->tx_queue_waiters.count != 0)
        admit_sender(queue);
    else
        queue->tx_queue_enqueued = enqueued - 1;
    tx_port_restore(posture);
    return TX_SUCCESS;
}

TX_CHECKED_MESSAGE(receive)

/* The queue stays full until all its senders are gone, so that none looks like a receiver. */
UINT _tx_queue_flush(TX_QUEUE *queue)
{
    UINT posture = tx_port_disable();
    TX_TRACE(QUEUE_EVENTS, 62, queue, TX_TRACE_STACK, 0, 0);
    if (queue->tx_queue_enqueued != 0) {
        tx_lock();
        while (queue->tx_queue_waiters.count != 0) {
            _tx_wake(tx_first_waiter(&queue->tx_queue_waiters), TX_SUCCESS);
            TX_WINDOW(posture);
        }
        queue->tx_queue_enqueued = 0;
        queue->tx_queue_read = queue->tx_queue_write = queue->tx_queue_start;
        _tx_unlock();
    }
    tx_port_restore(posture);
    return TX_SUCCESS;
}

TX_CHECKED(queue_flush, (TX_QUEUE * queue), (queue), is_queue(queue), TX_QUEUE_ERROR)

UINT _tx_queue_prioritize(TX_QUEUE *queue)
{
    TX_TRACE(QUEUE_EVENTS, 67, queue, queue->tx_queue_waiters.count, TX_TRACE_STACK, 0);
    return _tx_wait_prioritize(&queue->tx_queue_waiters);
}

TX_CHECKED(queue_prioritize, (TX_QUEUE * queue), (queue), is_queue(queue), TX_QUEUE_ERROR)

UINT _tx_queue_send_notify(TX_QUEUE *queue, VOID (*queue_send_notify)(TX_QUEUE *))
{
    if (!TX_NOTIFY)
        return TX_FEATURE_NOT_ENABLED;
    TX_TRACE(QUEUE_EVENTS, 70, queue, 0, 0, 0);
    queue->tx_queue_notify = queue_send_notify;
    return TX_SUCCESS;
}

TX_CHECKED(queue_send_notify, (TX_QUEUE * queue, VOID (*queue_send_notify)(TX_QUEUE *)),
           (queue, queue_send_notify), is_queue(queue), TX_QUEUE_ERROR)

UINT _tx_queue_info_get(TX_QUEUE *queue, CHAR **name, ULONG *enqueued, ULONG *available_storage,
                        TX_THREAD **first_suspended, ULONG *suspended_count, TX_QUEUE **next_queue)
{
    UINT posture = tx_port_disable();
    TX_TRACE(QUEUE_EVENTS, 64, queue, 0, 0, 0);
    TX_REPORT(name, queue->tx_queue_name);
    TX_REPORT(enqueued, queue->tx_queue_enqueued);
    TX_REPORT(available_storage, queue->tx_queue_capacity - queue->tx_queue_enqueued);
    TX_REPORT_WAITERS(&queue->tx_queue_waiters, first_suspended, suspended_count);
    TX_REPORT(next_queue, TX_NEXT(queues, queue, TX_QUEUE, tx_queue_created));
    tx_port_restore(posture);
    return TX_SUCCESS;
}

TX_CHECKED(queue_info_get,
           (TX_QUEUE * queue, CHAR **name, ULONG *enqueued, ULONG *available_storage,
            TX_THREAD **first_suspended, ULONG *suspended_count, TX_QUEUE **next_queue),
           (queue, name, enqueued, available_storage, first_suspended, suspended_count, next_queue),
           is_queue(queue), TX_QUEUE_ERROR)
