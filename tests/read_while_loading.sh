#!/usr/bin/env bash
# Goal: who reads does not wait for who loads, and sees the state before. Method: through a node, reads while an upload
# stands half sent, and while more loads run than the node has threads for handlers; in a folder without a node, a
# command while another one loads from a pipe that stays open: it says soon who holds the folder, and exits 5.
source "$(dirname "$0")/lib/testing.sh"

rows=${NGUON_TEST_ROWS:-1000000}
make_node
small_contract small open >"$work/c.yaml"
nguon apply "$work/c.yaml"
small_rows 1 3 >"$work/few.csv"
nguon load small.item "$work/few.csv"
same "three rows to begin with" 0 "$code"

# The three ways to read, each within 5 s; the count last. Sets $seen: before; after, where a load was taken meanwhile;
# else what went wrong.
read_all() {
    local counted listed one
    one=$(curl -sS -m 5 "http://$public/api/v1/datasets/small.item/rows/k000002" 2>&1)
    listed=$(curl -sS -m 5 "http://$public/api/v1/datasets/small.item/rows?sort=-id&limit=1" 2>&1)
    counted=$(curl -sS -m 5 "http://$public/api/v1/query" -H 'Content-Type: application/json' \
        -d '{"sql":"select count(*) from small.item"}' 2>&1)
    seen="wrong: $one $listed $counted"
    [[ $counted != *"[[$rows]]"* ]] || seen=after
    [[ $one != *'"amount":14'* || $listed != *'"id":"k000003"'* || $counted != *'[[3]]'* ]] || seen=before
}

start_node
read_all
same "before" before "$seen"

mkfifo "$work/upload"
curl -sS -m 120 -T - "http://$internal/api/v1/datasets/small.item/batches" -X POST -H "Authorization: Bearer $token" \
    -H 'Content-Type: application/octet-stream' -H 'Expect:' <"$work/upload" >"$work/answer" 2>&1 &
upload=$!
exec {pipe}>"$work/upload"
cat "$work/few.csv" >&"$pipe"
read_all
same "an upload that stands half sent keeps nobody waiting" before "$seen"
exec {pipe}>&-
wait "$upload"
same "and is taken in the end" accepted "$(field status "$(<"$work/answer")")"

# Six loads, four threads: one works, three wait for the dataset's lock, two for a thread.
small_rows 1 "$rows" >"$work/many.csv"
loads=()
for i in 1 2 3 4 5 6; do
    curl -sS -m 300 -T "$work/many.csv" "http://$internal/api/v1/datasets/small.item/batches" -X POST \
        -H "Authorization: Bearer $token" -H 'Content-Type: application/octet-stream' -H 'Expect:' \
        -o "$work/load.$i" &
    loads+=($!)
done
are_waiting() { # the node has taken all it can: what came after it is queued
    local text # read whole: a reader that leaves early fails the one that writes
    text=$(curl -sS -m 5 "http://$internal/metrics" -H "Authorization: Bearer $token") &&
        grep -qE '^nguon_http_queue_length [1-9]' <<<"$text"
}
for _ in {1..600}; do
    ! are_waiting || break
    sleep 0.1
done
tell "six loads: more than there are threads" are_waiting
answered=0
while kill -0 "${loads[@]}" 2>/dev/null; do
    read_all
    [ "$seen" = before ] || break
    answered=$((answered + 1))
done
tell "reads during the loads are answered, and show the state before ($answered times)" test $answered -gt 0
[[ $seen == before || $seen == after ]] || not_ok "until the first load was taken" "$seen"
wait "${loads[@]}"
answers=''
for i in 1 2 3 4 5 6; do answers+="$(field status "$(<"$work/load.$i")") "; done
same "every load is answered" "accepted accepted accepted accepted accepted accepted " "$answers"
read_all
same "afterwards the rows are there" after "$seen"
stop_node

# A folder without a node: one command at a time.
mkfifo "$work/slow"
NGUON_DATA=$data "$program" load small.item - <"$work/slow" >"$work/loaded" 2>&1 &
loader=$!
exec {pipe}>"$work/slow"
head -n 2 "$work/few.csv" >&"$pipe"
for _ in {1..300}; do
    ! grep -qx "$loader" "$data/lock" 2>/dev/null || break
    sleep 0.1
done
same "the load holds the folder" "$loader" "$(<"$data/lock")"
started=$SECONDS
nguon get small.item k000001
waited=$((SECONDS - started))
same "a get meanwhile: held" 5 "$code"
holds "it names the process that holds the folder" "$err" "$loader"
holds "it said so while it waited" "$err" "waiting up to 10 s"
tell "within 20 s" test $waited -le 20
exec {pipe}>&-
wait "$loader"
same "the load ends as if nothing had been" 0 $?
nguon get small.item k000001
same "then the row is there" 0 "$code"
finish
