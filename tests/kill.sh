#!/usr/bin/env bash
# Goal: after kill -9 a batch is wholly there or wholly absent, and one that was acknowledged is there. Method: a load
# by command and one sent to a node, killed at random moments and at every named fail point; then `verify` is 0, the
# rows are those before or those after, tmp/ is empty, and the same load under the same key ends as if nothing had been.
source "$(dirname "$0")/lib/testing.sh"
seed_random

make_node
small_contract small open >"$work/c.yaml"
nguon apply "$work/c.yaml"
batch=20000
file=0
next_file() { # a file of new rows, one of them wrong: a segment, a quarantine file and a manifest
    file=$((file + 1))
    { small_rows $((file * batch + 1)) $((file * batch + batch)); echo "w$file,Sai,x,2026-01-01"; } >"$work/rows.csv"
}
rows() { nguon query "select count(*) from small.item" --format csv; tail -n 1 <<<"$out" | tr -d '\r'; }
next_file
nguon load small.item "$work/rows.csv"
stands=$(rows)
same "rows at the start" $batch "$stands"
there=0 absent=0

# judge WHAT ACKNOWLEDGED(yes or no): what a start finds after the kill; then the load again.
judge() {
    local what=$1 found wrong=''
    nguon verify --json
    [ "$code" = 0 ] || wrong+="verify says $code: $out $err"$'\n'
    nguon delete no.such x --json # opens the folder for writing, and so cleans it
    found=$(rows)
    [ -z "$(ls -A "$data/tmp")" ] || wrong+="tmp/ holds $(ls "$data/tmp" | head -n 3)"$'\n'
    if [ "$found" = $((stands + batch)) ]; then
        there=$((there + 1))
    elif [ "$found" = "$stands" ]; then
        absent=$((absent + 1))
        [ "$2" = no ] || wrong+="an acknowledged batch is gone"$'\n'
    else
        wrong+="$found rows: neither $stands nor $((stands + batch))"$'\n'
    fi
    nguon load small.item "$work/rows.csv" --idempotency-key "file $file" --json
    [ "$code" = 1 ] && [ "$(field rows.accepted)" = $batch ] || wrong+="the load again: $code $out $err"$'\n'
    found=$(rows)
    [ "$found" = $((stands + batch)) ] || wrong+="after the load again: $found rows, not $((stands + batch))"$'\n'
    stands=$found
    if [ -z "$wrong" ]; then ok "$what"; else not_ok "$what" "$wrong"; fi
}

# How long a load takes here, in microseconds, so that the moments fall into it.
now() { echo "${EPOCHREALTIME/[.,]/}"; }
next_file
started=$(now)
nguon load small.item "$work/rows.csv" --idempotency-key "file $file"
took=$(($(now) - started))
stands=$((stands + batch))

for i in 1 2 3 4 5 6; do
    next_file
    moment=$(((RANDOM * 32768 + RANDOM) % took))
    "$program" load small.item "$work/rows.csv" --idempotency-key "file $file" --data "$data" --json \
        >"$work/answer" 2>/dev/null &
    loading=$!
    sleep "$(awk -v us=$moment 'BEGIN { printf "%.6f", us / 1e6 }')"
    kill -KILL $loading 2>/dev/null
    wait $loading 2>/dev/null
    acknowledged=no
    grep -q '"status":"accepted"' "$work/answer" && acknowledged=yes
    judge "a command killed after $moment of $took µs (acknowledged: $acknowledged)" $acknowledged
done
for i in 1 2 3; do
    next_file
    start_node || finish
    moment=$(((RANDOM * 32768 + RANDOM) % took))
    rm -f "$work/answer" # curl leaves an old one where no answer comes
    curl -s -X POST --data-binary "@$work/rows.csv" -H "Authorization: Bearer $token" -H "Idempotency-Key: file $file" \
        -o "$work/answer" "http://$internal/api/v1/datasets/small.item/batches" &
    sending=$!
    sleep "$(awk -v us=$moment 'BEGIN { printf "%.6f", us / 1e6 }')"
    kill -KILL "$pid"
    wait "$pid" 2>/dev/null
    pid=''
    wait $sending
    acknowledged=no
    grep -q '"status":"accepted"' "$work/answer" 2>/dev/null && acknowledged=yes
    judge "a node killed after $moment of $took µs (acknowledged: $acknowledged)" $acknowledged
done
echo "   at random moments: $there wholly there, $absent wholly absent"

# --- every named place, and the second and third time where a batch passes it so often
mapfile -t points < <(sed -n 's/^ *"\([a-z]*\.[a-z_]*\)",.*/\1/p' "$root/src/base/fail_point.h")
tell "there is a list of fail points: ${#points[@]}" [ ${#points[@]} -ge 10 ]
batch=50
for point in "${points[@]}"; do
    case $point in
        commit.*) again=("$point") ;;
        seal.*) again=("$point" "$point:2") ;;
        *) continue ;;
    esac
    for place in "${again[@]}"; do
        next_file
        code=0
        NGUON_FAIL_POINT=$place "$program" load small.item "$work/rows.csv" --idempotency-key "file $file" \
            --data "$data" >/dev/null 2>&1 || code=$?
        same "$place ends the process" 137 $code
        judge "killed at $place" no
    done
done
for point in "${points[@]}"; do
    [[ $point == start.* ]] || continue
    next_file
    NGUON_FAIL_POINT=commit.after_manifest_sync "$program" load small.item "$work/rows.csv" \
        --idempotency-key "file $file" --data "$data" >/dev/null 2>&1
    touch "$data/tmp/left"
    code=0
    NGUON_FAIL_POINT=$point "$program" load small.item "$work/rows.csv" --data "$data" >/dev/null 2>&1 || code=$?
    same "$point ends the process" 137 $code
    judge "killed at a commit, then at $point" no
done
for point in "${points[@]}"; do
    [[ $point == apply.* ]] || continue
    name=${point//./_}
    small_contract "$name" open >"$work/new.yaml"
    NGUON_FAIL_POINT=$point "$program" apply "$work/new.yaml" --data "$data" >/dev/null 2>&1
    same "$point ends the process" 137 $?
    nguon apply "$work/new.yaml" --json
    same "after $point: applied" 0 "$code"
    same "  once" "$([ "$point" = apply.after_transaction ] && echo unchanged || echo created)" "$(field applied.0.change)"
done
expect 0 verify
finish
