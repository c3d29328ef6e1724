#!/usr/bin/env bash
# Goal: a program that follows a dataset by its stream misses no change and gets none twice, whoever writes and whatever
# cuts it off. Method: writers put rows and files are loaded while followers read; one is cut off again and again and goes
# on behind the last event it had; the node is killed and started in between. At the end each has every number once.
source "$(dirname "$0")/lib/testing.sh"
seed_random

make_node
small_contract small open >"$work/c.yaml"
nguon apply "$work/c.yaml"
printf 'settings:\n  rows.seal_count: 30\n  rows.seal_seconds: 1\n  http.write_threads: 12\n' >>"$data/nguon.yaml"
d=/api/v1/datasets/small.item
small_rows 1 1200 >"$work/rows.csv"
nguon load small.item "$work/rows.csv"
start_node || finish

curl -sN -m 3 -H 'Accept: text/event-stream' -D "$work/head" "http://$public$d/history?from=1195" >"$work/events"
same "a stream of events" "text/event-stream" "$(sed -nE 's/^[Cc]ontent-[Tt]ype: ([^;\r]*).*/\1/p' "$work/head")"
same "  from where it was asked" "1195 1196 1197 1198 1199 1200" "$(sed -n 's/^id: //p' "$work/events" | xargs)"
same "  each a change" "insert 1195" "$(sed -n 's/^data: //p' "$work/events" | head -n 1 | { read -r line; echo "$(field op "$line") $(field seq "$line")"; })"
curl -sN -m 2 -H 'Accept: text/event-stream' -H 'Last-Event-ID: 1198' "http://$public$d/history" >"$work/events"
same "  behind the last event" "1199 1200" "$(sed -n 's/^id: //p' "$work/events" | xargs)"
curl -sN -m 2 -H 'Accept: text/event-stream' "http://$public$d/history?key=k000007" >"$work/events"
same "  of one row" "7" "$(sed -n 's/^id: //p' "$work/events" | xargs)"
code=$(curl -s -m 5 -o "$work/body" -w '%{http_code}' -H 'Accept: text/event-stream' "http://$public/api/v1/datasets/no.such/history")
same "what is wrong is said before" "404 not_found" "$code $(field code "$(cat "$work/body")")"
open_api GET "$d/history?limit=1"
same "without it JSON as ever" "200 application/json" "$status $(sed -nE 's/^[Cc]ontent-[Tt]ype: ([^;\r]*).*/\1/p' <<<"$headers")"

writer() {
    local i
    for ((i = 0; ; i++)); do
        [ -e "$work/stop" ] && return
        curl -s -m 10 -X PUT -H "Authorization: Bearer $token" -d "{\"name\":\"Tên $i\",\"amount\":$i}" \
            -o /dev/null "http://$internal$d/rows/w$1-$((i % 50))" || sleep 0.2
    done
}
# follower NAME LONGEST: goes on behind its last event until it is told to stop; each connection lasts at most so long.
follower() {
    local last=0
    : >"$work/got.$1"
    while [ ! -e "$work/done" ]; do
        curl -sN -m "$2" -H 'Accept: text/event-stream' -H "Last-Event-ID: $last" "http://$(cat "$work/public")$d/history" \
            >"$work/part.$1" 2>/dev/null
        # An event that was cut off has no empty line behind it.
        awk 'BEGIN { RS = ""; FS = "\n" } { print }' ORS='\n\n' "$work/part.$1" |
            awk 'BEGIN { RS = "" } /event: change/ && /data: .*}$/ { for (i = 1; i <= NF; i++) if ($i == "id:") print $(i + 1) }' >>"$work/got.$1"
        last=$(tail -n 1 "$work/got.$1")
        last=${last:-0}
        sleep 0.05
    done
}
echo "$public" >"$work/public"
jobs=()
for w in 1 2; do writer $w & jobs+=($!); done
follower steady 60 & jobs+=($!)
follower cut 0.4 & jobs+=($!)
# Reads next to nothing, so that the node must wait for it.
(curl -sN -m 20 --limit-rate 2k -H 'Accept: text/event-stream' "http://$public$d/history" >/dev/null 2>&1) & jobs+=($!)
sleep 2
small_rows 3001 4000 >"$work/rows.csv"
nguon load small.item "$work/rows.csv"
same "a load beside them" 0 "$code"
sleep 1
kill -KILL "$pid"
wait "$pid" 2>/dev/null
pid=''
start_node || finish
echo "$public" >"$work/public"
token=$(cat "$data/admin.token")
for ((i = 0; i < 20; i++)); do # the writers have the old address: these are the last changes
    api PUT "$d/rows/last$i" -d '{"name":"x"}'
done
touch "$work/stop"
sleep 2
touch "$work/done"
stopped=$(date +%s)
stop_node
same "a stop does not wait for followers" yes "$([ $(($(date +%s) - stopped)) -le 8 ] && echo yes || echo "$(($(date +%s) - stopped)) s")"
wait "${jobs[@]}" 2>/dev/null
nguon datasets --json
head=$(grep -o '"seq":[0-9]*' <<<"$out" | cut -d: -f2)
[ "$head" -gt 2300 ] && ok "$head changes were made" || not_ok "changes were made" "$head"
seq "$head" >"$work/all"
for name in steady cut; do
    sort -n "$work/got.$name" >"$work/sorted"
    same "follower $name: none is missing" "" "$(comm -23 <(sort "$work/all") <(sort -u "$work/sorted") | head -n 3 | xargs)"
    same "  none came twice" "" "$(uniq -d "$work/sorted" | head -n 3 | xargs)"
    same_files "  and in order" "$work/sorted" "$work/got.$name"
done

start_node || finish
streams=()
for i in 1 2 3 4 5 6; do
    curl -sN -m 6 -o /dev/null -H 'Accept: text/event-stream' "http://$public$d/history?from=999999" &
    streams+=($!)
done
sleep 1
code=$(curl -s -m 3 -o /dev/null -w '%{http_code}' -H 'Accept: text/event-stream' "http://$public$d/history")
same "more than half of the waiting threads: 503" 503 "$code"
api PUT "$d/rows/still" -d '{"name":"x"}'
same "  and writers go on" 200 "$status"
kill "${streams[@]}" 2>/dev/null
wait "${streams[@]}" 2>/dev/null
sleep 1.5
code=$(curl -s -m 1 -o /dev/null -w '%{http_code}' -H 'Accept: text/event-stream' "http://$public$d/history")
same "  those who went made room" 200 "$code"
finish
