#!/usr/bin/env bash
# Goal: after an erasure nothing in the data directory holds what was erased, and the chain still verifies. Method: a
# citizen who came in by file, was corrected, written alone, set aside with a fault, mended with a fix and looked up; then
# erased while the node serves; every file of a copy of the directory is searched byte by byte, Parquet unpacked.
source "$(dirname "$0")/lib/testing.sh"
export XDG_CONFIG_HOME=$work/config

make_node
cat >"$work/c.yaml" <<'CONTRACT'
apiVersion: v3.1.0
kind: DataContract
id: person
name: person
version: 1.0.0
status: active
domain: register
schema:
  - name: person
    logicalType: object
    customProperties:
      - {property: access, value: internal}
    properties:
      - {name: id, logicalType: string, primaryKey: true, primaryKeyPosition: 1, required: true}
      - {name: name, logicalType: string, required: true}
      - {name: born, logicalType: date}
      - {name: phone, logicalType: string, logicalTypeOptions: {pattern: "^0[0-9]{9}$"}}
CONTRACT
nguon apply "$work/c.yaml"
d=/api/v1/datasets/register.person
key=001099777333
{
    echo 'id,name,born,phone'
    for i in $(seq 1000 1400); do echo "00109900$i,Người số $i,19$((RANDOM % 90 + 10))-01-02,091234$i"; done
    echo "$key,Trịnh Độc Nhất,1877-03-09,0987000111"
    echo "001099777334,Người Khác,1990-01-01,+84987000112"
} >"$work/1.csv"
nguon load register.person "$work/1.csv"
first=$(field batch)
printf 'id,name,born,phone\n%s,Trịnh Độc Nhất Hai,1877-03-09,sai-số-0987000113\n' $key >"$work/2.csv"
nguon load register.person "$work/2.csv" # set aside
printf 'id,name,born,phone\n%s,Trịnh Độc Nhất Ba,09/03/1877,0987000114\n001099001234,Người mới,31/12/1999,0912341234\n' $key >"$work/3.csv"
nguon load register.person "$work/3.csv" --fix --idempotency-key "person-$key" --json # originals of two cells
same "  two cells mended" 2 "$(field mended.cells)"
start_node || finish
api PUT "$d/rows/$key" -d '{"name":"Trịnh Độc Nhất Bốn","born":"1877-03-09","phone":"0987000115"}'
same "written alone, too" 200 "$status"
api GET "$d/rows/$key"
same "  and looked up" 200 "$status"
api GET "$d/rows?limit=1&sort=-born"
nguon query "select count(*) from register.person where id='$key'" --format csv
nguon history register.person --key $key --json
before=$(field changes.0.seq)
api GET "$d/history?limit=1000"
changes=$(grep -o '"seq"' <<<"$body" | wc -l)
nguon backup "$work/backups" --json

# erased_left FOLDER: what still has a word of the person, packed or not.
cat >"$work/search.py" <<'PYTHON'
import pathlib, subprocess, sys
folder, program = pathlib.Path(sys.argv[1]), sys.argv[2]
words = ["001099777333", "09/03/1877", "Trịnh Độc Nhất", "1877-03-09", "0987000111", "0987000113", "0987000114", "0987000115"]
def forms(word):
    yield word.encode()
    yield word.encode("utf-16-le")
    yield word.encode("unicode-escape")
for file in folder.rglob("*"):
    if not file.is_file():
        continue
    texts = [file.read_bytes()]
    if file.suffix == ".parquet":
        run = subprocess.run([program, "check", str(file), "--write-rows", "/dev/stdout"], capture_output=True)
        texts.append(run.stdout)
    for word in words:
        if any(form in text for text in texts for form in forms(word)):
            print(file.relative_to(folder), word)
PYTHON
erased_left() {
    rm -rf "$work/copy"
    cp -a "$data" "$work/copy"
    python3 "$work/search.py" "$work/copy" "$program"
}
[ -n "$(erased_left)" ] && ok "before it is found" || not_ok "the search finds nothing" ""

api POST "$d/erasures" -d "{\"keys\":[\"$key\"]}"
same "not without an order" "400 invalid" "$status $(field code "$body")"
nguon erase register.person 001099999999 --order "QĐ 1" --json
same "nothing is said of somebody unknown" "3 not_found" "$code $(field error.code)"
nguon erase register.person $key --order "Quyết định 12/QĐ-STTTT ngày 02/11/2026" --json
same "erased while the node serves" 0 "$code"
same "  changes, rows set aside and cells mended" "4 2" "$(field erasure.changes) $(field erasure.set_aside)"
left=$(erased_left)
same "  nothing of it is left, byte by byte" "" "$left"
nguon verify --json
same "  the chain verifies" "0 true" "$code $(field ok)"
stop_node
cp -a "$data" "$work/offline" && rm -rf "$work/offline/keys"
"$program" verify --data "$work/offline" --public-key "$data/public.pem" --json >"$work/out" 2>&1
same "  offline, too" 0 $?
rm -rf "$work/offline"
start_node || finish
api GET "$d/rows/$key"
same "  the row is gone" 404 "$status"
nguon query "select count(*) from register.person" --format csv
same "  the others are there" 401 "$(tail -n 1 <<<"$out" | tr -d '\r')"
nguon get register.person 001099001234 --as-of seq:$before --json
same "  also in the past" 0 "$code"
nguon get register.person $key --as-of seq:$before --json
same "  where the row is gone, too" 3 "$code"
api GET "$d/history?limit=1000"
same "  numbers have no gap" "$((changes + 1)) 4" "$(grep -o '"seq"' <<<"$body" | wc -l) $(grep -o '"op":"erased"' <<<"$body" | wc -l)"
nguon rebuild register.person --json
same "  the view is built again" "0 401" "$code $(field rows)"
nguon quarantine list register.person --json
same "  batches can be listed" 0 "$code"
nguon quality register.person --json
same "  and scored" 0 "$code"
printf 'id,name,born,phone\n%s,Trở lại,2000-01-01,0987000999\n' $key >"$work/4.csv"
nguon load register.person "$work/4.csv" --json
same "whoever comes again is new" "0 1" "$code $(field changes.inserted)"
nguon load register.person "$work/1.csv" --json
same "the first file can be loaded again" 1 "$code"
nguon erase register.person $key --order "lần hai" --json
same "  and erased again" 0 "$code"
same "  nothing is left" "" "$(erased_left)"
nguon verify --json
same "  the chain verifies" "0 true" "$code $(field ok)"
nguon backup "$work/backups" --json
at=$(date -u +%Y-%m-%dT%H:%M:%SZ -d '-1 hour')
stop_node
nguon backup prune "$work/backups" --keep 1 --json
rm -rf "$work/restored"
"$program" restore "$work/backups" --data "$work/restored" --json >"$work/out"
same "a backup of after it is restored" 0 $?
same "  with nothing of it" "" "$(python3 "$work/search.py" "$work/restored" "$program")"
"$program" restore "$work/backups" --data "$work/past" --at "$at" --json >"$work/out"
same "a node is not taken back to before an erasure" "4 conflict" "$? $(field error.code "$(cat "$work/out")")"

# A redaction that nobody signed: the file changed by hand is still found.
segment=$(find "$data/segments" -type f | head -n 1)
printf X | dd of="$segment" bs=1 seek=100 conv=notrunc status=none
nguon verify --json
same "damage is still named" "1 false" "$code $(field ok)"
finish
