#!/bin/sh
# size.sh ELF LIMIT: the program's text bytes (code, constants, vectors) are fewer than LIMIT.
set -eu
bytes=$(arm-none-eabi-size "$1" | awk 'NR == 2 { print $1 }')
echo "$bytes bytes of text, fewer than $2 allowed"
[ "$bytes" -lt "$2" ]
