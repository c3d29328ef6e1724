#!/usr/bin/env bash
# build.sh FOLDER product|tests|fuzz [MORE]: configures FOLDER where needed and builds. `product MORE` builds the target
# MORE too; `tests MORE` and `fuzz MORE` only the programs that have MORE in their name. Everything it says goes to
# stderr: ninja's own lines on a terminal, else one line at the end and the log in FOLDER/build.log.
# NGUON_CMAKE holds further arguments to cmake (the sanitizer builds).
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/.."
folder=$1 what=$2 more=${3:-}
mkdir -p "$folder"
exec 9>"$folder/.lock"
flock 9 # two ninjas in one folder spoil it
log=$folder/build.log
: >"$log"

fail() {
    { grep -E -A4 'error|FAILED' "$log" || tail -n 40 "$log"; } | cut -c1-240 | head -n 40 >&2
    echo "build: failed; the whole log is $log" >&2
    exit 6
}

# A tree that was moved or copied together with its build folder configures anew; ccache keeps that cheap.
cache=$folder/CMakeCache.txt
if [ -f "$cache" ] && ! grep -qxF "CMAKE_HOME_DIRECTORY:INTERNAL=$PWD" "$cache"; then
    rm -rf "$cache" "$folder/CMakeFiles"
fi
if [ ! -f "$cache" ] || [ ! -f "$folder/build.ninja" ]; then
    # shellcheck disable=SC2086
    cmake -S . -B "$folder" -G Ninja -DCMAKE_CXX_COMPILER="${CXX:-g++}" -DCMAKE_C_COMPILER="${CC:-gcc}" \
        ${NGUON_CMAKE:-} >>"$log" 2>&1 || fail
fi

# Compiling one file takes up to 1.2 GB: fewer jobs than cores where memory is short.
jobs=$(cat /proc/meminfo 2>/dev/null | awk -v cores="$(nproc)" '/^MemAvailable/ { fit = int($2 / 1200000) }
    END { jobs = !NR || fit > cores ? cores : fit; print jobs < 1 ? 1 : jobs }')

targets=(nguon nguon-population)
case $what in
    product) targets+=($more) ;;
    fuzz) # MORE: the fuzz targets that have it in their name
        targets=(fuzz)
        [ -z "$more" ] || mapfile -t targets < <(ninja -C "$folder" -t targets all 2>/dev/null |
            sed -n 's/^\(fuzz_[a-z0-9_]*\): CXX_EXECUTABLE.*/\1/p' | grep -F -e "$more")
        ;;
    tests)
        # Only scripts run the product.
        [ -z "$more" ] || compgen -G "tests/*$more*.sh" >/dev/null || targets=()
        mapfile -t -O ${#targets[@]} targets < <(tools/test_programs.sh "$folder" "$more")
        [ ${#targets[@]} -gt 0 ] || exit 0 # run_tests.sh says that no test has that name
        ;;
esac

started=$SECONDS
if [ -t 2 ] && [ "${TERM:-dumb}" != dumb ]; then
    NINJA_STATUS='build %f/%t ' ninja -C "$folder" -j "$jobs" "${targets[@]}" 9>&- >&2 || exit 6
else
    ninja -C "$folder" -j "$jobs" "${targets[@]}" >>"$log" 2>&1 9>&- || fail
    [ $((SECONDS - started)) -lt 3 ] || echo "build: done in $((SECONDS - started)) s" >&2
fi
