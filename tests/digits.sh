#!/usr/bin/env bash
# Goal: no digit is lost between a file and an answer. Method: numbers past what a double holds, from JSON in each of its
# forms and from CSV; asked by every way out, each compared as text. Then a document of several lists.
source "$(dirname "$(readlink -f "$0")")/lib/testing.sh"

make_node
cat >"$work/c.yaml" <<'YAML'
apiVersion: v3.2.0
kind: DataContract
id: digits
version: 1.0.0
status: active
domain: digits
name: digits
schema:
  - name: account
    customProperties: [{property: access, value: open}]
    properties:
      - {name: id, logicalType: integer, primaryKey: true, required: true}
      - {name: amount, logicalType: number, physicalType: 'DECIMAL(20,2)'}
      - {name: whole, logicalType: number, physicalType: 'DECIMAL(16,0)'}
      - {name: big, logicalType: integer, logicalTypeOptions: {format: u64}}
      - {name: note, logicalType: string}
      - {name: more, logicalType: object}
YAML
expect 0 apply "$work/c.yaml"
id=9007199254740993 amount=12345678901234567.89 whole=9999999999999999 big=18446744073709551615
object="{\"id\":$id,\"amount\":$amount,\"whole\":$whole,\"big\":$big,\"note\":$id,\"more\":{\"x\":$amount,\"y\":[0.10]}}"
echo "$object" >"$work/a.jsonl"
echo "[$object]" >"$work/b.json"
printf '{"meta":{"n":1},"data":{"items":[\n%s\n]}}' "$object" >"$work/c.json"
printf 'id,amount,whole,big,note,more\n%s,%s,%s,%s,%s,"{""x"":%s,""y"":[0.10]}"\n' \
    $id $amount $whole $big $id $amount >"$work/d.csv"
expect 0 load digits.account "$work/a.jsonl"
same "JSON lines: one row" 1 "$(field changes.inserted)"
for file in b.json c.json d.csv; do
    expect 0 load digits.account "$work/$file"
    same "$file is the same row" "1 0" "$(field changes.unchanged) $(field changes.updated)"
done

row="{\"id\":$id,\"amount\":\"$amount\",\"whole\":\"$whole\",\"big\":\"$big\",\"note\":\"$id\",\"more\":{\"x\":$amount,\"y\":[0.10]}}"
nguon get digits.account $id --json
same "get" "$row" "$out"
nguon history digits.account --json
holds "history" "$out" "$row"
nguon query "select * from digits.account" --json
holds "query as JSON" "$out" "[[$id,\"$amount\",\"$whole\",\"$big\",\"$id\","
nguon query "select * from digits.account" --format csv
holds "query as CSV" "$out" "$id,$amount,$whole,$big,$id,"
start_node || finish
d=/api/v1/datasets/digits.account
open_api GET "$d/rows"
same "rows as JSON" "{\"rows\":[$row],\"next\":null}" "$body"
open_api GET "$d/rows/$id"
same "one row" "$row" "$body"
open_api GET "$d/rows?format=csv"
holds "rows as CSV" "$body" "$id,$amount,$whole,$big,$id,"
open_api GET "$d/rows?format=parquet"
cp "$work/.body" "$work/out.parquet"
# What was given is taken back, row by row and as a file.
api GET "$d/rows/$id"
api PUT "$d/rows/$id" -H 'Content-Type: application/json' --data-binary "$body"
same "PUT of what GET gave changes nothing" "200 1" "$status $(field changes.unchanged "$body")"
api PUT "$d/rows/$id" -H 'Content-Type: application/json' --data-binary "$object"
same "PUT with numbers: the same" "200 1" "$status $(field changes.unchanged "$body")"
stop_node
expect 0 load digits.account "$work/out.parquet"
same "our Parquet is the same row" 1 "$(field changes.unchanged)"

# The list of a document is the same with a contract and without one.
cat >"$work/package.json" <<'JSON'
{"name":"p","title":"P","url":"u","id":"1","licenses":[{"name":"a","title":"A","url":"x"},{"name":"b","title":"B","url":"y"}],
 "resources":[{"id":"r","name":"R","format":"CSV"}]}
JSON
expect 0 check "$work/package.json" --write-contract "$work/licenses.yaml"
same "check reads the longest list, and names the others" "licenses 2 licenses true resources" \
    "$(field member) $(field rows) $(field lists.0.name) $(field lists.0.chosen) $(field lists.1.name)"
expect 0 check "$work/package.json" --contract "$work/licenses.yaml"
same "under its contract the same list" "licenses 2 0" "$(field member) $(field rows) $(field rejected)"
expect 0 apply "$work/licenses.yaml"
dataset=$(field applied.0.dataset)
expect 0 load "$dataset" "$work/package.json"
same "and so does a load" "2 0" "$(field rows.accepted) $(field rows.rejected)"
holds "which says that there are others" "$out" '"licenses\" was read'
expect 0 check "$work/package.json" --entry resources --write-contract "$work/resources.yaml"
same "--entry names another" "resources 1" "$(field member) $(field rows)"
expect 0 check "$work/package.json" --contract "$work/resources.yaml"
same "under whose contract it is read unasked" "resources 1 0" "$(field member) $(field rows) $(field rejected)"
expect 2 check "$work/package.json" --entry licences
holds "one that is not there: those that are" "$out" "licenses, resources"
finish
