#!/usr/bin/env bash
# Goal: what a backup says it has is there after a restore, whatever the node did meanwhile; and a node can be taken
# back to any moment that a backup reaches. Method: backups of a serving node while rows are put and files are loaded;
# each is restored and verified with the node's public key alone, and its rows are those of a prefix of the history.
# Then moments between writes, contracts and seals; a lost key; damage; kill -9 in the middle of both.
source "$(dirname "$0")/lib/testing.sh"
seed_random
export XDG_CONFIG_HOME=$work/config

make_node
small_contract small open >"$work/c.yaml"
nguon apply "$work/c.yaml"
printf 'settings:\n  rows.seal_count: 30\n  rows.seal_seconds: 1\n' >>"$data/nguon.yaml"
d=/api/v1/datasets/small.item
repo=$work/backups

# rows_of FOLDER: what a reader counts there.
rows_of() { "$program" query "select count(*) from small.item" --format csv --data "$1" | tail -n 1 | tr -d '\r'; }
restored() { # NAME ARGUMENT…: into $work/NAME, verified with the key of the node that was
    local name=$1
    shift
    nguon_at "$work/$name" restore "$repo" --json "$@"
    [ "$code" = 0 ] || return 1
    "$program" verify --data "$work/$name" --public-key "$data/public.pem" --json >/dev/null
}
nguon_at() { # FOLDER ARGUMENT…
    local kept=$data
    data=$1
    shift
    nguon "$@"
    data=$kept
}

small_rows 1 2000 >"$work/rows.csv"
nguon load small.item "$work/rows.csv"
start_node || finish
writer() {
    local i
    for ((i = 0; ; i++)); do
        curl -s -m 10 -X PUT -H "Authorization: Bearer $token" -d "{\"name\":\"Tên $i\",\"amount\":$i}" \
            -o /dev/null "http://$internal$d/rows/w$1-$i" || return 0
    done
}
jobs=()
for w in 1 2 3; do
    writer $w &
    jobs+=($!)
done
backups=()
for round in 1 2 3 4; do
    sleep "0.$((RANDOM % 8 + 2))"
    nguon backup "$repo" --json
    same "backup $round while rows are put" 0 "$code"
    backups+=("$(field id)")
    [ $round != 2 ] || { small_rows 2001 2500 >"$work/rows.csv" && nguon load small.item "$work/rows.csv"; }
done
holds "only what is new is copied" "$(field reused)" ""
kill "${jobs[@]}" 2>/dev/null
wait "${jobs[@]}" 2>/dev/null
nguon backup list "$repo" --json
same "four are listed, the newest first" "4 ${backups[3]}" "$(grep -o '"id"' <<<"$out" | wc -l) $(field backups.0.id)"
for i in 0 3; do
    restored "r$i" --backup "${backups[$i]}" && ok "backup $((i + 1)) is restored and verified" || not_ok "restore $i" "$out $err"
    same "  with the rows it says" "$(field rows)" "$("$program" history small.item --data "$work/r$i" --json --limit 10000 | grep -o '"op":"insert"' | wc -l)"
    nguon_at "$work/r$i" query "select count(*) from small.item where id like 'w%'" --format csv
    [ "$(tail -n 1 <<<"$out" | tr -d '\r')" -gt 0 ] && ok "  rows written alone among them" || not_ok "rows written alone" "$out"
done
before=$(rows_of "$data")
nguon backup verify "$repo" --json
same "verify without restoring" "0 true" "$code $(field ok)"
mkdir "$work/scratch"
echo mine >"$work/scratch/notes"
nguon backup drill "$repo" --scratch "$work/scratch" --json
same "a drill" "0 true" "$code $(field ok)"
nguon backup drill "$repo" --scratch "$work/scratch" --backup nosuch --json
same "  of a backup that is not there" "3 not_found" "$code $(field error.code)"
same "  clears its own folder away and nothing else" notes "$(ls "$work/scratch")"
api POST /api/v1/backup -d "{\"to\":\"$work/by-http\"}"
same "over HTTP" 200 "$status"
open_api POST /api/v1/backup -d "{\"to\":\"$work/by-http\"}"
same "  not from outside" 403 "$status"
api POST /api/v1/backup -d "{\"to\":\"$data/views/b\"}"
same "  not into itself" "400 invalid" "$status $(field code "$body")"

# Moments. Rows written alone before and after one, sealed together later; a column renamed after it.
moment() { date -u +%Y-%m-%dT%H:%M:%S.%6NZ; }
stop_node
sed -i 's/rows.seal_count: 30/rows.seal_count: 1000/; s/rows.seal_seconds: 1/rows.seal_seconds: 1000/' "$data/nguon.yaml"
start_node || finish
api PUT "$d/rows/alone1" -d '{"name":"Một","amount":1,"day":"2026-01-02"}'
api PUT "$d/rows/alone2" -d '{"name":"Hai"}'
api DELETE "$d/rows/k000001"
before=$(rows_of "$data")
sleep 0.01
then=$(moment)
nguon query "select * from small.item order by id" --format csv --limit-rows 100000
out_then=$out
api PUT "$d/rows/alone1" -d '{"name":"Một sửa","amount":2}'
api PUT "$d/rows/alone3" -d '{"name":"Ba"}'
small_rows 5001 5010 >"$work/rows.csv"
nguon load small.item "$work/rows.csv" # seals them
sed 's/version: .*/version: 2.0.0/; s/name: amount/name: total/' "$work/c.yaml" >"$work/c2.yaml"
nguon apply "$work/c2.yaml"
same "a new contract" 0 "$code"
small_contract later open >"$work/later.yaml"
nguon apply "$work/later.yaml"
stop_node
nguon backup "$repo" --json
same "the folder itself, without a node" 0 "$code"
restored then --at "$then" && ok "a moment in the middle of a segment" || not_ok "restore --at" "$out $err"
nguon_at "$work/then" query "select * from small.item order by id" --format csv --limit-rows 100000
[ "$out" = "$out_then" ] && ok "  has the very rows of then" || not_ok "the rows of then" "$(diff <(echo "$out_then") <(echo "$out") | head -n 5)"
nguon_at "$work/then" datasets --json
same "  and no dataset of later" 1 "$(grep -o '"dataset"' <<<"$out" | wc -l)"
nguon_at "$work/then" load small.item "$work/rows.csv" --json
same "  it goes on from there" "0 10" "$code $(field changes.inserted)"
nguon_at "$work/then" verify --json
same "  and verifies" "0 true" "$code $(field ok)"
restored first --at "2020-01-01T00:00:00Z"
nguon_at "$work/first" datasets --json
same "before everything there is nothing" "0 0" "$code $(grep -o '"dataset"' <<<"$out" | wc -l)"
nguon_at "$work/never" restore "$repo" --at 2100-01-01T00:00:00Z --json
same "later than every backup: said" "3 not_found" "$code $(field error.code)"

# What must not work.
nguon_at "$work/then" restore "$repo" --json
same "not over a node" "4 conflict" "$code $(field error.code)"
mv "$XDG_CONFIG_HOME" "$work/config.away"
nguon_at "$work/nokey" restore "$repo" --json
same "not without the key" "3 not_found" "$code $(field error.code)"
nguon_at "$work/nokey" restore "$repo" --key "$data/keys/backup.key" --json
same "with it by name" 0 "$code"
mv "$work/config.away" "$XDG_CONFIG_HOME"
found=$(grep -rlaE 'Tên [0-9]|Một|k2000' "$repo" | head -n 3)
same "nothing can be read in the folder" "" "$found"

# Killed in the middle: backups before stay, the next works; a restore can be begun again.
for i in 1 2 3; do
    small_rows $((6000 + i * 20000)) $((25000 + i * 20000)) >"$work/rows.csv"
    nguon load small.item "$work/rows.csv"
    "$program" backup "$repo" --data "$data" --json >/dev/null 2>&1 &
    job=$!
    sleep "0.0$((RANDOM % 9))"
    kill -KILL $job 2>/dev/null
    wait $job 2>/dev/null
    nguon backup verify "$repo" --json
    same "a backup killed: those that are there are whole" "0 true" "$code $(field ok)"
done
nguon backup "$repo" --json
same "  and the next is made" 0 "$code"
for i in 1 2 3; do
    "$program" restore "$repo" --data "$work/killed" >/dev/null 2>&1 &
    job=$!
    sleep "0.0$((RANDOM % 9))"
    kill -KILL $job 2>/dev/null
    wait $job 2>/dev/null
    [ ! -e "$work/killed/nguon.yaml" ] || break
done
[ -e "$work/killed/nguon.yaml" ] || nguon_at "$work/killed" restore "$repo" --json
same "a restore killed can be begun again" "$(rows_of "$data")" "$(rows_of "$work/killed")"

object=$(find "$repo/objects" -type f -size +1k | sort | head -n 1)
printf X | dd of="$object" bs=1 seek=100 conv=notrunc status=none
nguon backup verify "$repo" --json
same "a byte changed: named" "1 false" "$code $(field ok)"
nguon backup prune "$repo" --keep 1 --json
same "prune" "0 1" "$code $(field kept)"
finish
