#!/bin/sh
# run.sh MODEL.pml: checks every state of the model, and prints how many there are.
set -eu
model=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
command -v spin >/dev/null || {
    echo "skipped: spin is not installed"
    exit 77
}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
cp "$model" model.pml
spin -a model.pml >spin.log || {
    cat spin.log
    exit 1
}
cc -O2 -w -DSAFETY -DCOLLAPSE -DMEMLIM=4096 -o pan pan.c
./pan -m1000000 >log
grep -E 'errors:|states, stored|states, matched' log
if ! grep -q 'errors: 0' log || grep -q 'max search depth too small' log; then
    cat log
    spin -p -t model.pml | tail -n 80
    exit 1
fi
