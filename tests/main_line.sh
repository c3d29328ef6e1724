#!/usr/bin/env bash
# Goal: the main line holds end to end: planted faults are found, row by row, and what was loaded is read back
# the same by key, by SQL and as of before, by command and over HTTP, with the node serving and with it stopped.
# Method: 20,000 generated citizens and their corrections; expected answers come from the files with awk.
source "$(dirname "$0")/lib/testing.sh"

rows=20000
tell "the generator" "$build/nguon-population" --seed 7 --rows $rows \
    --wards "$root/packs/administrative-units/data/ward.csv" --out "$work/first.csv" --truth "$work/truth.csv" \
    --corrections "$work/second.csv" --corrections-truth "$work/second_truth.csv"
tell "the generator again" "$build/nguon-population" --seed 7 --rows $rows \
    --wards "$root/packs/administrative-units/data/ward.csv" --out "$work/again.csv" --truth "$work/truth_again.csv"
same_files "the same seed gives the same rows" "$work/first.csv" "$work/again.csv"
same_files "the same seed gives the same truth" "$work/truth.csv" "$work/truth_again.csv"

# after_load FILE TRUTH BEFORE: the table that must stand then: BEFORE with FILE's right rows over it, by key.
# missing_tones is a warning; those rows enter.
after_load() {
    LC_ALL=C awk -F, '
        FILENAME == ARGV[1] { if (FNR > 1 && $2 != "missing_tones") wrong[$1] = 1; next }
        FILENAME == ARGV[2] { if (FNR > 1 && !((FNR - 1) in wrong)) row[$1] = $0; next }
        FNR > 1 && !($1 in row) { row[$1] = $0 }
        END { for (key in row) print row[key] }' "$2" "$1" "$3" | LC_ALL=C sort >"$work/.rows"
    head -n 1 "$1"
    cat "$work/.rows"
}
after_load "$work/first.csv" "$work/truth.csv" /dev/null >"$work/before.csv"
after_load "$work/second.csv" "$work/second_truth.csv" "$work/before.csv" >"$work/after.csv"

make_node
expect 0 pack install "$root/packs/administrative-units"
same "the pack's files are all accepted" "$(awk 'FNR > 1' "$root"/packs/administrative-units/data/*.csv | wc -l)" \
    "$(flatten <<<"$out" | awk -F '\t' '$1 ~ /^receipts\.[0-9]+\.rows\.accepted$/ { n += $2 } END { print n }')"
installed=$(sed 's/.*"receipts"://' <<<"$out")
expect 0 pack install "$root/packs/administrative-units"
same "a second pack install gives the same receipts" "$installed" "$(sed 's/.*"receipts"://' <<<"$out")"
expect 0 apply "$root/packs/population"

# --- the first load, with the node stopped
expect 1 load population.person "$work/first.csv" --idempotency-key first
first_receipt=$out
first=$(field batch)
first_at=$(field at)
accepted=$(($(wc -l <"$work/before.csv") - 1))
same "rows read" $rows "$(field rows.read)"
same "rows accepted" $accepted "$(field rows.accepted)"
same "rows rejected" $((rows - accepted)) "$(field rows.rejected)"
same "sequence numbers" "1 $accepted" "$(field seq.first) $(field seq.last)"
same "the receipt's hash is the file's" "$(sha256sum <"$work/first.csv" | cut -d' ' -f1)" "$(field sha256)"

expect 0 quarantine get "$first" -o "$work/quarantine.csv"
set_aside "$work/quarantine.csv" >"$work/aside"
for pair in duplicate=key:citizen_id impossible_date=type:birth_date wrong_code=reference:ward_code \
    malformed_id=pattern:citizen_id id_mismatch=citizen_id_agrees missing_name=required:full_name \
    bad_sex=enum:sex future_birth=born_before_registration; do
    kind=${pair%%=*}
    awk -F, -v kind="$kind" '$2 == kind { print $1 }' "$work/truth.csv" | sort >"$work/planted"
    awk -v rule="${pair#*=}" '$2 == rule { print $1 }' "$work/aside" | sort >"$work/found"
    same_files "planted = found, row by row: $kind ($(wc -l <"$work/planted"))" "$work/planted" "$work/found"
    [ -s "$work/planted" ] || not_ok "there are planted rows of $kind"
done
same "nothing else is in quarantine" "$(awk -F, 'FNR > 1 && $2 != "missing_tones"' "$work/truth.csv" | wc -l)" \
    "$(wc -l <"$work/aside")"
expect 0 quarantine get "$first"
same_files "quarantine as JSON and as CSV name the same rows and rules" \
    "$work/aside" \
    <(flatten <<<"$out" | awk -F '\t' '$1 ~ /^rows\.[0-9]+\.row$/ { row = $2 } $1 ~ /^rows\.[0-9]+\.rule$/ { print row, $2 }')

# Missing tones are a warning, so its rows enter: the rule itself, asked as SQL, shows which it means.
rule=$(awk '/- id: name_has_tones/ { on = 1 } on && /implementation:/ { text = 1; next }
    on && /dimension:/ { exit } text && !/^ *#/ { sub(/^ +/, ""); printf "%s ", $0 }' \
    "$root/packs/population/contracts/population.yaml")
nguon query "select citizen_id from population.person where not ($rule)" --format csv
tail -n +2 <<<"$out" | tr -d "\r" | sort >"$work/found"
awk -F, 'FILENAME == ARGV[1] { if ($2 == "missing_tones") planted[$1] = 1; next }
    (FNR - 1) in planted { print $1 }' "$work/truth.csv" "$work/first.csv" | sort >"$work/planted"
both=$(comm -12 "$work/planted" "$work/found" | wc -l)
echo "   missing tones: $(wc -l <"$work/planted") planted, $(wc -l <"$work/found") found, $both of them planted:" \
    "$(awk -v b="$both" -v p="$(wc -l <"$work/planted")" -v f="$(wc -l <"$work/found")" \
        'BEGIN { printf "recall %.3f, precision %.3f", b / p, b / (f ? f : 1) }')"
same "the receipt counts the rows that the rule means" "$(wc -l <"$work/found")" "$(flatten <<<"$first_receipt" |
    awk -F '\t' '/\.rule\tname_has_tones$/ { on = 1 } on && /\.failed\t/ { print $2; exit }')"
tell "missing tones: at least 9 of 10 found" [ $((both * 10)) -ge $(($(wc -l <"$work/planted") * 9)) ]
tell "missing tones: at least 9 of 10 right" [ $((both * 10)) -ge $(($(wc -l <"$work/found") * 9)) ]

# --- the same answers by every way. row_json FILE KEY: the row as `get` must print it; nothing when absent.
row_json() {
    awk -F, -v key="$2" 'FNR == 1 { n = split($0, name, ","); next }
        $1 == key { for (i = 1; i <= n; i++) printf("%s\"%s\":%s", (i > 1 ? "," : "{"), name[i],
                        ($i == "" ? "null" : "\"" $i "\"")); print "}" }' "$1"
}
# Keys without a quote in their rows: moved, repaired and newborn ones, untouched ones, one that never was.
grep -v '"' "$work/second.csv" | awk -F, 'NR > 1 { print $1 }' | head -n 60 | awk 'NR % 15 == 1' >"$work/keys"
grep -hv '"' "$work/first.csv" | awk -F, 'NR % 7000 == 3 { print $1 }' >>"$work/keys"
awk -F, 'FILENAME == ARGV[1] { key[$1] = 1; next } /"/ { delete key[$1] } END { for (k in key) print k }' \
    "$work/keys" "$work/before.csv" "$work/after.csv" | sort >"$work/.keys"
{ cat "$work/.keys"; echo 000000000000; } >"$work/keys"
list=$(sed "s/.*/'&'/" "$work/keys" | paste -sd,)
whole="select * from population.person order by citizen_id"
some="select * from population.person where citizen_id in ($list) order by citizen_id"
person=/api/v1/datasets/population.person

lines() { tr -d "\r" <"$1"; } # CSV of a query ends its lines with CR LF, as RFC 4180 says

# agree WHAT FILE [AT]: get and query, by command, and over HTTP when the node serves, say what FILE says.
agree() {
    local what=$1 file=$2 at=${3:-} key wrong='' asof=() parameter=''
    [ -z "$at" ] || asof=(--as-of "$at")
    [ -z "$at" ] || parameter="?as_of=$at"
    { head -n 1 "$file"; grep -F -f "$work/keys" "$file"; } >"$work/some.csv"
    while read -r key; do
        local expected
        expected=$(row_json "$file" "$key")
        nguon get population.person "$key" --json "${asof[@]}"
        [ "$code" != 3 ] || out=''
        [ "$out" = "$expected" ] || wrong+="get $key: $out instead of $expected"$'\n'
        [ -n "$pid" ] || continue
        api GET "$person/rows/$key$parameter"
        [ "$status" != 404 ] || body=''
        [ "$body" = "$expected" ] || wrong+="HTTP $key: $status $body instead of $expected"$'\n'
    done <"$work/keys"
    if [ -z "$wrong" ]; then ok "$what: get, $(wc -l <"$work/keys") keys"; else not_ok "$what: get" "$wrong"; fi
    nguon query "$some" --format csv "${asof[@]}"
    same_files "$what: query" "$work/some.csv" <(lines "$work/.out")
    nguon query "$whole" --format csv --limit-rows 1000000 "${asof[@]}"
    same_files "$what: query of all $(($(wc -l <"$file") - 1)) rows" "$file" <(lines "$work/.out")
    [ -n "$pid" ] || return 0
    local member=''
    [ -z "$at" ] || member=",\"as_of\":\"$at\""
    api POST /api/v1/query -d "{\"sql\":$(json_string "$whole"),\"format\":\"csv\",\"limit_rows\":1000000$member}"
    same_files "$what: query over HTTP" "$file" <(lines "$work/.body")
    api GET "$person/rows?format=csv&sort=citizen_id${at:+&as_of=$at}"
    same_files "$what: rows over HTTP" "$file" "$work/.body"
}
head -n 1 "$work/before.csv" >"$work/empty.csv"

agree "stopped, first load" "$work/before.csv"
agree "stopped, as of before anything" "$work/empty.csv" 2020-01-01T00:00:00Z
start_node || finish
agree "serving, first load" "$work/before.csv"
agree "serving, as of the first batch" "$work/before.csv" "$first_at"

# --- the same again
nguon load population.person "$work/first.csv" --idempotency-key first --json
same "the same file under the same key: the same receipt" "1 $first_receipt" "$code $out"
api POST $person/batches --data-binary "@$work/first.csv" -H 'Idempotency-Key: first'
same "the same over HTTP: 200 and the same receipt" "200 $first_receipt" "$status $body"
expect 4 load population.person "$work/second.csv" --idempotency-key first
same "another file under the same key is a conflict" conflict "$(field error.code)"
api POST $person/batches --data-binary "@$work/second.csv" -H 'Idempotency-Key: first'
same "the same over HTTP: 409" "409 conflict" "$status $(field code "$body")"
api GET $person
same "nothing changed" "$accepted $accepted" "$(field rows "$body") $(field seq "$body")"

# --- the second load, over HTTP
api POST $person/batches --data-binary "@$work/second.csv" -H 'Idempotency-Key: second'
second_receipt=$body
second_at=$(field at "$body")
same "the second load" 201 "$status"
corrections=$(($(wc -l <"$work/second.csv") - 1))
wrong=$(awk -F, 'FNR > 1 && $2 != "missing_tones"' "$work/second_truth.csv" | wc -l)
inserted=$(($(wc -l <"$work/after.csv") - $(wc -l <"$work/before.csv")))
unchanged=$(awk 'FILENAME == ARGV[1] { old[$0] = 1; next } FNR > 1 && $0 in old' "$work/before.csv" "$work/second.csv" | wc -l)
same "what the second load did" \
    "$((corrections - wrong)) accepted, $inserted inserted, $((corrections - wrong - inserted - unchanged)) updated, $unchanged unchanged" \
    "$(field rows.accepted "$body") accepted, $(field changes.inserted "$body") inserted, $(field changes.updated "$body") updated, $(field changes.unchanged "$body") unchanged"
api GET "$person/batches/$(field batch "$body")/quarantine?format=csv"
same_files "the second load's quarantine" <(awk -F, 'FNR > 1 { print $1 }' "$work/second_truth.csv" | sort) \
    <(set_aside "$work/.body" | cut -d' ' -f1 | sort)
agree "serving, second load" "$work/after.csv"
agree "serving, as of the first batch" "$work/before.csv" "$first_at"
agree "serving, as of its last number" "$work/before.csv" "seq:$accepted"
agree "serving, as of the second batch" "$work/after.csv" "$second_at"
stop_node
agree "stopped, second load" "$work/after.csv"
agree "stopped, as of the first batch" "$work/before.csv" "$first_at"
agree "stopped, as of its last number" "$work/before.csv" "seq:$accepted"

# --- history: without gaps, and one key's own
key=$(awk -F, 'FILENAME == ARGV[1] { if (!/"/) old[$1] = $0; next } !/"/ && $1 in old && old[$1] != $0 { print $1; exit }' \
    "$work/before.csv" "$work/second.csv")
changes="insert update"
times="$first_at $second_at"
last=$((accepted + $(field changes.inserted "$second_receipt") + $(field changes.updated "$second_receipt")))
ranges="1-$accepted $((accepted + 1))-$last"
nguon delete population.person "$key" --json
last=$((last + 1))
same "a delete is one change, and the next number" "0 1 $last" "$code $(field changes.deleted) $(field seq.last)"
changes+=" delete"
times+=" $(field at)"
ranges+=" $last-$last"
expect 3 get population.person "$key"
nguon get population.person "$key" --json --as-of "seq:$((last - 1))"
same "before its delete the row is there" "$(row_json "$work/after.csv" "$key")" "$out"
expect 0 history population.person --key "$key"
join() { flatten <<<"$out" | awk -F '\t' -v member="$1" '$1 ~ "^changes\\.[0-9]+\\." member "$" { printf "%s%s", sep, $2; sep = " " }'; }
same "the key's history" "$changes" "$(join op)"
same "and its times" "$times" "$(join at)"
expect 0 quarantine list population.person
same "receipts' numbers join without a gap" "$ranges" "$(flatten <<<"$out" | awk -F '\t' '
    /\.seq\.first\t/ { first = $2 } /\.seq\.last\t/ { all = first "-" $2 " " all } END { sub(/ $/, "", all); print all }')"
from=1
while [[ $from =~ ^[0-9]+$ ]]; do
    nguon history population.person --from "$from" --limit 10000 --json
    grep -oE '"seq":[0-9]+,"op"' <<<"$out" | tr -cd '0-9\n'
    from=$(grep -oE '"next":[0-9a-z]+}$' <<<"$out" | tr -cd '0-9')
done >"$work/seq"
same_files "history, page by page, has every number once and in order" <(seq 1 "$last") "$work/seq"
expect 0 verify
finish
