#!/usr/bin/env bash
# A data directory whose control.db is gone, empty or older than its history: nothing may be removed, every command
# says so, and verify does not call it intact.
source "$(dirname "$(readlink -f "$0")")/lib/testing.sh"

make_node
small_contract small open >"$work/c.yaml"
nguon apply "$work/c.yaml"
small_rows 1 20 >"$work/a.csv"
nguon load small.item "$work/a.csv"
cp "$data/control.db" "$work/older.db"
for from in 21 41 61; do
    small_rows $from $((from + 19)) >"$work/more.csv"
    nguon load small.item "$work/more.csv"
done
segments() { ls "$data/segments" | wc -l; }
before=$(segments)

for damage in gone empty older; do
    cp "$data/control.db" "$work/kept.db"
    rm -f "$data"/control.db-*
    case $damage in
        gone) rm "$data/control.db" ;;
        empty) : >"$data/control.db" ;;
        older) cp "$work/older.db" "$data/control.db" ;;
    esac
    expect 6 get small.item k1
    expect 6 query "select count(*) from small.item"
    same "$damage: no segment was removed" "$before" "$(segments)"
    expect 1 verify
    cp "$work/kept.db" "$data/control.db"
    rm -f "$data"/control.db-*
done
expect 0 verify
finish
