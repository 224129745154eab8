#!/bin/bash
# Fetches what `pins` names into fetched/NAME/, each file checked against its SHA-256, and what
# page/package-lock.json names into fetched/page/, checked by npm against the sums there; says and does
# nothing when all is there. The archive is the one that apt uses on this machine.
set -euo pipefail
cd "$(dirname "$0")"
stamp=fetched/.pins page_stamp=fetched/page/.lock

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

fetch_pins() {
    local site name file sum paths local_file
    site=$(archive)
    [ -n "$site" ] || fail "apt names no package archive; tools/third_party/pins lists the files that are needed"
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
}

# Nothing of a package is run.
fetch_page() {
    command -v npm >/dev/null || fail "the live page's terminal and plots come by npm; apt-get install npm"
    echo "setup: fetching the live page's libraries"
    rm -rf fetched/page
    mkdir fetched/page
    cp page/package.json page/package-lock.json fetched/page
    (cd fetched/page && npm ci --ignore-scripts --no-audit --no-fund --silent) ||
        fail "npm cannot fetch what tools/third_party/page/package-lock.json names, or it is not what it was"
    cp page/package-lock.json "$page_stamp"
}

mkdir -p fetched
cmp -s pins "$stamp" || fetch_pins
cmp -s page/package-lock.json "$page_stamp" || fetch_page
