#!/usr/bin/env bash
# Goal: what a machine can mend is offered, mended by --fix or by a person's word, and remembered. Method: a file with
# the faults of an office, one or two of each kind; then the next month's file; by command and over HTTP.
source "$(dirname "$(readlink -f "$0")")/lib/testing.sh"

make_node
cat >"$work/c.yaml" <<'YAML'
apiVersion: v3.2.0
kind: DataContract
id: fixes
version: 1.0.0
status: active
domain: office
name: fixes
schema:
  - name: area
    properties:
      - {name: code, logicalType: string, required: true, primaryKey: true}
  - name: person
    properties:
      - {name: id, logicalType: string, required: true, primaryKey: true, logicalTypeOptions: {pattern: '^[0-9]{6}$'}}
      - {name: name, logicalType: string, required: true}
      - {name: born, logicalType: date}
      - {name: amount, logicalType: number}
      - name: sex
        logicalType: string
        enum:
          - {value: M, label: Nam}
          - {value: F, label: Nữ}
      - name: area
        logicalType: string
        relationships:
          - {type: foreignKey, to: area.code}
YAML
expect 0 apply "$work/c.yaml"
printf 'code\n001\n002\n003\n' >"$work/area.csv"
expect 0 load office.area "$work/area.csv"

cat >"$work/may.csv" <<'CSV'
id;name;born;amount;sex;area
000001;An;31/12/1990;1.234,5;Nam;1
000002;Bình;05/06/1991;2.000.000,25;nữ;2
000003;Cúc;30/02/1992;12,5;F;3
000004;Dần;N/A;7;M;001
000004;Dần;N/A;7;M;001
3.02E+11;Giáp;1990-01-01;1;M;001
Tổng cộng;;;2.001.254,25;;
CSV
expect 1 load office.person "$work/may.csv"
same "without --fix all these rows are set aside" "7 0" "$(field rows.read) $(field rows.accepted)"
offered() { flatten <<<"$out" | awk -F '\t' '/\.fixes\.[0-9]+\.code\t/ { print $2 }' | sort -u | paste -sd' '; }
same "what can be mended is offered" "date:born drop_total empty:born label:sex number:amount pad:area" \
    "$(offered | tr ' ' '\n' | grep -v drop_duplicates | paste -sd' ')"

expect 1 load office.person "$work/may.csv" --fix
same "--fix mends what is certain; the impossible day and the lost digits stay" "5 3 2" \
    "$(field rows.read) $(field rows.accepted) $(field rows.rejected)"
same "the total and the repeated row are left out" "2" "$(field mended.left_out)"
steps=$(flatten <<<"$out" | awk -F '\t' '/^mended\.steps\.[0-9]+\.code\t/ { print $2 }' | sort | paste -sd' ')
same "the receipt names the steps" \
    "date:born drop_duplicates drop_total empty:born label:sex number:amount pad:area" "$steps"
expect 0 query "select id || ' ' || coalesce(born::varchar, '-') || ' ' || amount || ' ' || sex || ' ' || area as r
    from office.person order by id"
holds "dates, numbers, labels and codes are right" "$out" "000001 1990-12-31 1234.5 M 001"
holds "also those that could be read two ways, by the column's others" "$out" "000002 1991-06-05 2000000.25 F 002"
holds "words for nothing are empty" "$out" "000004 - 7.0 M 001"
expect 0 quarantine list office.person
batch=$(field batches.0.batch)
expect 0 quarantine get "$batch" --fixed
holds "what a cell held is shown, with what it became" "$out" '"row":1,"column":"born","original":"31/12/1990","value":"1990-12-31","fix":"date"'
holds "a row that was left out is shown whole" "$out" '"column":null,"original":"Tổng cộng;;;2.001.254,25;;","value":null'
expect 0 quarantine get "$batch" --fixed -o "$work/fixed.csv"
same "as CSV too" "row,column,original,value,fix" "$(head -n 1 "$work/fixed.csv" | tr -d '\r')"
expect 2 quarantine get "$batch" --fixed --open
files=("$data"/quarantine/*.parquet)
expect 0 verify
printf 'x' | dd of="${files[0]}" bs=1 seek=100 conv=notrunc status=none
expect 1 verify

# The next month: nothing that proves the dates, but the recipe knows.
cat >"$work/june.csv" <<'CSV'
id;name;born;amount;sex;area
000011;Hoa;05/06/1991;3,5;Nam;2
CSV
expect 0 load office.person "$work/june.csv" --fix
same "the recipe of last month mends this month's file" "1 0" "$(field rows.accepted) $(field rows.rejected)"

# A person's word.
cat >"$work/names.csv" <<'CSV'
id;name;ngày sinh born;amount
000021;Khoa;1999-01-02;1
CSV
expect 0 load office.person "$work/names.csv" --accept rename:born
expect 0 get office.person 000021
holds "a column under another name is taken when a person says so" "$out" '"born":"1999-01-02"'

start_node || finish
api POST "/api/v1/datasets/office.person/batches?fix=true" --data-binary @"$work/june.csv"
same "over HTTP as by command" "201 1" "$status $(field changes.unchanged "$body")"
fixes=/api/v1/datasets/office.person/batches/$(field batch "$body")/fixes
api GET "$fixes"
holds "and what its cells held" "$body" '"row":1,"column":"born","original":"05/06/1991","value":"1991-06-05"'
api GET "$fixes?format=csv"
same "as CSV" 200 "$status"
open_api GET "$fixes"
same "for the administrator only, as quarantine is" 403 "$status"
finish
