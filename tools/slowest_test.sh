#!/bin/sh
# slowest_test.sh LOG: names the tests of ctest's output that took longest.
set -eu
echo "Slowest:"
sed -n 's/^ *[0-9]*\/[0-9]* *Test *#[0-9]*: *\([^ ]*\) .* \([0-9.]*\) sec.*$/\2 s  \1/p' "$1" |
    sort -rn | head -3 | sed 's/^/  /'
