#!/usr/bin/env bash
# Goal: what the screens of loading and mending advise works when it is obeyed word by word, and a mended file holds what
# it should. Method: the commands are cut out of what was printed and run.
source "$(dirname "$(readlink -f "$0")")/lib/testing.sh"

make_node
cat >"$work/c.yaml" <<'YAML'
apiVersion: v3.2.0
kind: DataContract
id: advice
version: 1.0.0
status: active
domain: office
name: advice
schema:
  - name: event
    customProperties: [{property: mode, value: append}]
    properties:
      - {name: place, logicalType: string, required: true}
      - {name: day, logicalType: date, logicalTypeOptions: {format: dd/MM/yyyy}}
      - {name: n, logicalType: integer}
YAML
expect 0 apply "$work/c.yaml"

# advised WORDS: the last command in $out that has WORDS in it.
advised() { grep -o 'nguon [a-z].*' <<<"$out" | grep -F -e "$1" | tail -n 1; }
# obey CODE COMMAND: runs it as a person would who copies it.
obey() {
    [ -n "$2" ] || { not_ok "a command is advised" "$out"; return; }
    local code=0
    out=$(cd "$work" && eval "\"$program\" --data \"$data\" ${2#nguon }" 2>&1) || code=$?
    same "obeyed: ${2%% --replaces*}" "$1" "$code"
}

# A row of totals that entered with the others.
printf 'place,day,n\nHuế,01/02/2025,1\nVinh,02/02/2025,2\nTổng cộng,,3\n' >"$work/sums.csv"
nguon load office.event "$work/sums.csv"
same "a row of totals with good values enters" 0 $code
holds "and is told" "$out" "total"
obey 0 "$(advised --fix)"
expect 0 query "select count(*) || ' ' || sum(n) as s from office.event"
holds "as advised it is taken out, and nothing is doubled" "$out" '2 3'
nguon load office.event "$work/sums.csv" --fix
same "the same file once more is refused" 4 $code
obey 0 "$(advised --replaces)"
expect 0 query "select count(*) || ' ' || sum(n) as s from office.event"
holds "and comes in the place of its batch when that is advised" "$out" '2 3'
expect 0 query "select count(*) || ' ' || sum(n) as s from office.event" --as-of seq:3
holds "as of before it is there" "$out" '3 6'
expect 0 history office.event
holds "what went is in the history" "$out" '"place":"Tổng cộng"'
same "as a deletion" 1 "$(grep -c '"op":"delete"' <<<"$out")"

# A row without a key.
printf 'place,day,n\nLạc,03/02/2025,9\n' >"$work/wrong.csv"
expect 0 load office.event "$work/wrong.csv"
seq=$(field seq.first)
expect 2 delete office.event 9
holds "what a row goes by is said" "$out" "seq:"
expect 0 delete office.event "seq:$seq"
expect 3 delete office.event "seq:$seq"
expect 0 query "select count(*) as c from office.event where place = 'Lạc'"
holds "it is gone" "$out" '[[0]]'
expect 0 verify

# Rows set aside: closed by what comes in, or by a person.
printf 'place,day,n\nHuế,2025-02-04,4\n,05/02/2025,5\nVinh,x,6\n' >"$work/aside.csv"
expect 1 load office.event "$work/aside.csv"
batch=$(field batch)
same "three are set aside" 3 "$(field rows.rejected)"
nguon quarantine get "$batch" -o "$work/mend.csv"
sed -i -e '/,2,required/d' -e 's/Vinh,x,/Vinh,06\/02\/2025,/' -e 's/Huế,2025-02-04,/Huế,04\/02\/2025,/' "$work/mend.csv"
expect 0 quarantine resubmit "$batch" "$work/mend.csv" --close-missing "dòng thừa"
same "two are mended, one is closed" "3 0 1" \
    "$(field corrected.rows) $(field corrected.left) $(field corrected.closed.rows)"
expect 0 quarantine list office.event
same "nothing is open" 0 "$(field open)"
printf 'place,day,n\n,05/02/2025,7\n,05/02/2025,8\n' >"$work/more.csv"
expect 1 load office.event "$work/more.csv"
batch=$(field batch)
expect 1 load office.event "$work/more.csv"
expect 0 quarantine list office.event
same "the same wrong rows of the same file are open once" 2 "$(field open)"
expect 2 quarantine close "$batch"
expect 3 quarantine close "$batch" --rows 3 --reason x
expect 0 quarantine close "$batch" --rows 1-2 --reason "không rõ nơi" --by An
same "who and why is in the receipt" "$batch không rõ nơi An" \
    "$(field corrects) $(field corrected.closed.reason) $(field corrected.closed.by)"
expect 0 quarantine list office.event
same "nothing is open" 0 "$(field open)"
expect 3 quarantine close "$batch" --reason x
expect 0 verify

# A file with a damaged record, mended without a load.
printf 'place,day,n\nHuế,2025-02-01,1\nA2,"y,02/02/2025\nVinh,03/02/2025,3\n' >"$work/torn.csv"
expect 1 check "$work/torn.csv" --contract "$work/c.yaml" --fix -o "$work/mended.csv"
same "a damaged record is counted, and where it went" "1 $work/mended.damaged.txt" \
    "$(field damaged) $(field damaged_file)"
same_files "the mended file has the other rows, as the contract writes them" "$work/mended.csv" - <<'CSV'
place,day,n
Huế,01/02/2025,1
Vinh,03/02/2025,3
CSV
same_files "the damaged record is beside it as it was" "$work/mended.damaged.txt" - <<'CSV'
place,day,n
A2,"y,02/02/2025
CSV
nguon check "$work/torn.csv" --contract "$work/c.yaml" --fix -o "$work/mended.csv"
holds "the screen says so" "$out" "mended.damaged.txt"
expect 0 load office.event "$work/mended.csv"

start_node || finish
api POST "/api/v1/datasets/office.event/batches" --data-binary $'place,day,n\n,05/02/2025,70\n'
batch=$(field batch "$body")
api POST "/api/v1/batches/$batch/quarantine/close?reason=th%E1%BB%AD"
same "over HTTP as by command" "201 1" "$status $(field corrected.closed.rows "$body")"
api POST "/api/v1/batches/$batch/quarantine/close?reason=th%E1%BB%AD"
same "once" 404 "$status"
api POST "/api/v1/datasets/office.event/batches?replaces=$batch" --data-binary $'place,day,n\nHuế,05/02/2025,70\n'
same "a batch is replaced over HTTP" "201 $batch" "$status $(field replaces.batch "$body")"
seq=$(field seq.first "$body")
api DELETE "/api/v1/datasets/office.event/rows/seq:$seq"
same "a row without a key is deleted over HTTP" "200 1" "$status $(field changes.deleted "$body")"
finish
