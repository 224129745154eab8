#!/bin/sh
# Every option of the guide is honoured, so that the library builds with it without a warning, or
# refused by an #error that says why: options.sh [COMPILER [FLAG…]]. docs/kernel.md lists them.
set -eu
kernel=$(cd "$(dirname "$0")/.." && pwd)
compiler=${1:-cc}
[ $# -eq 0 ] || shift
case $compiler in
*arm-none-eabi*) port=cortex_m ;;
*) port=linux ;;
esac
flags="-std=gnu11 -Wall -Wextra -Werror -fsyntax-only -I$kernel/include -I$kernel/port/$port -I$kernel/src"
failed=0

honoured() {
    for source in "$kernel"/src/*.c "$kernel"/observe/*.c "$kernel/port/$port"/*.c; do
        $compiler $flags "$@" "$source" || { echo "options: $* does not build in $source"; failed=1; }
    done
}
refused() {
    if said=$($compiler $flags "$@" "$kernel/src/schedule.c" 2>&1); then
        echo "options: $* is ignored"
        failed=1
    fi
    case $said in
    *"#error"*) ;;
    *) echo "options: $* is not refused by an #error: $said"; failed=1 ;;
    esac
}

options="TX_MAX_PRIORITIES=64 TX_MINIMUM_STACK=1024 TX_TIMER_THREAD_STACK_SIZE=2048 TX_TIMER_THREAD_PRIORITY=3
TX_TIMER_TICKS_PER_SECOND=1000 TX_DISABLE_ERROR_CHECKING TX_DISABLE_PREEMPTION_THRESHOLD TX_DISABLE_NOTIFY_CALLBACKS
TX_DISABLE_STACK_FILLING TX_DISABLE_REDUNDANT_CLEARING TX_NOT_INTERRUPTABLE TX_TIMER_PROCESS_IN_ISR
TX_ENABLE_STACK_CHECKING TX_ENABLE_EVENT_TRACE TX_NO_FILEX_POINTER TX_REACTIVATE_INLINE
TX_INLINE_THREAD_RESUME_SUSPEND TX_EXECUTION_PROFILE_ENABLE"
for kind in THREAD TIMER QUEUE SEMAPHORE MUTEX EVENT_FLAGS BLOCK_POOL BYTE_POOL; do
    options="$options TX_${kind}_ENABLE_PERFORMANCE_INFO"
done
# On the cores, what the port has to do with.
[ "$port" = linux ] || options="TX_ENABLE_STACK_CHECKING TX_EXECUTION_PROFILE_ENABLE TX_PORT_EVERY_TICK
TX_PORT_OTHER_TICK TX_PORT_USE_BASEPRI TX_PORT_MPU_GUARD=7"
honoured "$@"
for option in $options; do
    honoured "-D$option" "$@"
done
honoured -DTX_NO_TIMER -DTX_TIMER_PROCESS_IN_ISR "$@"
for option in TX_MISRA_ENABLE TX_SAFETY_CRITICAL TX_ENABLE_EXECUTION_CHANGE_NOTIFY TX_LOW_POWER TX_NO_TIMER \
    TX_ENABLE_RANDOM_NUMBER_STACK_FILLING TX_QUEUE_MESSAGE_MAX_SIZE=32 TX_MAX_PRIORITIES=33 TX_MAX_PRIORITIES=2048; do
    refused "-D$option" "$@"
done
refused -DTX_ENABLE_STACK_CHECKING -DTX_DISABLE_STACK_FILLING "$@"
[ "$failed" -eq 0 ] && echo "options: each is honoured or refused"
exit "$failed"
