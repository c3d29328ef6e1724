#!/usr/bin/env bash
# run_tests.sh [FILTER]: runs the test programs of NGUON_BUILD and the scripts tests/*.sh that have FILTER in their
# name. run_tests.sh --only PROGRAM…: runs those. Two at a time, each in its own TMPDIR and with a time limit
# (NGUON_TEST_SECONDS, 600). One line each; what a failing one printed; last line `N passed, N failed`. Exit 0
# only if something ran and nothing failed.
#
# What counts: a GoogleTest program's tests; a script's lines `ok …` and `not ok …` (or `FAILED …`). One that exits
# in anger without naming a failure counts as one failed, and so does one that shows no result at all.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/.."
NGUON_BUILD=${NGUON_BUILD:-$PWD/build}
seconds=${NGUON_TEST_SECONDS:-600}
logs=$NGUON_BUILD/test-logs

# count LOG EXIT_CODE: prints `PASSED FAILED`.
count() {
    awk -v code="$2" '
        /^\[       OK \]/ || /^ok( |$)/ { passed++ }
        /^\[  FAILED  \] .* \([0-9]+ ms\)$/ || /^(not ok|FAILED)( |$)/ { failed++ }
        END {
            if (!failed && (code != 0 || !passed)) failed = 1
            print passed + 0, failed + 0
        }' "$1"
}

# run_one PROGRAM: never fails itself; leaves LOG and LOG.count.
run_one() {
    local name=${1##*/} started=$SECONDS code=0 passed failed
    local log=$logs/$name.log
    export TMPDIR=$logs/$name.tmp
    rm -rf "$TMPDIR" && mkdir -p "$TMPDIR"
    [[ $1 != *.py ]] || set -- python3 "$1"
    timeout --kill-after=10 "$seconds" "$@" >"$log" 2>&1 </dev/null || code=$?
    read -r passed failed < <(count "$log" "$code")
    echo "$passed $failed" >"$log.count"
    [ "$failed" != 0 ] || rm -rf "$TMPDIR"
    {
        printf '%-8s %s: %s passed, %s failed (%s s)\n' \
            "$([ "$failed" = 0 ] && echo ok || echo FAILED)" "$name" "$passed" "$failed" $((SECONDS - started))
        if [ "$failed" != 0 ]; then
            [ $code != 124 ] || echo "    it ran longer than $seconds s"
            [ $code = 0 ] || echo "    exit code $code"
            grep -vE '^(ok |\[ RUN |\[       OK|\[---|$)' "$log" | tail -n 80 | sed 's/^/    /'
        fi
    } >"$log.summary"
    cat "$log.summary" # in one write, so that two at a time do not mix
}

if [ "${1:-}" = --one ]; then
    run_one "$2"
    exit 0
fi
if [ "${1:-}" = --only ]; then
    programs=("${@:2}")
else
    mapfile -t programs < <(
        tools/test_programs.sh "$NGUON_BUILD" "${1:-}" | sed "s|^|$NGUON_BUILD/|"
        find "$PWD/tests" -maxdepth 1 -name "*${1:-}*.sh" | sort
    )
fi
rm -rf "$logs" && mkdir -p "$logs"
export NGUON_BUILD NGUON_TEST_SECONDS=$seconds LANG=C.UTF-8
unset LC_ALL # it would win over the LANG that a test sets
if [ ${#programs[@]} -gt 0 ]; then
    printf '%s\0' "${programs[@]}" | xargs -0 -n 1 -P "${NGUON_TEST_JOBS:-2}" tools/run_tests.sh --one
fi
cat /dev/null "$logs"/*.count 2>/dev/null | awk '
    { passed += $1; failed += $2 }
    END {
        if (!NR) { print "no test has that name"; failed = 1 }
        print passed + 0 " passed, " failed + 0 " failed"
        exit failed > 0
    }'
