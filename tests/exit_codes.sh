#!/usr/bin/env bash
# Goal: every exit code and every HTTP status means what the interface says, and each failure explains itself in one
# JSON object. Method: one small node, one provocation for each, by command and over HTTP.
source "$(dirname "$0")/lib/testing.sh"

# fails CODE NAME ARGUMENT…: exit CODE, and an error object NAME with all its members.
fails() {
    local code_expected=$1 name=$2 member members
    shift 2
    expect "$code_expected" "$@"
    members=$(flatten <<<"$out" | cut -f1)
    same "  its code" "$name" "$(field error.code)"
    for member in title detail fix; do
        [ -n "$(field error.$member)" ] || not_ok "  its $member says something" "$out"
    done
    [[ $out == *'"errors":['* ]] || not_ok "  it has errors" "$out"
}
# answers STATUS NAME: the last request's status, type and code.
answers() {
    same "HTTP $1 $2" "$1 $2" "$status $(field code "$body")"
    holds "  as a problem" "$headers" "application/problem+json"
    same "  with its own status" "$1" "$(field status "$body")"
    for member in title detail fix; do
        [ -n "$(field $member "$body")" ] || not_ok "  its $member says something" "$body"
    done
}

small_contract open open >"$work/open.yaml"
small_contract closed internal >"$work/closed.yaml"
small_rows 1 200 >"$work/rows.csv"
small_rows 201 300 >"$work/more.csv"
{ small_rows 1 3; echo "k000009,Sai,không phải số,2026-01-01"; } >"$work/one_wrong.csv"
: >"$work/empty.csv"
gzip -c "$work/rows.csv" | head -c 200 >"$work/cut.csv.gz"

# --- 3 before there is a node, 2 for usage, 0 and 4 for init
fails 3 not_found get open.item k000001
fails 2 invalid
fails 2 invalid no-such-command
fails 2 invalid load
fails 2 invalid load open.item a b
fails 2 invalid load open.item "$work/rows.csv" --mode sideways
fails 2 invalid load open.item "$work/rows.csv" --no-such-flag
fails 2 invalid init --member "not a member"
expect 0 init --member VN/GOV/BCA
fails 4 conflict init --member VN/GOV/BCA
nguon load
same "without --json: nothing on stdout, the reason on stderr" "2 0" "$code $(wc -c <"$work/.out")"
tell "  a reason" [ -s "$work/.err" ]
LANG=vi_VN.UTF-8 nguon load
holds "in Vietnamese where LANG says so" "$err" "Thiếu"
nguon load --help
same "help: exit 0, on stdout" "0 0" "$code $(wc -c <"$work/.err")"

# --- contracts
expect 0 apply "$work/open.yaml" "$work/closed.yaml"
same "two datasets made" "created created" "$(flatten <<<"$out" | awk -F '\t' '/\.change\t/ { printf "%s%s", s, $2; s = " " }')"
expect 0 apply "$work/open.yaml"
same "applied again: unchanged" unchanged "$(field applied.0.change)"
awk '/logicalType: integer/ { sub(/integer/, "integr") } { print }' "$work/open.yaml" >"$work/wrong.yaml"
fails 2 invalid apply "$work/wrong.yaml"
line=$(grep -n integr "$work/wrong.yaml" | cut -d: -f1)
same "a wrong contract: where, what and how to mend it" \
    "wrong.yaml line $line column yes path schema[0].properties[2].logicalType problem yes fix integer" \
    "$(basename "$(field error.errors.0.file)") line $(field error.errors.0.line) column $(
        [ "$(field error.errors.0.column)" -gt 1 ] && echo yes) path $(field error.errors.0.path) problem $(
        [[ $(field error.errors.0.problem) == *integr* ]] && echo yes) fix $(grep -o integer <<<"$(field error.errors.0.fix)")"
printf 'schema: [\n' >"$work/broken.yaml"
fails 2 invalid apply "$work/broken.yaml"
small_contract third open >"$work/third.yaml"
fails 2 invalid apply "$work/third.yaml" "$work/wrong.yaml"
fails 3 not_found contract third.item
sed 's/logicalType: integer/logicalType: string/' "$work/open.yaml" >"$work/other_text.yaml"
fails 4 conflict apply "$work/other_text.yaml"
sed 's/version: 1.0.0/version: 1.1.0/' "$work/other_text.yaml" >"$work/breaking.yaml"
fails 4 conflict apply "$work/breaking.yaml"
fails 3 not_found apply "$work/no-such-file.yaml"

# --- loads
expect 0 load open.item "$work/rows.csv"
segment=$(echo "$data"/segments/*) # the only one so far
expect 0 load closed.item "$work/more.csv"
expect 1 load open.item "$work/one_wrong.csv"
same "one row set aside" 1 "$(field rows.rejected)"
fails 4 refused load open.item "$work/cut.csv.gz"
same "a refused batch has a receipt" "refused 0" "$(field receipt.status) $(field receipt.rows.accepted)"
nguon load open.item "$work/cut.csv.gz"
same "without --json a refusal is told once, with its reason" "4 0 1" \
    "$code $(wc -c <"$work/.err") $(grep -c 'damaged or its end is missing' "$work/.out")"
expect 0 load open.item "$work/rows.csv" --idempotency-key one
fails 4 conflict load open.item "$work/more.csv" --idempotency-key one
fails 3 not_found load no.such "$work/rows.csv"
fails 3 not_found load open.item "$work/no-such-file.csv"
fails 2 invalid load open.item "$work/rows.csv" --format no-such
# What is asked for wrongly makes no batch, and is said in flags; over HTTP in parameters.
nguon quarantine list open.item --json
batches=$(grep -o '"batch":' <<<"$out" | wc -l)
for wrong in "--sheet 2" "--entry 2" "--format xlsx" "--accept foo:bar"; do
    # shellcheck disable=SC2086 # two words
    fails 2 invalid load open.item "$work/rows.csv" $wrong
    same "  its parameter" "${wrong:2:5}" "$(field error.errors.0.path | cut -c1-5)"
    holds "  its flag" "$(field error.fix)" "${wrong% *}"
done
fails 2 invalid load open.item "$work/empty.csv"
fails 2 invalid load open.item - </dev/null
nguon quarantine list open.item --json
same "no batch was made" "$batches" "$(grep -o '"batch":' <<<"$out" | wc -l)"

# --- reads
expect 0 get open.item k000001
fails 3 not_found get open.item k999999
fails 2 invalid get open.item k000001,x
fails 2 invalid get open.item k000001 --as-of yesterday
fails 2 invalid query "select from"
fails 2 invalid query "select no_such_column from open.item"
fails 3 not_found query "select * from no.such"
fails 4 denied query "select * from read_csv('/etc/passwd')"
fails 5 unavailable query "with recursive t(n) as (select 1 union all select n + 1 from t) select count(*) from t" \
    --limit-seconds 1
fails 2 invalid history open.item --from 0
fails 3 not_found quarantine get 00000000000000000000000000
fails 3 not_found verify no.such
expect 0 datasets
same "datasets are listed" "closed.item open.item" "$(field datasets.0.dataset) $(field datasets.1.dataset)"
fails 2 invalid check "$work/rows.csv" --write-contract /nope/x.yaml
fails 2 invalid quarantine get 00000000000000000000000000 -o /nope/q.csv
expect 0 verify
same "the node is sound" true "$(field ok)"

# --- 5: another command holds the folder, here because it waits for its input
mkfifo "$work/input"
"$program" load open.item - --data "$data" <"$work/input" >/dev/null 2>&1 &
waiting=$!
exec {input}>"$work/input"
until [ -n "$(find "$data/tmp" -name 'stdin-*')" ]; do
    kill -0 $waiting || break # it failed
done
fails 5 unavailable get open.item k000001
fails 5 unavailable load open.item "$work/more.csv"
holds "the message names the process that holds it" "$out" "process $waiting"
fails 4 conflict serve --public 127.0.0.1:0 --internal 127.0.0.1:0
holds "serve says what to stop" "$out" "stop process $waiting"
cat "$work/more.csv" >&"$input"
exec {input}>&-
wait $waiting
same "that command ends well" 0 $?

# --- the same over HTTP
sed -i 's/http.max_body_mb: .*/http.max_body_mb: 1/; s/query.seconds: .*/query.seconds: 1/' "$data/nguon.yaml"
start_node || finish
fails 4 conflict serve --public 127.0.0.1:0 --internal 127.0.0.1:0
d=/api/v1/datasets/open.item
request "$internal" GET $d
answers 401 denied
request "$internal" GET $d -H "Authorization: Bearer wrong"
answers 401 denied
open_api GET /api/v1/datasets/closed.item
answers 403 denied
open_api POST $d/batches --data-binary "@$work/more.csv"
answers 403 denied
api GET $d/rows/k999999
answers 404 not_found
api GET /no/such/path
answers 404 not_found
api GET "$d/rows/k000001?as_of=yesterday"
answers 400 invalid
api GET "$d/rows?no_such_field=1"
answers 400 invalid
api POST /api/v1/query -d '{"sql":"select from"}'
answers 400 invalid
api POST /api/v1/query -d '{"sql":'
answers 400 invalid
api POST /api/v1/query -d "{\"sql\":\"select * from read_csv('/etc/passwd')\"}"
answers 403 denied
api POST /api/v1/contracts -d "{\"contracts\":[{\"file\":\"wrong.yaml\",\"text\":$(json_string "$(<"$work/wrong.yaml")")}]}"
answers 400 invalid
same "  with the place" "wrong.yaml $line" "$(field errors.0.file "$body") $(field errors.0.line "$body")"
api POST /api/v1/contracts -d "{\"contracts\":[{\"file\":\"b.yaml\",\"text\":$(json_string "$(<"$work/breaking.yaml")")}]}"
answers 409 conflict
api POST $d/batches --data-binary "@$work/more.csv" -H 'Idempotency-Key: one'
answers 409 conflict
api POST $d/batches --data-binary "@$work/empty.csv"
answers 400 invalid
api POST "$d/batches?sheet=2" --data-binary "@$work/more.csv"
answers 400 invalid
same "  in parameters" "Leave sheet out." "$(field fix "$body")"
fails 2 invalid load open.item "$work/more.csv" --sheet 2
same "  the same by command, through the node, in flags" "Leave --sheet out." "$(field error.fix)"
api POST $d/batches --data-binary "@$work/cut.csv.gz"
answers 422 refused
same "  with the receipt" refused "$(field receipt.status "$body")"
head -c 2000000 /dev/zero | tr '\0' x >"$work/large"
api POST $d/batches --data-binary "@$work/large" -H 'Expect:'
answers 413 too_large
fails 4 too_large load open.item "$work/large"
api POST /api/v1/query -d '{"sql":"with recursive t(n) as (select 1 union all select n + 1 from t) select count(*) from t"}'
answers 503 unavailable
fails 2 invalid apply "$work/wrong.yaml"
fails 3 not_found get open.item k999999
api GET $d/rows/k000001
row=$body
api PUT $d/rows/k000001 -d "$row"
same "a row is put as it was read" "200 1" "$status $(field changes.unchanged "$body")"
api PUT $d/rows/k000001 -d '{"nane":"x"}'
answers 400 invalid
open_api POST /api/v1/query --data-binary "@$work/large" -H 'Expect:'
answers 413 too_large
[[ $body != */* ]] || [[ $body != *"$data"* ]] || not_ok "  and shows no path of the server" "$body"
kill -STOP "$pid"
fails 5 unavailable get open.item k000001
holds "a stopped node is named" "$out" "kill -CONT $pid"
kill -CONT "$pid"
stop_node

# --- 6: what is stored is damaged; the other datasets work on
mv "$segment" "$work/segment"
fails 6 corrupt load open.item "$work/more.csv"
fails 6 corrupt get open.item k000001
fails 6 corrupt query "select count(*) from open.item"
expect 0 get closed.item k000201
expect 1 verify
same "verify names it" "segments/$(basename "$segment") missing" \
    "$(field findings.0.file) $(field findings.0.problem)"
start_node || finish
api GET /health
same "health says so" "503 degraded" "$status $(field status "$body")"
api POST $d/batches --data-binary "@$work/more.csv"
answers 500 corrupt
api GET /api/v1/datasets/closed.item/rows/k000201
same "another dataset is read" 200 "$status"
stop_node
mv "$work/segment" "$segment"
expect 0 load open.item "$work/more.csv"
expect 0 verify
finish
