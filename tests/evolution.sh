#!/usr/bin/env bash
# Goal: a contract changes and old rows stay readable; what breaks is refused without a new major version, and said for
# whom. Method: rows under 1.0.0, a compatible 1.1.0, breaking changes refused as 1.2.0 and taken as 2.0.0, rows after
# each; every way of reading over the segments of all versions. Then nested columns: judged inside, given as JSON.
source "$(dirname "$(readlink -f "$0")")/lib/testing.sh"

# contract VERSION PROPERTIES: dataset land.plot with the key `id`; PROPERTIES are lines of YAML.
contract() {
    cat <<YAML
apiVersion: v3.2.0
kind: DataContract
id: land
version: $1
domain: land
schema:
  - name: plot
    customProperties: [{property: access, value: open}]
    properties:
      - {name: id, logicalType: string, primaryKey: true}
$2
YAML
}

make_node
contract 1.0.0 "
      - {name: owner, logicalType: string, logicalTypeOptions: {maxLength: 20}}
      - {name: area, logicalType: number, physicalType: 'DECIMAL(10,2)'}
      - {name: floors, logicalType: integer}
      - {name: note, logicalType: string}" >"$work/1.0.yaml"
expect 0 apply "$work/1.0.yaml"
printf 'id,owner,area,floors,note\np1,An,100.50,2,cũ\np2,Bình,80,1,\n' >"$work/1.csv"
expect 0 load land.plot "$work/1.csv"

contract 1.1.0 "
      - {name: owner, logicalType: string, deprecated: true, logicalTypeOptions: {maxLength: 40}}
      - {name: area, logicalType: number, physicalType: 'DECIMAL(14,3)'}
      - {name: floors, logicalType: integer}
      - {name: note, logicalType: string}
      - name: place
        logicalType: object
        properties:
          - {name: ward, logicalType: string, required: true, logicalTypeOptions: {pattern: '[0-9]{5}'}}
          - name: shape
            logicalType: object
            logicalTypeOptions: {format: geojson}" >"$work/1.1.yaml"
expect 0 apply "$work/1.1.yaml"
same "a wider version is compatible and applies at once" compatible "$(field applied.0.change)"
difference() { # PATH MEMBER: of the difference at PATH
    flatten <<<"$out" | awk -F '\t' -v path="$1" -v member="$2" '
        { at = $1; sub(/\.[a-z]+$/, "", at) }
        $1 == at ".path" && $2 == path { found = at }
        found != "" && $1 == found "." member { print $2; exit }'
}
same "more length is for readers" "false readers" \
    "$(difference properties.owner.logicalTypeOptions.maxLength breaking) $(difference properties.owner.logicalTypeOptions.maxLength for)"
same "a deprecated column breaks nobody" false "$(difference properties.owner.deprecated breaking)"
cat >"$work/2.jsonl" <<'JSON'
{"id":"p3","owner":"Cúc","area":70.125,"floors":3,"place":{"shape":{"type":"Point","coordinates":[105.8,21.5]},"ward":"00004"}}
{"id":"p4","owner":"Dần","place":{"ward":"4"}}
{"id":"p5","owner":"Em","place":{"ward":"00007","shape":{"type":"Point","coordinates":[21.5,105.8]}}}
{"id":"p6","owner":"Giáp","place":{"ward":"00007","street":"x"}}
JSON
expect 1 load land.plot "$work/2.jsonl"
same "rows whose inside breaks the contract are set aside" "4 1 3" \
    "$(field rows.read) $(field rows.accepted) $(field rows.rejected)"
batch=$(field batch)
nguon quarantine get "$batch" --json
reasons=$(flatten <<<"$out" | awk -F '\t' '/reason\t/ { print $2 }')
holds "the reason names the place inside: a pattern" "$reasons" "place.ward"
holds "a shape" "$reasons" "place.shape.coordinates"
holds "what the contract does not have" "$reasons" "place.street"

start_node
api GET /api/v1/datasets/land.plot/rows/p3
holds "a nested value is nested JSON, its members in the contract's order" "$body" \
    '"place":{"ward":"00004","shape":{"type":"Point","coordinates":[105.8,21.5]}}'
api GET /api/v1/datasets/land.plot/rows/p1
holds "an old row has the wider number and no value of the new column" "$body" '"place":null'
api GET "/api/v1/datasets/land.plot/rows"
same "rows of both versions in one list" 200 "$status"
for id in p1 p2 p3; do holds "the list has $id" "$body" "\"id\":\"$id\""; done
api PUT /api/v1/datasets/land.plot/rows/p7 -H 'Content-Type: application/json' \
    -d '{"owner":"Hoa","place":{"ward":"00010"}}'
holds "PUT takes nested JSON" "$status" 20
api GET /api/v1/datasets/land.plot/rows/p7
holds "and keeps it" "$body" '"place":{"ward":"00010"}'
api PUT /api/v1/datasets/land.plot/rows/p8 -H 'Content-Type: application/json' -d '{"place":{"ward":"x"}}'
holds "PUT refuses what breaks the contract inside" "$status" 4
stop_node

# --- a breaking version: refused as 1.2.0 with who must adapt, taken as 2.0.0
contract 1.2.0 "
      - {name: holder, logicalType: string, required: true, logicalTypeOptions: {maxLength: 10}}
      - {name: area, logicalType: number, physicalType: 'DECIMAL(14,3)'}
      - {name: floors, logicalType: string}
      - {name: place, logicalType: object, properties: [{name: ward, logicalType: string, enum: [{value: '00004'}]}]}" >"$work/1.2.yaml"
expect 4 apply "$work/1.2.yaml"
holds "what breaks is named" "$out" properties.floors.logicalType
holds "inside of a nested column too" "$out" properties.place.properties.ward.enum
holds "and for whom" "$out" "must adapt"
sed 's/version: 1.2.0/version: 2.0.0/' "$work/1.2.yaml" >"$work/2.0.yaml"
expect 0 apply "$work/2.0.yaml"
same "a new major version may break" breaking "$(field applied.0.change)"
same "a narrower list is for senders" "true senders" \
    "$(difference properties.place.properties.ward.enum breaking) $(difference properties.place.properties.ward.enum for)"
printf 'id,holder,area,floors,place\np9,Kim,1,tầng hai,"{""ward"":""00004""}"\n' >"$work/3.csv"
expect 0 load land.plot "$work/3.csv"

start_node
for id in p1 p3 p9; do
    api GET /api/v1/datasets/land.plot/rows/$id
    same "get $id over all versions" 200 "$status"
done
holds "a new row has its new type" "$body" '"floors":"tầng hai"'
api GET /api/v1/datasets/land.plot/rows
for id in p1 p2 p3 p7 p9; do holds "rows has $id" "$body" "\"id\":\"$id\""; done
api GET "/api/v1/datasets/land.plot/history?limit=100"
same "history over all versions" 200 "$status"
for id in p1 p3 p9; do holds "history has $id" "$body" "\"key\":\"$id\""; done
api GET "/api/v1/datasets/land.plot/rows/p1?as_of=seq:2"
same "as of an earlier moment" 200 "$status"
api GET "/api/v1/datasets/land.plot/history?key=p1"
same "the history of one row" 200 "$status"
stop_node
nguon query "select count(*) from land.plot" --format csv
same "query over all versions" 5 "$(tail -n 1 <<<"$out" | tr -d '\r')"
nguon query "select id from land.plot where area > 90" --format csv
same "the wider number is one number in all of them" p1 "$(tail -n 1 <<<"$out" | tr -d '\r')"
nguon query "select json_extract_string(place, '$.ward') from land.plot where id = 'p3'" --format csv
same "SQL reads the inside of a nested column" 00004 "$(tail -n 1 <<<"$out" | tr -d '\r')"
expect 0 verify

# --- a relationship that starts inside of an object
cat >"$work/refs.yaml" <<'YAML'
apiVersion: v3.2.0
kind: DataContract
id: refs
version: 1.0.0
domain: refs
schema:
  - name: ward
    properties: [{name: code, logicalType: string, primaryKey: true}]
  - name: house
    properties:
      - {name: id, logicalType: string, primaryKey: true}
      - name: address
        logicalType: object
        properties: [{name: ward, logicalType: string, relationships: [{to: ward.code}]}]
YAML
expect 0 apply "$work/refs.yaml"
printf 'code\n00004\n' >"$work/wards.csv"
expect 0 load refs.ward "$work/wards.csv"
printf '{"id":"a","address":{"ward":"00004"}}\n{"id":"b","address":{"ward":"99999"}}\n{"id":"c","address":{}}\n' >"$work/houses.jsonl"
expect 1 load refs.house "$work/houses.jsonl"
same "the row whose part refers to nothing is set aside" "3 2 1 reference:address.ward" \
    "$(field rows.read) $(field rows.accepted) $(field rows.rejected) $(flatten <<<"$out" | awk -F '\t' '$2 ~ /^reference:/ { print $2; exit }')"

# --- another type in a new major version: what it cannot hold is empty, nothing is invented, every row stays readable
typed() { # VERSION TYPE_OF_NOTE TYPE_OF_SIZE
    cat >"$work/typed.yaml" <<YAML
apiVersion: v3.2.0
kind: DataContract
id: typed
version: $1
domain: typed
schema:
  - name: item
    properties:
      - {name: id, logicalType: integer, primaryKey: true}
      - {name: note, logicalType: $2}
      - {name: size, logicalType: $3}
YAML
}
typed 1.0.0 string number
expect 0 apply "$work/typed.yaml"
printf 'id,note,size\n1,x,1.5\n2,5,2\n3,,\n' >"$work/typed.csv"
expect 0 load typed.item "$work/typed.csv"
typed 2.0.0 integer integer
expect 0 apply "$work/typed.yaml"
nguon query "select id, note, size from typed.item order by id" --format csv
same "rows of the version before" "1,, 2,5,2 3,, " "$(tail -n +2 <<<"$out" | tr -d '\r' | tr '\n' ' ')"
expect 0 get typed.item 1
expect 0 history typed.item
printf 'id,note,size\n1,7,2\n' >"$work/typed.csv"
expect 0 load typed.item "$work/typed.csv"
same "what is sent now is kept" "1" "$(field changes.updated)"
nguon query "select id, note, size from typed.item order by id" --format csv
same "beside the others" "1,7,2 2,5,2 3,, " "$(tail -n +2 <<<"$out" | tr -d '\r' | tr '\n' ' ')"
expect 0 verify

# --- a column under a new name: its values stay, wherever they are read
renamed() { # VERSION NAME
    cat >"$work/renamed.yaml" <<YAML
apiVersion: v3.2.0
kind: DataContract
id: renamed
version: $1
domain: renamed
schema:
  - name: item
    properties:
      - {name: id, logicalType: integer, primaryKey: true}
      - {name: $2, logicalType: string}
YAML
}
renamed 1.0.0 name
expect 0 apply "$work/renamed.yaml"
printf 'id,name\n1,A\n2,B\n' >"$work/renamed.csv"
expect 0 load renamed.item "$work/renamed.csv"
expect 0 get renamed.item 1
renamed 2.0.0 label
expect 0 apply "$work/renamed.yaml"
holds "apply says it" "$out" 'renamed to `label`; old values stay under the new name'
printf 'id,label\n2,C\n' >"$work/renamed.csv"
expect 0 load renamed.item "$work/renamed.csv"
expect 0 get renamed.item 1
holds "a row of the older version" "$out" '"label":"A"'
expect 0 get renamed.item 2 --as-of seq:2
holds "as it was" "$out" '"label":"B"'
expect 0 history renamed.item --key 2
holds "in history" "$out" '"label":"B"'
nguon query "select label from renamed.item order by id" --format csv
same "in SQL" "A C " "$(tail -n +2 <<<"$out" | tr -d '\r' | tr '\n' ' ')"
expect 0 verify
start_node || finish
api GET "/api/v1/datasets/renamed.item/rows/1"
holds "by the lookup" "$body" '"label":"A"'
api GET "/api/v1/datasets/renamed.item/rows?format=csv&label=A"
holds "in an export, filtered" "$body" "1,A"
finish
