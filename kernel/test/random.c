/*
 * A model of the API beside the kernel: random operations by eight threads, with interrupts at
 * random among the places where interrupts are enabled; the states are compared before each one.
 *
 * random [OPERATIONS [SEED]]. The model keeps plain arrays where the kernel has lists, bits and
 * buckets, and applies an operation before the kernel does; so a switch in the kernel finds the
 * model where it has to be, and a result is known before it is returned. While an operation opens
 * windows in its midst, interrupts do not call the kernel (the model has no half-done operations).
 */
#include "tx_kernel.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { THREADS = 8, SEMAPHORES = 3, QUEUES = 2, MUTEXES = 3, CAPACITY = 2 };
enum { NONE = -1, IDLE = -1, TIMER = -2 };
enum { FIRST_QUEUE = SEMAPHORES, FIRST_MUTEX = FIRST_QUEUE + QUEUES };
enum { GROUP = FIRST_MUTEX + MUTEXES, OBJECTS };
enum { LOWEST = 6 };

typedef struct {
    int member[THREADS];
    int count;
} LIST;

typedef struct {
    UINT state, priority, threshold, own_priority, own_threshold, delayed, result, option;
    ULONG expires, sequence; /* expires 0: no time-out */
    int object;
    ULONG info, slice, new_slice;
    int resetting;
} THREAD;

static struct {
    THREAD thread[THREADS];
    LIST ready[LOWEST + 1], waiters[OBJECTS], holding;
    ULONG count[SEMAPHORES], enqueued[QUEUES], message[QUEUES][CAPACITY], flags;
    int owner[MUTEXES];
    ULONG owned[MUTEXES];
    LIST owns[THREADS]; /* latest first, as mutexes */
    int current, execute;
    ULONG now, sequence;
} m;

static TX_THREAD thread[THREADS];
static ULONG stack[THREADS][256];
static TX_SEMAPHORE semaphore[SEMAPHORES];
static TX_QUEUE queue[QUEUES];
static ULONG queue_memory[QUEUES][CAPACITY];
static TX_MUTEX mutex[MUTEXES];
static TX_EVENT_FLAGS_GROUP group;
static ULONG received[THREADS];
static unsigned long operations, wanted = 1000000, interrupts;
static uint64_t seed = 1;
static int hook_allowed;
static const char *doing = "start";

static UINT random_below(UINT n)
{
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (UINT)(seed >> 33) % n;
}

static void fail(const char *what, long got, long expected)
{
    printf("operation %lu (%s): %s is %ld, in the model %ld\n", operations, doing, what, got,
           expected);
    fflush(stdout);
    _Exit(1);
}

static void same(const char *what, long got, long expected)
{
    if (got != expected)
        fail(what, got, expected);
}

static void insert(LIST *list, int at, int member)
{
    memmove(&list->member[at + 1], &list->member[at], (size_t)(list->count - at) * sizeof(int));
    list->member[at] = member;
    list->count++;
}

static void append(LIST *list, int member)
{
    insert(list, list->count, member);
}

static int find(const LIST *list, int member)
{
    for (int i = 0; i < list->count; i++)
        if (list->member[i] == member)
            return i;
    return NONE;
}

static void take_out(LIST *list, int member)
{
    int at = find(list, member);
    if (at == NONE)
        return;
    list->count--;
    memmove(&list->member[at], &list->member[at + 1], (size_t)(list->count - at) * sizeof(int));
}

/* The scheduler of the model. */

static UINT priority_of(int t)
{
    return t == IDLE ? 99 : m.thread[t].priority;
}

static void reselect(void)
{
    int best = IDLE;
    for (int p = LOWEST; p >= 0; p--)
        if (m.ready[p].count != 0)
            best = m.ready[p].member[0];
    if (m.holding.count != 0 && m.thread[m.holding.member[0]].threshold <= priority_of(best))
        best = m.holding.member[0];
    m.execute = best;
}

static void hold_running(void)
{
    int t = m.execute;
    if (t >= 0 && t == m.current && m.thread[t].threshold != m.thread[t].priority &&
        find(&m.holding, t) == NONE)
        insert(&m.holding, 0, t);
}

static void make_ready(int t)
{
    THREAD *th = &m.thread[t];
    th->expires = 0;
    if (th->delayed) {
        th->delayed = 0;
        th->state = TX_SUSPENDED;
        return;
    }
    th->state = TX_READY;
    append(&m.ready[th->priority], t);
    UINT threshold = 99;
    if (m.execute != IDLE)
        threshold = m.execute == TIMER ? 0 : m.thread[m.execute].threshold;
    if (th->priority < threshold) {
        hold_running();
        m.execute = t;
    }
}

static void unready(int t, UINT state)
{
    THREAD *th = &m.thread[t];
    take_out(&m.ready[th->priority], t);
    take_out(&m.holding, t);
    th->state = state;
    th->slice = th->new_slice;
    if (m.execute == t)
        reselect();
}

static void rotate(int t)
{
    THREAD *th = &m.thread[t];
    th->slice = th->new_slice;
    take_out(&m.holding, t);
    take_out(&m.ready[th->priority], t);
    append(&m.ready[th->priority], t);
    reselect();
}

static void set_priority(int t, UINT priority, UINT threshold)
{
    THREAD *th = &m.thread[t];
    int front = t == m.current || find(&m.holding, t) != NONE;
    if (th->state == TX_READY)
        take_out(&m.ready[th->priority], t);
    th->priority = priority;
    th->threshold = threshold;
    if (th->state != TX_READY)
        return;
    insert(&m.ready[priority], front ? 0 : m.ready[priority].count, t);
    if (priority == threshold)
        take_out(&m.holding, t);
    hold_running();
    reselect();
}

/* Waiting. */

static void restore_priority(int t);

static void wait_for(int t, int object, UINT state, UINT failure, ULONG ticks)
{
    THREAD *th = &m.thread[t];
    th->result = failure;
    th->object = object;
    if (object != NONE)
        append(&m.waiters[object], t);
    th->expires = ticks == TX_WAIT_FOREVER ? 0 : m.now + ticks;
    th->sequence = m.sequence++;
    unready(t, state);
}

static void wake(int t, UINT result)
{
    THREAD *th = &m.thread[t];
    take_out(&m.waiters[th->object], t);
    th->object = NONE;
    th->result = result;
    make_ready(t);
}

static void detach(int t)
{
    THREAD *th = &m.thread[t];
    int object = th->object;
    th->expires = 0;
    if (object == NONE)
        return;
    take_out(&m.waiters[object], t);
    th->object = NONE;
    int i = object - FIRST_MUTEX;
    if (i >= 0 && i < MUTEXES && mutex[i].tx_mutex_inherit)
        restore_priority(m.owner[i]);
}

static int highest_waiter(int object)
{
    int best = NONE;
    for (int i = 0; i < m.waiters[object].count; i++) {
        int t = m.waiters[object].member[i];
        if (best == NONE || m.thread[t].priority < m.thread[best].priority)
            best = t;
    }
    return best;
}

/* Mutexes. */

static void give_priority(int t, UINT priority)
{
    UINT threshold = m.thread[t].own_threshold;
    if (priority != m.thread[t].priority)
        set_priority(t, priority, threshold < priority ? threshold : priority);
}

static int awaited(int t)
{
    if (m.thread[t].state != TX_MUTEX_SUSP || m.thread[t].object == NONE)
        return NONE;
    return m.thread[t].object - FIRST_MUTEX;
}

static void raise_owners(int i, UINT priority)
{
    while (i != NONE && mutex[i].tx_mutex_inherit && m.owner[i] != NONE &&
           m.thread[m.owner[i]].priority > priority) {
        give_priority(m.owner[i], priority);
        i = awaited(m.owner[i]);
    }
}

static void restore_priority(int t)
{
    while (t != NONE) {
        UINT priority = m.thread[t].own_priority;
        for (int i = 0; i < MUTEXES; i++) {
            if (m.owner[i] != t || !mutex[i].tx_mutex_inherit)
                continue;
            int waiter = highest_waiter(FIRST_MUTEX + i);
            if (waiter != NONE && m.thread[waiter].priority < priority)
                priority = m.thread[waiter].priority;
        }
        if (priority == m.thread[t].priority)
            return;
        give_priority(t, priority);
        int i = awaited(t);
        t = i != NONE && mutex[i].tx_mutex_inherit ? m.owner[i] : NONE;
    }
}

static void own(int i, int t)
{
    m.owner[i] = t;
    m.owned[i] = 1;
    insert(&m.owns[t], 0, i);
}

static void release(int i)
{
    int owner = m.owner[i];
    take_out(&m.owns[owner], i);
    m.owner[i] = NONE;
    m.owned[i] = 0;
    int was = owner;
    restore_priority(was);
    int object = FIRST_MUTEX + i;
    int next = mutex[i].tx_mutex_inherit ? highest_waiter(object) : NONE;
    if (!mutex[i].tx_mutex_inherit && m.waiters[object].count != 0)
        next = m.waiters[object].member[0];
    if (next == NONE)
        return;
    own(i, next);
    wake(next, TX_SUCCESS);
    restore_priority(next);
}

/* Time. */

static void model_tick(void)
{
    m.now++;
    THREAD *th = m.current == IDLE ? NULL : &m.thread[m.current];
    if (th != NULL && th->slice != 0 && --th->slice == 0) {
        th->slice = th->new_slice;
        if (m.current == m.execute && m.ready[th->priority].count > 1 &&
            th->threshold == th->priority)
            rotate(m.current);
    }
    /* The timer thread preempts, and chooses when it is done. */
    int due = NONE, any = 0;
    do {
        due = NONE;
        for (int t = 0; t < THREADS; t++)
            if (m.thread[t].expires == m.now &&
                (due == NONE || m.thread[t].sequence < m.thread[due].sequence))
                due = t;
        if (due != NONE) {
            if (!any)
                hold_running();
            any = 1;
            m.current = m.execute = TIMER;
            detach(due);
            m.execute = TIMER;
            make_ready(due);
        }
    } while (due != NONE);
    if (any)
        reselect();
}

/* Comparison. */

static void compare_list(const char *what, const TX_LINK *list, const LIST *model, size_t offset)
{
    int i = 0;
    for (const TX_LINK *link = list->next; link != list; link = link->next) {
        const TX_THREAD *t = (const TX_THREAD *)(const void *)((const char *)link - offset);
        if (t < thread || t >= thread + THREADS)
            continue;
        if (i == model->count)
            fail(what, i + 1, model->count);
        same(what, t - thread, model->member[i++]);
    }
    same(what, i, model->count);
}

/* All but the running thread, which may stay in the list from when it was last preempted. */
static void compare_holding(void)
{
    LIST model = m.holding;
    int i = 0;
    take_out(&model, m.current);
    for (const TX_LINK *link = _tx_kernel.holding.next; link != &_tx_kernel.holding;
         link = link->next) {
        const TX_THREAD *t = TX_CONTAINER(link, TX_THREAD, tx_thread_holding);
        if (t == &thread[m.current])
            continue;
        if (i == model.count)
            fail("holding list", i + 1, model.count);
        same("holding list", t - thread, model.member[i++]);
    }
    same("holding list", i, model.count);
}

static const TX_WAITERS *waiters_of(int object)
{
    if (object < FIRST_QUEUE)
        return &semaphore[object].tx_semaphore_waiters;
    if (object < FIRST_MUTEX)
        return &queue[object - FIRST_QUEUE].tx_queue_waiters;
    if (object < GROUP)
        return &mutex[object - FIRST_MUTEX].tx_mutex_waiters;
    return &group.tx_event_flags_group_waiters;
}

static void compare(void)
{
    for (int t = 0; t < THREADS; t++) {
        same("state", thread[t].tx_thread_state, m.thread[t].state);
        same("priority", thread[t].tx_thread_priority, m.thread[t].priority);
        same("threshold", thread[t].tx_thread_preempt_threshold, m.thread[t].threshold);
        same("delayed suspension", thread[t].tx_thread_delayed_suspend, m.thread[t].delayed);
        same("slice", thread[t].tx_thread_time_slice, (long)m.thread[t].slice);
    }
    for (int p = 0; p <= LOWEST; p++)
        compare_list("ready list", &_tx_kernel.ready_list[p], &m.ready[p],
                     offsetof(TX_THREAD, tx_thread_ready));
    compare_holding();
    for (int object = 0; object < OBJECTS; object++) {
        compare_list("waiters", &waiters_of(object)->list, &m.waiters[object],
                     offsetof(TX_THREAD, tx_thread_suspended));
        same("number of waiters", waiters_of(object)->count, m.waiters[object].count);
    }
    for (int i = 0; i < SEMAPHORES; i++)
        same("count", semaphore[i].tx_semaphore_count, m.count[i]);
    for (int i = 0; i < QUEUES; i++)
        same("enqueued", queue[i].tx_queue_enqueued, m.enqueued[i]);
    for (int i = 0; i < MUTEXES; i++) {
        const TX_THREAD *owner = mutex[i].tx_mutex_owner;
        same("owner", owner == NULL ? NONE : owner - thread, m.owner[i]);
        same("ownership", mutex[i].tx_mutex_ownership_count, m.owned[i]);
    }
    same("flags", group.tx_event_flags_group_current, m.flags);
    same("time", tx_time_get(), m.now);
}

/* Operations: each is applied to the model, then made of the kernel. Those of interrupts (in_isr)
 * do not wait. What the model expects of a caller is in its result. */

static void op_get(int me, int i, ULONG wait)
{
    UINT expected = TX_SUCCESS;
    if (m.count[i] != 0)
        m.count[i]--;
    else if (wait == TX_NO_WAIT)
        expected = TX_NO_INSTANCE;
    else
        wait_for(me, i, TX_SEMAPHORE_SUSP, TX_NO_INSTANCE, wait);
    if (me != NONE && m.thread[me].state != TX_READY)
        expected = 1000;
    UINT status = tx_semaphore_get(&semaphore[i], wait);
    same("status of get", status, expected == 1000 ? m.thread[me].result : expected);
}

static void op_put(int i)
{
    if (m.waiters[i].count != 0)
        wake(m.waiters[i].member[0], TX_SUCCESS);
    else
        m.count[i]++;
    tx_semaphore_put(&semaphore[i]);
}

static void enqueue(int i, ULONG message, int front)
{
    if (front) {
        m.message[i][1] = m.message[i][0];
        m.message[i][0] = message;
    } else {
        m.message[i][m.enqueued[i]] = message;
    }
    m.enqueued[i]++;
}

static void op_send(int me, int i, int front, ULONG wait)
{
    static ULONG next_message;
    ULONG message = ++next_message;
    int object = FIRST_QUEUE + i, waits = 0;
    UINT expected = TX_SUCCESS;
    if (m.enqueued[i] == CAPACITY) {
        expected = TX_QUEUE_FULL;
        if (wait != TX_NO_WAIT) {
            m.thread[me].info = message;
            m.thread[me].option = (UINT)front;
            wait_for(me, object, TX_QUEUE_SUSP, TX_QUEUE_FULL, wait);
            waits = 1;
        }
    } else if (m.waiters[object].count != 0) {
        int receiver = m.waiters[object].member[0];
        m.thread[receiver].info = message;
        wake(receiver, TX_SUCCESS);
    } else {
        enqueue(i, message, front);
    }
    UINT status = front ? tx_queue_front_send(&queue[i], &message, wait)
                        : tx_queue_send(&queue[i], &message, wait);
    same("status of send", status, waits ? m.thread[me].result : expected);
}

static void op_receive(int me, int i, ULONG wait)
{
    int object = FIRST_QUEUE + i, waits = 0;
    UINT expected = TX_QUEUE_EMPTY;
    ULONG message = 0, got = 0;
    if (m.enqueued[i] != 0) {
        expected = TX_SUCCESS;
        message = m.message[i][0];
        m.message[i][0] = m.message[i][1];
        m.enqueued[i]--;
        if (m.waiters[object].count != 0) {
            int sender = m.waiters[object].member[0];
            enqueue(i, m.thread[sender].info, (int)m.thread[sender].option);
            wake(sender, TX_SUCCESS);
        }
    } else if (wait != TX_NO_WAIT) {
        wait_for(me, object, TX_QUEUE_SUSP, TX_QUEUE_EMPTY, wait);
        waits = 1;
    }
    UINT status = tx_queue_receive(&queue[i], &got, wait);
    same("status of receive", status, waits ? m.thread[me].result : expected);
    if (status == TX_SUCCESS)
        same("message", got, waits ? m.thread[me].info : message);
}

static void op_mutex_get(int me, int i, ULONG wait)
{
    UINT expected = TX_SUCCESS;
    int waits = 0;
    if (m.owner[i] == NONE) {
        own(i, me);
    } else if (m.owner[i] == me) {
        m.owned[i]++;
    } else if (wait == TX_NO_WAIT) {
        expected = TX_NOT_AVAILABLE;
    } else {
        if (mutex[i].tx_mutex_inherit)
            raise_owners(i, m.thread[me].priority);
        wait_for(me, FIRST_MUTEX + i, TX_MUTEX_SUSP, TX_NOT_AVAILABLE, wait);
        waits = 1;
    }
    UINT status = tx_mutex_get(&mutex[i], wait);
    same("status of mutex get", status, waits ? m.thread[me].result : expected);
}

static void op_mutex_put(int me, int i)
{
    UINT expected = TX_SUCCESS;
    if (m.owner[i] != me)
        expected = TX_NOT_OWNED;
    else if (m.owned[i] > 1)
        m.owned[i]--;
    else
        release(i);
    same("status of mutex put", tx_mutex_put(&mutex[i]), expected);
}

static int is_satisfied(ULONG flags, ULONG requested, UINT option)
{
    return option & TX_AND ? (flags & requested) == requested : (flags & requested) != 0;
}

static void op_set(ULONG flags, UINT option)
{
    if (option == TX_AND) {
        m.flags &= flags;
    } else {
        ULONG set = m.flags |= flags;
        LIST waiting = m.waiters[GROUP];
        for (int i = 0; i < waiting.count; i++) {
            THREAD *th = &m.thread[waiting.member[i]];
            if (!is_satisfied(set, th->info, th->option))
                continue;
            if (th->option & 1)
                m.flags &= ~th->info;
            th->info = set;
            wake(waiting.member[i], TX_SUCCESS);
        }
    }
    tx_event_flags_set(&group, flags, option);
}

static void op_flags_get(int me, ULONG flags, UINT option, ULONG wait)
{
    UINT expected = TX_NO_EVENTS;
    ULONG actual = 0, got = 0;
    int waits = 0;
    if (is_satisfied(m.flags, flags, option)) {
        expected = TX_SUCCESS;
        actual = m.flags;
        if (option & 1)
            m.flags &= ~flags;
    } else if (wait != TX_NO_WAIT) {
        m.thread[me].info = flags;
        m.thread[me].option = option;
        wait_for(me, GROUP, TX_EVENT_FLAG, TX_NO_EVENTS, wait);
        waits = 1;
    }
    UINT status = tx_event_flags_get(&group, flags, option, &got, wait);
    same("status of flags get", status, waits ? m.thread[me].result : expected);
    if (status == TX_SUCCESS)
        same("actual flags", got, waits ? m.thread[me].info : actual);
}

static void op_suspend(int me, int t)
{
    THREAD *th = &m.thread[t];
    UINT expected = TX_SUCCESS;
    if (th->state == TX_READY)
        unready(t, TX_SUSPENDED);
    else if (th->state == TX_TERMINATED)
        expected = TX_SUSPEND_ERROR;
    else if (th->state != TX_SUSPENDED)
        th->delayed = 1;
    (void)me;
    same("status of suspend", tx_thread_suspend(&thread[t]), expected);
}

static void op_resume(int t)
{
    THREAD *th = &m.thread[t];
    UINT expected = TX_SUCCESS;
    if (th->state == TX_SUSPENDED) {
        make_ready(t);
    } else if (th->delayed) {
        th->delayed = 0;
        expected = TX_SUSPEND_LIFTED;
    } else {
        expected = TX_RESUME_ERROR;
    }
    same("status of resume", tx_thread_resume(&thread[t]), expected);
}

static void op_abort(int t)
{
    UINT expected = TX_WAIT_ABORT_ERROR;
    if (m.thread[t].state > TX_SUSPENDED) {
        expected = TX_SUCCESS;
        m.thread[t].result = TX_WAIT_ABORTED;
        detach(t);
        make_ready(t);
    }
    same("status of abort", tx_thread_wait_abort(&thread[t]), expected);
}

static void op_priority(int t, UINT priority)
{
    THREAD *th = &m.thread[t];
    UINT old, effective = priority;
    if (th->priority < th->own_priority && th->priority < priority)
        effective = th->priority;
    long expected = th->own_priority;
    th->own_priority = th->own_threshold = priority;
    set_priority(t, effective, effective);
    tx_thread_priority_change(&thread[t], priority, &old);
    same("old priority", old, expected);
}

static void op_threshold(int t, UINT threshold)
{
    THREAD *th = &m.thread[t];
    UINT old, expected = TX_SUCCESS;
    if (threshold > th->own_priority) {
        expected = TX_THRESH_ERROR;
    } else {
        th->own_threshold = threshold;
        set_priority(t, th->priority, threshold < th->priority ? threshold : th->priority);
    }
    same("status of threshold", tx_thread_preemption_change(&thread[t], threshold, &old), expected);
}

static void op_terminate(int me, int t)
{
    if (t == me || m.thread[t].state == TX_TERMINATED)
        return;
    if (m.thread[t].state == TX_READY) {
        unready(t, TX_TERMINATED);
    } else {
        detach(t);
        m.thread[t].state = TX_TERMINATED;
    }
    while (m.owns[t].count != 0)
        release(m.owns[t].member[0]);
    tx_thread_terminate(&thread[t]);
}

static void op_reset(int t)
{
    if (m.thread[t].state != TX_TERMINATED)
        return;
    m.thread[t].state = TX_SUSPENDED;
    m.thread[t].delayed = 0;
    m.thread[t].slice = m.thread[t].new_slice;
    same("status of reset", tx_thread_reset(&thread[t]), TX_SUCCESS);
}

static void op_prioritize(int object)
{
    int best = highest_waiter(object);
    if (best != NONE) {
        take_out(&m.waiters[object], best);
        insert(&m.waiters[object], 0, best);
    }
    if (object < FIRST_QUEUE)
        tx_semaphore_prioritize(&semaphore[object]);
    else if (object < FIRST_MUTEX)
        tx_queue_prioritize(&queue[object - FIRST_QUEUE]);
    else if (object < GROUP)
        tx_mutex_prioritize(&mutex[object - FIRST_MUTEX]);
}

static void op_slice(int t, ULONG slice)
{
    ULONG old;
    m.thread[t].new_slice = m.thread[t].slice = slice;
    tx_thread_time_slice_change(&thread[t], slice, &old);
}

/* What an interrupt does, once. */
static void interrupt_operation(void)
{
    int t = 1 + (int)random_below(THREADS - 1);
    switch (random_below(9)) {
    case 0:
        op_put((int)random_below(SEMAPHORES));
        break;
    case 1:
        op_get(NONE, (int)random_below(SEMAPHORES), TX_NO_WAIT);
        break;
    case 2:
        op_send(NONE, (int)random_below(QUEUES), (int)random_below(2), TX_NO_WAIT);
        break;
    case 3:
        op_receive(NONE, (int)random_below(QUEUES), TX_NO_WAIT);
        break;
    case 4:
        op_set(random_below(16), TX_OR);
        break;
    case 5:
        op_resume(t);
        break;
    case 6:
        op_abort(t);
        break;
    case 7:
        op_suspend(NONE, t);
        break;
    default:
        op_prioritize((int)random_below(GROUP));
        break;
    }
}

/* Wherever interrupts are enabled; not while the kernel's timer thread has work, or time has moved
 * that the model has not seen. */
static void hook(void)
{
    if (!hook_allowed || m.now != _tx_kernel.clock ||
        _tx_kernel.timer_thread.tx_thread_state != TX_SUSPENDED || random_below(4) != 0)
        return;
    const char *was = doing;
    doing = "interrupt";
    interrupts++;
    m.current = _tx_kernel.current == &_tx_kernel.idle ? IDLE : (int)(_tx_kernel.current - thread);
    interrupt_operation();
    doing = was;
}

static void operation(int me)
{
    /* Thread 0 always comes back, so that the run never ends with all waiting for ever. */
    static const ULONG waits[] = {TX_NO_WAIT, 1, 2, 3, 5, 9, TX_WAIT_FOREVER, TX_WAIT_FOREVER};
    ULONG wait = waits[random_below(me == 0 ? 6 : 8)];
    int other = 1 + (int)random_below(THREADS - 1);
    UINT what = random_below(24);
    static const char *const names[] = {
        "get",       "get",      "put",       "put",       "send",       "send",
        "receive",   "receive",  "mutex get", "mutex get", "mutex get",  "mutex put",
        "mutex put", "set",      "flags get", "sleep",     "relinquish", "suspend",
        "resume",    "priority", "threshold", "tick",      "terminate",  "prioritize"};
    doing = names[what];
    /* Those with windows in their midst, and those that end with two sections. */
    hook_allowed = what != 11 && what != 12 && what != 13 && what != 21 && what != 22 && what != 23;
    switch (what) {
    case 0:
    case 1:
        op_get(me, (int)random_below(SEMAPHORES), wait);
        break;
    case 2:
    case 3:
        op_put((int)random_below(SEMAPHORES));
        break;
    case 4:
    case 5:
        op_send(me, (int)random_below(QUEUES), (int)random_below(2), wait);
        break;
    case 6:
    case 7:
        op_receive(me, (int)random_below(QUEUES), wait);
        break;
    case 8:
    case 9:
    case 10:
        op_mutex_get(me, (int)random_below(MUTEXES), wait);
        break;
    case 11:
    case 12:
        op_mutex_put(me, (int)random_below(MUTEXES));
        break;
    case 13:
        op_set(random_below(16), random_below(3) ? TX_OR : TX_AND);
        break;
    case 14:
        op_flags_get(me, 1 + random_below(15), random_below(4), wait);
        break;
    case 15: {
        ULONG ticks = 1 + random_below(random_below(10) ? 6 : 300);
        wait_for(me, NONE, TX_SLEEP, TX_SUCCESS, ticks);
        UINT status = tx_thread_sleep(ticks);
        same("status of sleep", status, m.thread[me].result);
        break;
    }
    case 16:
        if (m.ready[m.thread[me].priority].count > 1 ||
            m.thread[me].threshold != m.thread[me].priority)
            rotate(me);
        else
            m.thread[me].slice = m.thread[me].new_slice;
        tx_thread_relinquish();
        break;
    case 17:
        op_suspend(me, other);
        break;
    case 18:
        random_below(2) ? op_resume(other) : op_abort(other);
        break;
    case 19:
        op_priority((int)random_below(THREADS), 1 + random_below(LOWEST));
        break;
    case 20:
        random_below(3) ? op_threshold((int)random_below(THREADS), 1 + random_below(LOWEST))
                        : op_slice((int)random_below(THREADS), random_below(4));
        break;
    case 21:
        model_tick();
        tx_linux_busy(1);
        break;
    case 22:
        random_below(3) ? op_reset(other) : op_terminate(me, other);
        break;
    default:
        op_prioritize((int)random_below(GROUP));
        break;
    }
}

static void entry(ULONG input)
{
    int me = (int)input;
    for (;;) {
        hook_allowed = 0;
        while (m.now != _tx_kernel.clock) { /* the system was idle */
            m.current = m.execute;
            model_tick();
        }
        same("running thread", me, m.execute);
        m.current = me;
        compare();
        if (operations++ == wanted)
            tx_linux_stop();
        operation(me);
    }
}

VOID tx_application_define(VOID *first_unused_memory)
{
    (void)first_unused_memory;
    memset(&m, 0, sizeof m);
    for (int i = 0; i < SEMAPHORES; i++)
        tx_semaphore_create(&semaphore[i], NULL, 0);
    for (int i = 0; i < QUEUES; i++)
        tx_queue_create(&queue[i], NULL, 1, queue_memory[i], sizeof queue_memory[i]);
    for (int i = 0; i < MUTEXES; i++) {
        tx_mutex_create(&mutex[i], NULL, i != 0);
        m.owner[i] = NONE;
    }
    tx_event_flags_create(&group, NULL);
    m.current = m.execute = IDLE;
    for (int t = 0; t < THREADS; t++) {
        UINT priority = 1 + (UINT)t % LOWEST;
        tx_thread_create(&thread[t], NULL, entry, (ULONG)t, stack[t], sizeof stack[t], priority,
                         priority, TX_NO_TIME_SLICE, TX_AUTO_START);
        m.thread[t] = (THREAD){.state = TX_SUSPENDED,
                               .priority = priority,
                               .threshold = priority,
                               .own_priority = priority,
                               .own_threshold = priority,
                               .object = NONE};
        make_ready(t);
    }
    tx_linux_set_hook(hook);
}

int main(int argc, char **argv)
{
    (void)received;
    if (argc > 1)
        wanted = strtoul(argv[1], NULL, 0);
    if (argc > 2)
        seed = strtoul(argv[2], NULL, 0);
    tx_kernel_enter();
    printf("%lu operations, %lu interrupts, %lu ticks: the model agrees\n", operations - 1,
           interrupts, (unsigned long)m.now);
    return operations <= wanted;
}
