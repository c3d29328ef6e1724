#!/usr/bin/env bash
# Goal: as `./run test`, two thousand times. Method: the life of batches, rows written alone, sealing, erasure and
# backups of src/backup/kill_test.cc, NGUON_KILLS times (2000).
source "$(dirname "$0")/../lib/testing.sh"
"$root/tools/build.sh" "$build" tests backup >"$work/build" 2>&1 || not_ok "the tests are built" "$(tail -n 5 "$work/build")"
NGUON_KILLS=${NGUON_KILLS:-2000} "$build/backup_test" --gtest_filter='KillOf*' >"$work/log" 2>&1
same "killed ${NGUON_KILLS:-2000} times" 0 $?
grep -A8 'Failure' "$work/log" | head -n 30 | sed 's/^/   /'
finish
