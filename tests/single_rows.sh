#!/usr/bin/env bash
# Goal: rows written one by one are there as soon as they are acknowledged, for every reader, whatever happens to the
# node. Method: writers put rows all at once while others read and a file is loaded; the node is killed in the middle,
# several times; after each start what was acknowledged is there once, the history has no gap and `verify` is 0. Then
# conditional writes, and reading from a folder that nobody may change.
source "$(dirname "$0")/lib/testing.sh"
seed_random

make_node
small_contract small open >"$work/c.yaml"
nguon apply "$work/c.yaml"
printf 'settings:\n  rows.seal_count: 40\n  rows.seal_seconds: 1\n' >>"$data/nguon.yaml"
d=/api/v1/datasets/small.item
writers=4 rounds=4

# writer NUMBER ROUND: puts rows until the node is gone; the keys that were acknowledged go to a file.
writer() {
    local i answer
    for ((i = 0; ; i++)); do
        answer=$(curl -s -m 10 -X PUT -H "Authorization: Bearer $token" -d "{\"name\":\"Tên $i\",\"amount\":$i}" \
            -o /dev/null -w '%{http_code}' "http://$internal$d/rows/w$1-$2-$i") || return 0
        [ "$answer" = 200 ] && echo "w$1-$2-$i" >>"$work/acknowledged.$1"
    done
}
reader() { # until the node is gone
    while curl -s -m 10 -o /dev/null "http://$public$d/rows?limit=5"; do sleep 0.05; done
}
for ((round = 1; round <= rounds; round++)); do
    start_node || finish
    jobs=()
    for ((w = 1; w <= writers; w++)); do
        writer $w $round &
        jobs+=($!)
    done
    reader &
    jobs+=($!)
    sleep 1
    small_rows $((round * 100)) $((round * 100 + 9)) >"$work/rows.csv"
    [ $round != 2 ] || api POST "$d/batches" --data-binary "@$work/rows.csv"
    sleep "1.$((RANDOM % 900 + 100))"
    kill -KILL "$pid"
    wait "$pid" 2>/dev/null
    pid=''
    wait "${jobs[@]}" 2>/dev/null
    nguon verify --json
    same "killed $round times: verify" "0 true" "$code $(field ok)"
done
same "  the file in between entered" 201 "$status"
sort "$work"/acknowledged.* >"$work/acknowledged"
count=$(wc -l <"$work/acknowledged")
[ "$count" -gt 100 ] && ok "$count rows were acknowledged" || not_ok "rows were acknowledged" "$count"
nguon query "select id from small.item" --limit-rows 100000 --format csv
tail -n +2 <<<"$out" | tr -d '\r"' | sort >"$work/there"
same "none of them is missing" "" "$(comm -23 "$work/acknowledged" "$work/there" | head -n 3)"
same "  none is there twice" "" "$(uniq -d "$work/there" | head -n 3)"
# Of each writer and round one row may have been under way.
extra=$(comm -13 "$work/acknowledged" "$work/there" | grep -vc '^k')
[ "$extra" -le $((writers * rounds)) ] && ok "  at most the one under way beside them ($extra)" || not_ok "unacknowledged rows" "$extra"
from=1 seen=0 gap=''
while [ -n "$from" ] && [ "$from" != null ]; do
    nguon history small.item --from "$from" --limit 10000 --json
    seqs=$(grep -o '"seq":[0-9]*' <<<"$out" | cut -d: -f2)
    gap+=$(awk -v at="$from" '$1 != at++ { print $1; exit }' <<<"$seqs")
    seen=$((seen + $(wc -l <<<"$seqs")))
    from=$(field next)
done
nguon query "select count(*) from small.item" --format csv
same "the history has no gap" "" "$gap"
same "  and as many changes as there are rows" "$(wc -l <"$work/there")" "$seen"

start_node || finish
first_seq() { field seq.first "$body"; }
api PUT "$d/rows/one" -d '{"name":"a"}' -H 'If-None-Match: *'
first=$(first_seq)
same "If-None-Match: * writes where nothing is" "200 ${first:-none}" "$status $first"
api PUT "$d/rows/one" -d '{"name":"b"}' -H 'If-None-Match: *'
same "  and not where something is" "412 conflict" "$status $(field code "$body")"
api GET "$d/rows/one"
same "the ETag is the change" "\"$first\"" "$(sed -nE 's/^[Ee][Tt]ag: (.*)/\1/p' <<<"$headers")"
api PUT "$d/rows/one" -d '{"name":"b"}' -H "If-Match: \"$first\""
same "If-Match with it writes" 200 "$status"
api PUT "$d/rows/one" -d '{"name":"c"}' -H "If-Match: \"$first\""
same "  the second time not" 412 "$status"
api DELETE "$d/rows/one" -H "If-Match: \"$first\""
same "  nor deletes" 412 "$status"
api PUT "$d/rows/one" -d '{"name":"c"}' -H 'If-None-Match: "1"'
same "another If-None-Match is invalid" "400 invalid" "$status $(field code "$body")"
api DELETE "$d/rows/one" -H 'If-Match: *'
same "If-Match: * deletes" 200 "$status"
api PUT "$d/rows/two" -d '{"amount":"x"}'
same "a row that breaks the contract: 422 with its receipt" "422 1" "$status $(field receipt.rows.rejected "$body")"
api PUT "$d/rows/two" -d '{"amount":2}'
written=$(first_seq)
open_api GET "$d/rows/two?min_seq=$written"
same "the public listener reads what was just written" "200 2" "$status $(field amount "$body")"
open_api GET "$d/rows?id=two"
same "  in lists" 2 "$(field rows.0.amount "$body")"
open_api GET "$d/rows?id=two&as_of=seq:$((written - 1))"
same "  and not as of before" "" "$(field rows.0.amount "$body")"

# A follower: from a cursor, each change once, as soon as it is there.
next=$((written + 1))
(
    from=$next
    while [ "$from" -lt $((next + 30)) ]; do
        page=$(curl -s -m 30 "http://$public$d/history?from=$from&wait=20&limit=7")
        seqs=$(grep -o '"seq":[0-9]*' <<<"$page" | cut -d: -f2)
        [ -n "$seqs" ] || break
        echo "$seqs"
        from=$(($(tail -n 1 <<<"$seqs") + 1))
    done
) >"$work/followed" &
follower=$!
for ((i = 0; i < 30; i++)); do
    api PUT "$d/rows/f$i" -d "{\"amount\":$i}"
    [ $((i % 10)) != 9 ] || sleep 0.3
done
wait $follower
same "a follower sees each change once, in order" "$(seq $next $((next + 29)))" "$(cat "$work/followed")"
before=${EPOCHREALTIME/[.,]/}
open_api GET "$d/history?from=$((next + 30))&wait=1"
took=$((${EPOCHREALTIME/[.,]/} - before))
same "  and where nothing comes an empty page, after its wait" "200 true" "$status $([ $took -ge 900000 ] && echo true || echo $took)"
open_api GET "$d/history?from=1&wait=61"
same "  at most 60 s" 400 "$status"
before=${EPOCHREALTIME/[.,]/}
curl -s -o /dev/null "http://$public$d/history?from=$((next + 30))&wait=60" &
waiting=$!
sleep 0.3
stop_node
took=$((${EPOCHREALTIME/[.,]/} - before))
[ $took -lt 10000000 ] && ok "  who waits holds up no stop" || not_ok "the stop took" "$took µs"
wait $waiting

# What waits for its segment is read from a folder that stays as it is.
cp -r "$data" "$work/copy"
rm -rf "$work/copy/keys" "$work/copy/lock"
find "$work/copy" -type f -exec sha256sum {} + | sort >"$work/before"
NGUON_DATA=$work/copy "$program" verify --public-key "$data/public.pem" >"$work/out" 2>&1
same "a copy is verified" 0 $?
find "$work/copy" -type f -exec sha256sum {} + | sort >"$work/after"
same_files "  and no byte of it changes" "$work/before" "$work/after"
same "nothing is left in the common folder" "" "$(ls -d "${TMPDIR:-/tmp}"/nguon-hot-* 2>/dev/null)"
finish
