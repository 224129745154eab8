#!/bin/sh
# Installs what the build, the run and the tests need; says and does nothing when all is there.
set -eu
packages="build-essential cmake ninja-build pkg-config ccache clang-format python3
gcc-arm-none-eabi libnewlib-arm-none-eabi
libelf-dev libdw-dev libcapstone-dev libpng-dev libjpeg62-turbo-dev libturbojpeg0-dev libwebsockets-dev libssl-dev
dosfstools exfatprogs mtools libcmocka-dev libfreetype-dev fonts-inter fonts-font-awesome libunicorn-dev qemu-system-arm ffmpeg
spin clang-14 libclang-rt-14-dev"
# The live page's libraries come by npm, of Debian or of anybody.
command -v npm >/dev/null || packages="$packages npm"
# With "test": also what the tests of the live page and of gdb need, if it can be had; without it they are skipped.
extra=
if [ "${1:-}" = test ]; then
    command -v node >/dev/null || extra="nodejs"
    command -v chromium >/dev/null || extra="$extra chromium"
    command -v gdb-multiarch >/dev/null || extra="$extra gdb-multiarch"
fi
installed=$(dpkg-query -W -f '${Package} ${Status}\n' $packages 2>/dev/null | sed -n 's/ install ok installed$//p')
missing=
for package in $packages; do
    case "
$installed
" in
    *"
$package
"*) ;;
    *) missing="$missing $package" ;;
    esac
done
third_party() { exec "$(dirname "$0")/third_party/fetch.sh"; }
[ -n "$missing$extra" ] || third_party
as_root=
[ "$(id -u)" = 0 ] || as_root=sudo
install() {
    DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}
echo "setup: installing$missing $extra"
$as_root apt-get update -qq
[ -z "$missing" ] || install $missing
[ -z "$extra" ] || install $extra || echo "setup: without $extra some tests are skipped"
third_party
