#!/bin/bash
# Fetches what `pins` names into fetched/NAME/, each file checked against its SHA-256; says and does
# nothing when all is there. The archive is the one that apt uses on this machine.
set -euo pipefail
cd "$(dirname "$0")"
stamp=fetched/.pins

cmp -s pins "$stamp" && exit 0

archive() {
    apt-get indextargets --format '$(SITE) $(CREATED_BY)' |
        awk '$2 == "Packages" && $1 !~ /security/ { print $1; exit }'
}

fail() {
    echo "setup: $*" >&2
    exit 2
}

# unpack FILE TO PATH…: the paths, which may be folders, without the folders above them.
unpack() {
    local file=$1 to=$2 path
    shift 2
    rm -rf "$to" "$to.all"
    mkdir -p "$to.all"
    case $file in
    *.deb) dpkg-deb -x "$file" "$to.all" ;;
    *) tar -xf "$file" -C "$to.all" ;;
    esac
    if [ -d "$to.all/$1" ]; then
        mv "$to.all/$1" "$to"
    else
        mkdir "$to"
        for path; do mv "$to.all/$path" "$to/"; done
    fi
    rm -rf "$to.all"
}

site=$(archive)
[ -n "$site" ] || fail "apt names no package archive; tools/third_party/pins lists the files that are needed"
mkdir -p fetched
while read -r name file sum paths; do
    case $name in '' | \#*) continue ;; esac
    local_file=fetched/$(basename "$file")
    if ! echo "$sum  $local_file" | sha256sum --check --status 2>/dev/null; then
        echo "setup: fetching $name"
        rm -f "$local_file"
        /usr/lib/apt/apt-helper -qq -o APT::Sandbox::User=root download-file "$site/$file" "$local_file" "SHA256:$sum" ||
            fail "$file cannot be fetched from this machine's package archive, or is not what it was"
    fi
    # shellcheck disable=SC2086 # a list
    unpack "$local_file" "fetched/$name" $paths
done <pins
cp pins "$stamp"
