#!/usr/bin/env bash
# Goal: a full disk is said, loses nothing and is no end: reads go on where they can, and after space returns writes go
# on by themselves. Method: a node in a tmpfs of its own that is filled to the last bytes; then each thing that writes, once
# by command and once over HTTP, at many degrees of fullness; then space, and the same again. A limit on file sizes likewise.
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
if [ "${NGUON_IN_TMPFS:-}" != yes ]; then
    for how in "unshare -m" "unshare -rm"; do
        $how true 2>/dev/null && $how sh -c 'mount -t tmpfs -o size=1m none /mnt' 2>/dev/null &&
            NGUON_IN_TMPFS=yes exec $how bash "$here/full_disk.sh"
    done
    echo "skip a full disk: no file system can be mounted here"
    echo "0 passed, 0 failed"
    exit 0
fi
source "$here/lib/testing.sh"
seed_random

small=$work/small
mkdir "$small"
mount -t tmpfs -o size=40m none "$small" || finish
data=$small/node
export XDG_CONFIG_HOME=$work/config
make_node
small_contract small open >"$work/c.yaml"
nguon apply "$work/c.yaml"
printf 'settings:\n  rows.seal_count: 10\n  rows.seal_seconds: 1\n' >>"$data/nguon.yaml"
d=/api/v1/datasets/small.item
small_rows 1 20000 >"$work/rows.csv"
nguon load small.item "$work/rows.csv"
nguon backup "$work/backups" --json
rows() { "$program" query "select count(*) from small.item" --format csv --data "$data" 2>/dev/null | tail -n 1 | tr -d '\r'; }
stands=$(rows)
same "rows at the start" 20000 "$stands"
fill() { # leaves so many KiB
    rm -f "$small/ballast"
    local free
    free=$(df -k --output=avail "$small" | tail -n 1)
    [ "$free" -le "$1" ] || dd if=/dev/zero of="$small/ballast" bs=1024 count=$((free - $1)) status=none 2>/dev/null
}
# said WHAT CODE…: the last command failed as unavailable and says what to do, or worked.
said() {
    local what=$1
    if [ "$code" = 0 ] || [ "$code" = 1 ]; then
        ok "$what (it found room)"
    elif [ "$code" = 5 ] && [[ $(field error.code) = unavailable && -n $(field error.fix) ]]; then
        ok "$what: unavailable"
    else
        not_ok "$what" "$code $out $err"
    fi
}

batch=0
for room in 0 8 40 120 400 1200; do
    batch=$((batch + 1))
    small_rows $((batch * 100000)) $((batch * 100000 + 19999)) >"$work/rows.csv"
    echo "w$batch,Sai,x,2026-01-01" >>"$work/rows.csv"
    fill $room
    nguon load small.item "$work/rows.csv" --json
    said "a load with $room KiB left"
    [ "$code" -gt 1 ] || stands=$((stands + 20000))
    nguon delete small.item "k00000$batch" --json
    said "  a delete"
    [ "$code" -gt 1 ] || stands=$((stands - 1))
    nguon erase small.item "k000$((100 + batch))" --order "Quyết định $batch" --json
    said "  an erasure"
    rm -f "$small/ballast"
    nguon verify --json
    same "  intact" "0 true" "$code $(field ok)"
    nguon get small.item "k000$((100 + batch))" --json
    [ "$code" = 0 ] || stands=$((stands - 1))
    same "  and as many rows as were acknowledged" "$stands" "$(rows)"
    [ -z "$(ls -A "$data/tmp")" ] && ok "  tmp/ is empty" || not_ok "tmp/" "$(ls "$data/tmp" | head -n 3)"
done

start_node || finish
api PUT "$d/rows/before" -d '{"name":"x"}'
same "a row written alone" 200 "$status"
fill 0
sleep 2.5 # sealing fails meanwhile
api GET /health
same "/health says so" "503 degraded" "$status $(field status "$body")"
written=0 refused=0
for i in $(seq 1 200); do
    api PUT "$d/rows/full$i" -d "{\"name\":\"$(head -c 300 /dev/zero | tr '\0' x)\"}"
    if [ "$status" = 200 ]; then
        written=$((written + 1)) last=full$i
    else
        refused=$((refused + 1)) said=$status
    fi
done
[ $refused -gt 0 ] && same "rows are refused" 503 "$said" || not_ok "a full disk refused nothing" "$written"
api GET "$d/rows/before"
same "  reads go on" 200 "$status"
api POST "$d/batches" --data-binary "@$work/rows.csv" -H 'Content-Type: text/csv'
same "  a load is refused" 503 "$status"
api POST "$d/views/current/rebuild"
same "  a base, too" 503 "$status"
api POST /api/v1/backup -d "{\"to\":\"$small/backup\"}"
same "  a backup, too" 503 "$status"
rm -rf "$small/ballast" "$small/backup"
sleep 0.5
api PUT "$d/rows/after" -d '{"name":"y"}'
same "with space again writes go on by themselves" 200 "$status"
[ $written = 0 ] || api GET "$d/rows/$last"
same "  what was acknowledged is there" 200 "$status"
api POST "$d/batches" --data-binary "@$work/rows.csv" -H 'Content-Type: text/csv'
[[ $status = 20* ]] && ok "  loads go on" || not_ok "loads go on" "$status $body"
sleep 2.5
stop_node
nguon verify --json
same "intact at the end" "0 true" "$code $(field ok)"
nguon query "select count(*) from small.item where id like 'full%'" --format csv
same "  the rows written alone are those that were acknowledged" "$written" "$(tail -n 1 <<<"$out" | tr -d '\r')"

# A restore that does not fit.
mkdir "$small/r"
fill 200
"$program" restore "$work/backups" --data "$small/r/node" --key "$data/keys/backup.key" --json >"$work/out" 2>&1
code=$? out=$(cat "$work/out")
said "a restore that does not fit"
[ ! -e "$small/r/node/nguon.yaml" ] && ok "  is no node" || not_ok "half a node" ""
rm -f "$small/ballast"
"$program" restore "$work/backups" --data "$small/r/node" --key "$data/keys/backup.key" --json >"$work/out" 2>&1
same "  and can be begun again" 0 $?

# Files may be no longer than 64 KiB.
small_rows 900000 930000 >"$work/rows.csv"
before=$(rows)
out=$(ulimit -f 64; trap '' XFSZ; "$program" load small.item "$work/rows.csv" --data "$data" --json 2>"$work/err")
code=$? err=$(cat "$work/err")
said "a limit on the size of files"
[ "$code" -gt 1 ] || before=$((before + 30001))
nguon verify --json
same "  intact" "0 true" "$code $(field ok)"
same "  and nothing half" "$before" "$(rows)"

# Mounted for reading only: reads work, writes are said.
mount -o remount,ro "$small"
nguon get small.item k000200 --json
same "read only: reads go on" 0 "$code"
nguon load small.item "$work/rows.csv" --json
[ "$code" -ge 2 ] && [ -n "$(field error.fix)" ] && [ "$(field error.code)" != internal ] &&
    ok "  writes are refused ($(field error.code))" || not_ok "  writes" "$code $out $err"
mount -o remount,rw "$small"
nguon load small.item "$work/rows.csv" --json
[ "$code" -le 1 ] && ok "  and go on after" || not_ok "writes go on" "$code $out $err"
umount -l "$small"
finish
