#!/usr/bin/env bash
# deep.sh [PART]: what is too long for every landing. Parts: tidy (clang-tidy on everything), asan and tsan (all
# tests in a clang build of their own, build/asan and build/tsan), fuzz (each src/*/fuzz/*.cc for NGUON_FUZZ_SECONDS,
# 60), and each script tests/deep/PART.sh (kills). Last line: the sum, `N passed, N failed`.
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

clang_build() { # NAME TARGETS CMAKE_ARGUMENTS…
    CXX=clang++-19 CC=clang-19 NGUON_CMAKE="${*:3}" tools/build.sh "$build/$1" "$2"
}

asan() {
    clang_build asan tests -DNGUON_SANITIZE=address,undefined
    export UBSAN_OPTIONS=print_stacktrace=1 LSAN_OPTIONS=suppressions=$PWD/tools/lsan.supp
    export ASAN_OPTIONS=detect_stack_use_after_return=1:strict_string_checks=1
    NGUON_BUILD=$build/asan tools/run_tests.sh
}

tsan() {
    clang_build tsan tests -DNGUON_SANITIZE=thread
    TSAN_OPTIONS=suppressions=$PWD/tools/tsan.supp NGUON_BUILD=$build/tsan tools/run_tests.sh
}

# A corpus that lies in src/MODULE/fuzz/NAME/ is the start; what is found grows in build/fuzz/NAME.
fuzz() {
    local source name module corpus ok=0 bad=0
    clang_build asan fuzz -DNGUON_SANITIZE=address,undefined
    for source in src/*/fuzz/*.cc; do
        [ -f "$source" ] || continue
        name=$(basename "$source" .cc) module=$(basename "${source%/fuzz/*}")
        corpus=$build/fuzz/$module/$name
        mkdir -p "$corpus"
        if "$build/asan/fuzz_${module}_$name" -max_total_time="${NGUON_FUZZ_SECONDS:-60}" -timeout=10 \
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
    "$2"
    exit
fi
parts=(tidy asan tsan fuzz)
for script in tests/deep/*.sh; do
    [ ! -f "$script" ] || parts+=("$(basename "$script" .sh)")
done
for part in "${@:-${parts[@]}}"; do
    echo "== $part"
    case $part in
        tidy) tally tools/lint.sh --all ;;
        asan | tsan | fuzz) tally "$0" --part "$part" ;;
        *)
            if [ ! -f "tests/deep/$part.sh" ]; then
                echo "deep: there is no part '$part'; parts: ${parts[*]}" >&2
                exit 2
            fi
            NGUON_TEST_SECONDS=7200 tally tools/run_tests.sh --only "$PWD/tests/deep/$part.sh"
            ;;
    esac
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
