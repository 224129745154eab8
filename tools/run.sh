#!/bin/sh
# run.sh CAMERA STICK SECONDS: the camera system on the virtual board, with the live page; a screenshot is in
# build/screenshot.png at the end. SECONDS may be empty: until Ctrl-C. STICK is an image, made if it is not
# there, or none.
set -eu
camera=${1:-scene}
stick=${2:-none}
seconds=${3:-}
here=$(cd "$(dirname "$0")/.." && pwd)

# The usual port, if nobody has it; else any free one.
port=7470
python3 - "$port" <<'PY' || port=0
import socket, sys
with socket.socket() as probe:
    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        probe.bind(("127.0.0.1", int(sys.argv[1])))
    except OSError:
        sys.exit(1)
PY
set -- --check --camera "$camera" --web "127.0.0.1:$port" --screenshot "$here/build/screenshot.png"
[ "$stick" = none ] || set -- "$@" --stick "$stick"
if [ -n "$seconds" ]; then
    case $seconds in
    *[!0-9.]*) ;; # it has its unit
    *) seconds=${seconds}s ;;
    esac
    set -- "$@" --for "$seconds" --stats
fi
status=0
"$here/build/duet" run "$@" || status=$?
[ "$status" -ne 0 ] || echo "The panel's last picture is in build/screenshot.png"
exit "$status"
