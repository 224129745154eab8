#!/bin/sh
# run.sh PROGRAM CORPUS RUNS: fuzzes from the corpus without changing it, and says how often it ran.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
mkdir new
"$1" -runs="$3" -seed=1 -max_len=512 -print_final_stats=1 new "$2" >log 2>&1 || {
    tail -n 60 log
    for input in crash-* leak-* timeout-* oom-*; do
        [ -f "$input" ] && echo "$input:" && od -An -tx1 -v "$input"
    done
    exit 1
}
grep -E 'number_of_executed_units|Done' log
