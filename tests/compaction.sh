#!/usr/bin/env bash
# Goal: bases change how fast rows are read and nothing else. Method: a dataset of many small changes, read as a whole,
# sorted, by SQL, as of earlier moments and compared by loads, with bases and without; made while rows are written and
# files loaded; killed in the middle.
source "$(dirname "$0")/lib/testing.sh"
seed_random

make_node
small_contract small open >"$work/c.yaml"
nguon apply "$work/c.yaml"
printf 'settings:\n  rows.seal_count: 20\n  rows.seal_seconds: 1\n  bases.kept: 2\n' >>"$data/nguon.yaml"
d=/api/v1/datasets/small.item
small_rows 1 3000 >"$work/rows.csv"
nguon load small.item "$work/rows.csv"
for i in 1 2 3; do
    { echo id,name,amount,day; for j in $(seq 1 150); do printf 'k%06d,Sửa %d,%d,\n' $((RANDOM % 3000 + 1)) "$i" "$RANDOM"; done | sort -u -t, -k1,1; } >"$work/u.csv"
    nguon load small.item "$work/u.csv"
    nguon delete small.item "k00000$i"
done
all() { # of the folder, at a moment
    "$program" query "select * from small.item order by id" --format csv --limit-rows 100000 --data "$data" ${1:+--as-of "$1"}
}
head_seq() { "$program" datasets --data "$data" --json | grep -o '"seq":[0-9]*' | cut -d: -f2; }
middle=$(head_seq)
all >"$work/without"
all "seq:$((middle / 2 + 1000))" >"$work/without.then"
nguon rebuild small.item --view current --json
same "a base is made" "0 2997" "$code $(field rows)"
same "  of one file" 1 "$(find "$data/views/base" -type f | wc -l)"
all >"$work/with"
same_files "  and the rows are the same" "$work/without" "$work/with"
all "seq:$((middle / 2 + 1000))" >"$work/with.then"
same_files "  also before it" "$work/without.then" "$work/with.then"

start_node || finish
writer() {
    local i
    for ((i = 0; ; i++)); do
        curl -s -m 10 -X PUT -H "Authorization: Bearer $token" -d "{\"name\":\"Tên $i\",\"amount\":$i}" \
            -o /dev/null "http://$internal$d/rows/w$1-$((i % 300))" || return 0
    done
}
jobs=()
for w in 1 2; do
    writer $w &
    jobs+=($!)
done
for round in 1 2 3 4 5 6; do
    sleep 0.5
    api POST "$d/views/current/rebuild"
    wrong=$([ "$status" = 200 ] || echo "$status $body")
    same "made while rows are written, $round" "" "$wrong"
    open_api GET "$d/rows?limit=1&sort=-id"
    [ "$status" = 200 ] || not_ok "a reader beside it" "$status $body"
    nguon query "select count(*) c, count(distinct id) d from small.item" --format csv
    line=$(tail -n 1 <<<"$out" | tr -d '\r')
    same "  no row is there twice" "${line%%,*}" "${line##*,}"
    if [ $round = 3 ]; then
        small_rows 5001 5500 >"$work/rows.csv"
        nguon load small.item "$work/rows.csv" --json
        same "  a load beside it" "0 500" "$code $(field changes.inserted)"
    fi
done
kill "${jobs[@]}" 2>/dev/null
wait "${jobs[@]}" 2>/dev/null
same "two are kept" 2 "$(find "$data/views/base" -type f | wc -l)"
for round in 1 2 3; do
    curl -s -m 10 -X PUT -H "Authorization: Bearer $token" -d '{"name":"x"}' -o /dev/null "http://$internal$d/rows/z$round"
    sleep 1.2 # sealed by then
    curl -s -m 10 -X POST -H "Authorization: Bearer $token" -o /dev/null "http://$internal$d/views/current/rebuild" &
    job=$!
    sleep "0.0$((RANDOM % 5))"
    kill -KILL "$pid"
    wait "$pid" $job 2>/dev/null
    pid=''
    nguon verify --json
    same "killed $round: verify" "0 true" "$code $(field ok)"
    start_node || finish
done
stop_node
all >"$work/with"
rm -rf "$data/views/base"
all >"$work/without"
same_files "thrown away, the rows are the same" "$work/without" "$work/with"
finish
