#!/bin/bash
# test.sh PRESET [JOBS]: runs the tests of one preset and ends with ctest's summary; just before it
# stand the slowest three and how many of the cache calls and barriers are missed when taken out.
set -euo pipefail
cd "$(dirname "$0")/.."
scores=build/firmware/mutation
rm -f $scores-*.txt
ctest --preset "$1" -j "${2:-1}" | awk -v scores="$scores-*.txt" '
    function slowest(   n, name, best) {
        for (n = 0; n < 3; n++) {
            best = ""
            for (name in seconds)
                if (best == "" || seconds[name] > seconds[best]) best = name
            if (best == "") return
            printf "slowest: %s, %.1f s\n", best, seconds[best]
            delete seconds[best]
        }
    }
    match($0, /Test +#[0-9]+: [^ ]+/) && / sec *$/ {
        split(substr($0, RSTART, RLENGTH), word, /: */)
        seconds[word[2]] = $(NF - 1) + 0
    }
    / tests passed, / { slowest(); system("cat " scores " 2>/dev/null"); print "" }
    { print; fflush() }'
