#!/bin/sh
# Installs what the build, the run and the tests need; says and does nothing when all is there.
set -eu
packages="build-essential cmake ninja-build pkg-config ccache clang-format python3
gcc-arm-none-eabi libnewlib-arm-none-eabi
libelf-dev libdw-dev libcapstone-dev libpng-dev libturbojpeg0-dev libwebsockets-dev libssl-dev
libcmocka-dev libfreetype-dev fonts-dejavu-core libunicorn-dev qemu-system-arm ffmpeg
spin clang-14 libclang-rt-14-dev"
missing=
for package in $packages; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' ||
        missing="$missing $package"
done
[ -z "$missing" ] && exit 0
as_root=
[ "$(id -u)" = 0 ] || as_root=sudo
echo "setup: installing$missing"
$as_root apt-get update -qq
DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends $missing >/dev/null
