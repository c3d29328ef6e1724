#!/usr/bin/env bash
# deep.sh [PART [FILTER…]]…: what is too long for every landing. Parts: tidy (clang-tidy on everything), asan and tsan
# (tests in a clang build of their own, build/asan and build/tsan), fuzz (each src/*/fuzz/*.cc for NGUON_FUZZ_SECONDS,
# 600), and each script tests/deep/PART.sh (kills). A FILTER is part of the name of a test program, a script or a fuzz
# target: only those are built and run. Last line: the sum, `N passed, N failed`.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/.."
build=$NGUON_BUILD
passed=0 failed=0

# tally COMMAND…: runs it and adds up its last line, or counts it as one.
tally() {
    local log=$build/deep.log code=0 line
    "$@" 2>&1 | tee "$log" || code=$?
    line=$(tail -n 1 "$log")
    if [[ $line =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed$ ]]; then
        passed=$((passed + BASH_REMATCH[1])) failed=$((failed + BASH_REMATCH[2]))
    elif [ $code = 0 ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
    fi
}

clang_build() { # NAME TARGETS FILTER CMAKE_ARGUMENTS…
    CXX=clang++-19 CC=clang-19 NGUON_CMAKE="${*:4}" tools/build.sh "$build/$1" "$2" "$3"
}

# sanitized NAME SANITIZERS FILTER: one clang build and its tests.
sanitized() {
    clang_build "$1" tests "$3" "-DNGUON_SANITIZE=$2"
    NGUON_BUILD=$build/$1 tools/run_tests.sh "$3"
}

asan() { # [FILTER]
    export UBSAN_OPTIONS=print_stacktrace=1 LSAN_OPTIONS=suppressions=$PWD/tools/lsan.supp
    export ASAN_OPTIONS=detect_stack_use_after_return=1:strict_string_checks=1
    sanitized asan address,undefined "${1:-}"
}

tsan() { # [FILTER]
    export TSAN_OPTIONS=suppressions=$PWD/tools/tsan.supp
    sanitized tsan thread "${1:-}"
}

# A corpus that lies in src/MODULE/fuzz/NAME/ is the start; what is found grows in build/fuzz/NAME.
fuzz() { # [FILTER]
    local source name module corpus ok=0 bad=0
    clang_build asan fuzz "${1:-}" -DNGUON_SANITIZE=address,undefined
    for source in src/*/fuzz/*.cc; do
        [[ -f $source && $source == *"${1:-}"* ]] || continue
        name=$(basename "$source" .cc) module=$(basename "${source%/fuzz/*}")
        corpus=$build/fuzz/$module/$name
        mkdir -p "$corpus"
        if "$build/asan/fuzz_${module}_$name" -max_total_time="${NGUON_FUZZ_SECONDS:-600}" -timeout=10 \
            -rss_limit_mb=4096 -artifact_prefix="$corpus-" "$corpus" \
            $([ ! -d "${source%.cc}" ] || echo "${source%.cc}") >"$corpus.log" 2>&1; then
            ok=$((ok + 1))
            echo "ok fuzz $module/$name: $(grep -o 'Done .*' "$corpus.log")"
        else
            bad=$((bad + 1))
            echo "FAILED fuzz $module/$name"
            tail -n 40 "$corpus.log" | sed 's/^/    /'
        fi
    done
    echo "$ok passed, $bad failed"
}

if [ "${1:-}" = --part ]; then
    "${@:2}"
    exit
fi
parts=(tidy asan tsan fuzz)
for script in tests/deep/*.sh; do
    [ ! -f "$script" ] || parts+=("$(basename "$script" .sh)")
done
is_part() { [[ " ${parts[*]} " == *" $1 "* ]]; }
if [ $# -gt 0 ] && ! is_part "$1"; then
    echo "deep: there is no part '$1'; parts: ${parts[*]}" >&2
    exit 2
fi

run_part() { # PART [FILTER]
    echo "== $*"
    case $1 in
        tidy) tally tools/lint.sh --all ;;
        asan | tsan | fuzz) tally "$0" --part "$@" ;;
        *) NGUON_TEST_SECONDS=7200 tally tools/run_tests.sh --only "$PWD/tests/deep/$1.sh" ;;
    esac
}

[ $# -gt 0 ] || set -- "${parts[@]}"
while [ $# -gt 0 ]; do
    part=$1
    shift
    if [ $# -eq 0 ] || is_part "$1"; then
        run_part "$part"
        continue
    fi
    while [ $# -gt 0 ] && ! is_part "$1"; do
        run_part "$part" "$1"
        shift
    done
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
