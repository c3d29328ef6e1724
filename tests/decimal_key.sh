#!/usr/bin/env bash
# Goal: a key of DECIMAL(38,4) works from end to end, with all its digits. Method: keys that differ in the 38th digit
# only, loaded, repeated, read by key from the folder and from a node, written, read as of before, and deleted.
source "$(dirname "$0")/lib/testing.sh"

make_node
cat >"$work/c.yaml" <<'CONTRACT'
apiVersion: v3.1.0
kind: DataContract
id: money
name: money
version: 1.0.0
status: active
domain: money
schema:
  - name: lot
    logicalType: object
    properties:
      - {name: number, logicalType: number, physicalType: "DECIMAL(38,4)", primaryKey: true, primaryKeyPosition: 1, required: true}
      - {name: name, logicalType: string}
CONTRACT
nguon apply "$work/c.yaml"
same "the contract is taken" 0 "$code"
a=1234567890123456789012345678901234.5678
b=1234567890123456789012345678901234.5679
c=-9999999999999999999999999999999999.9999
cat >"$work/lots.csv" <<CSV
number,name
$a,một
$b,hai
$c,âm
18446744073709551616,hai mũ 64
00$a,lặp
1${a/./},quá dài
CSV
nguon load money.lot "$work/lots.csv" --json
same "four lots, a repeated one, and one of too many digits" "6 4 2" \
    "$(field rows.read) $(field rows.accepted) $(field rows.rejected)"

get() { # WHAT KEY NAME [FLAG…]
    nguon get money.lot --json "${@:4}" -- "$2"
    same "$1" "$2 $3" "$(field number) $(field name)"
}
everywhere() { # WHERE
    get "$1: the 38th digit is 8" $a một
    get "$1: the 38th digit is 9" $b hai
    get "$1: below zero" $c âm
    nguon get money.lot "00$a" --json
    same "$1: a key with zeros before it" một "$(field name)"
    nguon get money.lot ${a%8}7
    same "$1: the next one is not there" 3 "$code"
}
everywhere "from the folder"
start_node
everywhere "from a node"
api PUT "/api/v1/datasets/money.lot/rows/$b" -H 'Content-Type: application/json' -d '{"name":"hai, sửa"}'
same "PUT with the key in the address" "200 1" "$status $(field changes.updated "$body")"
api PUT "/api/v1/datasets/money.lot/rows/$a" -H 'Content-Type: application/json' -d "{\"number\":\"$a\",\"name\":\"một, sửa\"}"
same "PUT with the key in the body, too" "200 1" "$status $(field changes.updated "$body")"
api PUT "/api/v1/datasets/money.lot/rows/$a" -H 'Content-Type: application/json' -d "{\"number\":\"$b\",\"name\":\"khác\"}"
same "PUT with another key in the body" 400 "$status"
get "after PUT" $b "hai, sửa"
get "as of before" $b hai --as-of seq:4
api GET "/api/v1/datasets/money.lot/rows?number=$b"
same "a filter" "hai, sửa" "$(field rows.0.name "$body")"
api GET "/api/v1/datasets/money.lot/history?key=$a"
same "the history of one key" "một một, sửa" "$(field changes.0.row.name "$body") $(field changes.1.row.name "$body")"
nguon query "select count(*) from money.lot where number = $b" --format csv
same "SQL" 1 "$(tail -n 1 <<<"$out" | tr -d '\r')"
printf 'number,name\n%s,tải lại\n' "$a" >"$work/again.csv"
nguon load money.lot "$work/again.csv" --json
same "a second load finds the row" "0 1" "$(field changes.inserted) $(field changes.updated)"
api DELETE "/api/v1/datasets/money.lot/rows/$a"
same "DELETE" "200 1" "$status $(field changes.deleted "$body")"
nguon get money.lot $a
same "it is gone" 3 "$code"
get "its neighbour is not" $b "hai, sửa"
stop_node
nguon verify
same "verify" 0 "$code"
finish
