#!/usr/bin/env bash
# Goal: rows of JSON that become CSV under a contract are the same rows. Method: an object that has a column of its own and
# another whose member has one; by `check --write-rows` and, mended, by `check --fix -o`; each loaded beside the JSON.
source "$(dirname "$(readlink -f "$0")")/lib/testing.sh"

make_node
cat >"$work/c.yaml" <<'YAML'
apiVersion: v3.2.0
kind: DataContract
id: places
version: 1.0.0
status: active
domain: places
name: places
schema:
  - name: place
    properties:
      - {name: id, logicalType: integer, primaryKey: true, required: true}
      - {name: opened, logicalType: date}
      - {name: more, logicalType: object, properties: [{name: x, logicalType: number}, {name: tags, logicalType: array, items: {logicalType: string}}]}
      - {name: address_city, logicalType: string}
YAML
expect 0 apply "$work/c.yaml"
row() {
    echo "{\"id\":$1,\"opened\":\"$2\",\"more\":{\"x\":1.10,\"tags\":[\"a \\\"b\\\", c\",\"d\"]},\"address\":{\"city\":\"Huế\"}}"
}
{ row 1 2026-01-15 && row 2 2026-12-31 && echo '{"id":3}'; } >"$work/a.jsonl"
expect 0 load places.place "$work/a.jsonl"
expect 0 check "$work/a.jsonl" --contract "$work/c.yaml" --write-rows "$work/rows.csv"
holds "the columns are the contract's" "$(head -1 "$work/rows.csv")" "id,opened,more,address_city"
expect 0 load places.place "$work/rows.csv"
same "the rows as CSV are the same rows" "3 0" "$(field changes.unchanged) $(field changes.updated)"

{ row 1 15/01/2026 && row 2 31/12/2026 && echo '{"id":3}'; } >"$work/b.jsonl"
expect 0 check "$work/b.jsonl" --contract "$work/c.yaml" --fix -o "$work/mended.csv"
expect 0 load places.place "$work/mended.csv"
same "and as they were mended" "3 0" "$(field changes.unchanged) $(field changes.updated)"

# Without a contract the draft has a column for each path, and so have the rows.
expect 0 check "$work/a.jsonl" --write-contract "$work/draft.yaml" --write-rows "$work/plain.csv"
expect 0 check "$work/plain.csv" --contract "$work/draft.yaml"
same "rows load under the draft of their file" "3 0" "$(field rows) $(field rejected)"

# A domain that no query can name.
sed 's/^domain: .*/domain: at/; s/^name: .*/name: at/' "$work/c.yaml" >"$work/at.yaml"
expect 2 apply "$work/at.yaml"
holds "a word of SQL is no domain" "$(field error.detail)" "word of SQL"
finish
