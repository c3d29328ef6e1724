#!/usr/bin/env bash
# Goal: what the node gives as JSON it takes again, unchanged, whatever form the contract has for people. Method: a column
# of each type in a form of its own; a row is read and put back, the list of rows is loaded back; then the same moment
# without a zone in a Parquet file, under a contract that names one.
source "$(dirname "$(readlink -f "$0")")/lib/testing.sh"
make_node
cat >"$work/c.yaml" <<'END'
apiVersion: v3.2.0
kind: DataContract
id: t
version: 1.0.0
status: active
domain: t
schema:
  - name: all
    properties:
      - {name: id, logicalType: date, primaryKey: true, logicalTypeOptions: {format: dd/MM/yyyy}}
      - {name: text, logicalType: string}
      - {name: whole, logicalType: integer, customProperties: [{property: decimalSeparator, value: ','}]}
      - {name: number, logicalType: number, customProperties: [{property: decimalSeparator, value: ','}]}
      - name: exact
        logicalType: number
        physicalType: DECIMAL(20,3)
        customProperties: [{property: decimalSeparator, value: ','}]
      - {name: truth, logicalType: boolean}
      - {name: day, logicalType: date, logicalTypeOptions: {format: dd/MM/yyyy}}
      - name: moment
        logicalType: timestamp
        logicalTypeOptions: {format: 'dd/MM/yyyy HH:mm', defaultTimezone: Asia/Ho_Chi_Minh}
      - {name: zoned, logicalType: timestamp, logicalTypeOptions: {format: 'dd/MM/yyyy HH:mm:ss XX'}}
      - {name: noon, logicalType: time, logicalTypeOptions: {format: 'hh:mm a'}}
      - {name: list, logicalType: array, items: {logicalType: integer}}
      - name: parts
        logicalType: object
        properties:
          - {name: day, logicalType: date, logicalTypeOptions: {format: dd/MM/yyyy}}
          - {name: moment, logicalType: timestamp, logicalTypeOptions: {format: 'dd/MM/yyyy HH:mm'}}
      - name: map
        logicalType: map
        map: {key: {logicalType: string}, value: {logicalType: integer}}
END
cat >"$work/odd.yaml" <<'END'
apiVersion: v3.2.0
kind: DataContract
id: o
version: 1.0.0
status: active
domain: o
schema:
  - name: odd
    properties:
      - {name: id, logicalType: string, primaryKey: true}
      - {name: day, logicalType: date, logicalTypeOptions: {format: yyyy-dd-MM}}
END
cat >"$work/rows.csv" <<'END'
id;text;whole;number;exact;truth;day;moment;zoned;noon;list;parts;map
02/01/2026;01;1.234;1.234,5;12.345.678.901.234.567,125;true;31/12/2025;05/06/2025 14:30;05/06/2025 14:30:15 +0900;02:45 PM;[1,2];{"day":"31/12/2025","moment":"05/06/2025 14:30"};{"a":1}
END
expect 0 apply "$work/c.yaml"
expect 0 load t.all "$work/rows.csv"
start_node || finish
d=/api/v1/datasets/t.all
api GET "$d/rows/2026-01-02"
row=$body
same "GET" 200 "$status"
same "  moments are in UTC" "2025-06-05T07:30:00Z 2025-06-05T05:30:15Z" "$(field moment "$row" | sed 's/\.0*Z/Z/') $(field zoned "$row" | sed 's/\.0*Z/Z/')"
api PUT "$d/rows/2026-01-02" -d "$row"
same "PUT of the same: nothing changes" "200 1 0" "$status $(field changes.unchanged "$body") $(field changes.updated "$body")"
[ "$status" = 200 ] || echo "    $body"
api PUT "$d/rows/2026-01-02" -d "${row/14:45:00/14:46:00}"
same "PUT of another time of day: it does" "200 1" "$status $(field changes.updated "$body")"
api PUT "$d/rows/2026-01-02" -d "$row"
api GET "$d/rows"
printf '%s' "$body" >"$work/rows.json"
printf 'id,day\n1,2026-02-01\n' >"$work/odd.csv"
api POST /api/v1/contracts -d "{\"contracts\":[{\"file\":\"o.yaml\",\"text\":$(json_string "$(<"$work/odd.yaml")")}]}"
api POST /api/v1/datasets/o.odd/batches --data-binary "@$work/odd.csv"
api GET /api/v1/datasets/o.odd/rows/1
same "a format that ISO 8601 fits, too" "2026-01-02" "$(field day "$body")"
api PUT /api/v1/datasets/o.odd/rows/1 -d "$body"
same "  PUT of the same: the day stays" "200 1" "$status $(field changes.unchanged "$body")"
stop_node
expect 0 load t.all "$work/rows.json"
same "load of the list of rows: nothing changes" "1 1 0" \
    "$(field rows.accepted) $(field changes.unchanged) $(field changes.updated)"

NGUON_DATA=$data "$program" query "select timestamp '2025-06-05 14:30:00' as moment, date '2026-01-03' as id" --format parquet >"$work/m.parquet"
expect 0 load t.all "$work/m.parquet"
expect 0 get t.all 2026-01-03
same "Parquet: a moment without a zone is of the contract's" "2025-06-05T07:30:00Z" "$(field moment | sed 's/\.0*Z/Z/')"
expect 0 check "$work/m.parquet" --write-contract "$work/m.yaml"
same "  and its draft says so, as of text" 1 "$(grep -c 'defaultTimezone: Asia/Ho_Chi_Minh' "$work/m.yaml")"
finish
