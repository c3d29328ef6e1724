#!/usr/bin/env bash
# Goal: an officer sees how good a dataset is, how it came there and why, and corrections raise it; a past score is the
# same number again. Method: a month of batches over the command line and HTTP, one of them far too small.
source "$(dirname "$(readlink -f "$0")")/lib/testing.sh"

make_node
cat >"$work/c.yaml" <<'YAML'
apiVersion: v3.1.0
kind: DataContract
id: quality
version: 1.0.0
status: active
domain: office
name: quality
slaProperties:
  - {property: frequency, value: 30, unit: d}
schema:
  - name: visit
    customProperties: [{property: mode, value: append}, {property: access, value: open}]
    properties:
      - {name: day, logicalType: date, required: true}
      - {name: amount, logicalType: number, logicalTypeOptions: {minimum: 0}}
      - {name: phone, logicalType: string}
YAML
expect 0 apply "$work/c.yaml"
sed 's/value: 30, unit: d/value: often, unit: d/; s/1.0.0/1.1.0/' "$work/c.yaml" >"$work/wrong.yaml"
expect 2 apply "$work/wrong.yaml"
holds "a promise that cannot be understood is refused by name" "$out" "often d"

visits() { # ROWS SEED SHARE_EMPTY_OF_100
    awk -v rows="$1" -v seed="$2" -v empty="$3" 'BEGIN {
        srand(seed); print "day,amount,phone"
        for (i = 1; i <= rows; i++) printf "2026-01-%02d,%s,09%08d\n", i % 28 + 1, rand() * 100 < empty ? "" : int(rand() * 1000), i }'
}
expect 0 quality office.visit
same "nothing is scored before the first batch but the promise" "100 100 " \
    "$(field scores.live) $(field scores.overall) $(field scores.accurate | grep -v null)"
for i in 1 2 3 4 5 6; do
    visits $((990 + i * 3)) "$i" 2 >"$work/v.csv"
    nguon load office.visit "$work/v.csv" --json
    [ "$code" = 0 ] || not_ok "load $i" "$out"
done
same "from the sixth on, rows are compared with the past" "1" "$(field results.0.checked >/dev/null; flatten <<<"$out" |
    grep -c 'anomaly:row_count')"
visits 120 7 60 >"$work/v.csv"
expect 0 load office.visit "$work/v.csv"
holds "too few rows are told in words" "$out" "Usually 993 to 1,008 rows; this file has 120"
holds "so is a column that is far emptier" "$out" '"rule":"anomaly:null_share:amount"'
same "no phone number is in a receipt" "" "$(grep -o '0900000' <<<"$out")"
nguon load office.visit "$work/v.csv"
holds "a terminal shows it as a warning" "$out" "this file has 120"

printf 'day,amount,phone\n2026-02-01,5,1\n2026-02-31,-5,2\n2026-02-03,-7,3\n,4,5\n' >"$work/bad.csv"
expect 1 load office.visit "$work/bad.csv"
batch=$(field batch)
expect 0 quality office.visit
before=$(field at)
scores=$(flatten <<<"$out" | grep '^scores')
holds "faults cost points of all rows" "$scores" "scores.overall	99.9"
expect 0 quality office.visit --why overall
same "the causes add up to what is lost" "$(printf %.3f "$(field why.lost)")" \
    "$(flatten <<<"$out" | awk -F '\t' '/^why\.causes\.[0-9]+\.points/ { sum += $2 } END { printf "%.3f", sum }')"
nguon quality office.visit
holds "a person reads what costs points" "$out" "still set aside"
holds "and the course as a line" "$out" "▇"
LANG=vi_VN.UTF-8 nguon quality office.visit --why accurate
holds "in Vietnamese too" "$out" "còn để riêng"

printf 'day,amount,phone\n2026-02-28,5,2\n2026-02-03,7,3\n2026-02-04,4,5\n' >"$work/mended.csv"
expect 0 quarantine resubmit "$batch" "$work/mended.csv"
expect 0 quality office.visit
same "corrected rows bring the score back to 100" "100" "$(field scores.overall)"
expect 0 quality office.visit --as-of "$before"
same "as of then it is the number that was shown then" "$scores" "$(flatten <<<"$out" | grep '^scores')"
expect 2 quality office.visit --why beauty
expect 3 quality office.nothing
expect 2 quality office.visit --as-of yesterday

# SQL rules: over what the dataset will hold, and over other datasets.
cat >"$work/sql.yaml" <<'YAML'
apiVersion: v3.1.0
kind: DataContract
id: sums
version: 1.0.0
status: active
domain: sums
name: sums
schema:
  - name: budget
    properties:
      - {name: unit, logicalType: string, primaryKey: true}
      - {name: granted, logicalType: integer}
  - name: spending
    properties:
      - {name: id, logicalType: string, primaryKey: true}
      - {name: unit, logicalType: string}
      - name: amount
        logicalType: integer
        quality:
          - {name: not_all_the_same, type: sql, query: 'SELECT count(DISTINCT ${column}) FROM ${table}', mustBeGreaterThan: 1, severity: warning}
    quality:
      - name: within_budget
        description: Không đơn vị nào chi quá ngân sách
        customProperties: [{property: description_en, value: No unit spends more than its budget}]
        type: sql
        severity: error
        query: >-
          SELECT count(*) FROM (SELECT unit, sum(amount) AS spent FROM {table} GROUP BY unit) s
          JOIN sums.budget b USING (unit) WHERE spent > granted
        mustBe: 0
YAML
expect 0 apply "$work/sql.yaml"
printf 'unit,granted\na,100\nb,50\n' >"$work/b.csv"
expect 0 load sums.budget "$work/b.csv"
printf 'id,unit,amount\n1,a,60\n2,b,50\n' >"$work/s.csv"
expect 0 load sums.spending "$work/s.csv"
same "SQL rules are in the receipt" "2" "$(flatten <<<"$out" | grep -c 'rule.*\(within_budget\|not_all_the_same\)')"
printf 'id,unit,amount\n3,a,41\n' >"$work/over.csv"
expect 4 load sums.spending "$work/over.csv"
holds "a SQL rule of severity error refuses the batch, over all rows that would stand" "$out" '"failed":1'
holds "and says what was found" "$out" "No unit spends more than its budget (the SQL gives 1, it must be 0)"
expect 0 query "select count(*) from sums.spending"
same "nothing entered" "2" "$(field rows.0.0)"
printf 'id,unit,amount\n1,a,50\n' >"$work/same.csv"
expect 0 load sums.spending "$work/same.csv"
same "a warning does not refuse" "accepted" "$(field status)"
holds "and is told" "$out" "the SQL gives 1, it must be more than 1"
for wrong in "SELECT * FROM \${table}" "SELECT count(*) FROM sums.nothing" "SELECT unit FROM \${table} LIMIT 1" \
    "SELECT count(*) FROM read_csv('/etc/passwd')" "DELETE FROM \${table}" "SELECT nosuch FROM \${table}"; do
    sed "s|SELECT count(DISTINCT .{column}) FROM .{table}|${wrong//&/\\&}|; s/mustBeGreaterThan: 1/mustBe: 0/; s/version: 1.0.0/version: 2.0.0/" \
        "$work/sql.yaml" >"$work/wrong.yaml"
    expect 2 apply "$work/wrong.yaml"
    holds "it is refused by place: $wrong" "$out" '"line":20'
done
nguon check "$work/s.csv" --contract "$work/sql.yaml" --schema spending --json
holds "check says that SQL rules were not run" "$out" "SQL rules run at load only"

start_node
api GET /api/v1/datasets/office.visit/quality?limit=2
same "the series comes in pages" "200 2" "$status $(flatten <<<"$body" | grep -c '^series\.[0-9]*\.at')"
cursor=$(field next "$body")
api GET "/api/v1/datasets/office.visit/quality?cursor=$cursor"
same "older points follow" "7" "$(flatten <<<"$body" | grep -c '^series\.[0-9]*\.at')"
open_api GET "/api/v1/datasets/office.visit/quality?why=accurate"
same "open data's quality is open" "200" "$status"
api GET /metrics
holds "metrics have the scores" "$body" 'nguon_dataset_score{dataset="office.visit",dimension="overall"} 100'
holds "and whether a promise is broken" "$body" 'nguon_dataset_overdue_seconds{dataset="office.visit"} 0'
stop_node
expect 0 verify
finish
