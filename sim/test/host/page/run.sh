#!/bin/sh
# run.sh BUILD TEST ARGUMENTS…: the test in Debian's Chromium with playwright-core. Skipped, with a word,
# where npm or the browser cannot be had.
set -eu
build=$1
test=$2
shift 2
here=$(cd "$(dirname "$0")" && pwd)
place=$build/page_test
skip() {
    echo "skipped: $1"
    exit 77
}
command -v npm >/dev/null || skip "no npm; apt-get install npm"
chromium=$(command -v chromium || true)
[ -n "$chromium" ] || skip "no chromium; apt-get install chromium"
mkdir -p "$place"
cp "$here"/*.mjs "$here"/package.json "$place"
if [ ! -d "$place/node_modules/playwright-core" ]; then
    (cd "$place" && npm install --no-audit --no-fund --no-package-lock --silent) \
        >"$place/npm.log" 2>&1 || skip "npm cannot install playwright-core ($(tail -1 "$place/npm.log"))"
fi
cd "$place"
CHROMIUM=$chromium exec node "$test" "$@"
