#!/usr/bin/env bash
# Goal: a file that is the whole truth: what came, changed and went is computed; much deleting is confirmed; rows set
# aside delete nobody; views, history and proof are right afterwards; the same file says when it came before. Method:
# a register of 40 stations through the months, by command without a node, over HTTP, and through a node.
source "$(dirname "$(readlink -f "$0")")/lib/testing.sh"

make_node
cat >"$work/c.yaml" <<'YAML'
apiVersion: v3.2.0
kind: DataContract
id: register
version: 1.0.0
status: active
domain: register
name: register
schema:
  - name: station
    customProperties:
      - {property: mode, value: snapshot}
      - {property: access, value: open}
    properties:
      - {name: id, logicalType: string, primaryKey: true, logicalTypeOptions: {pattern: '^S[0-9]{3}$'}}
      - {name: name, logicalType: string, required: true}
      - {name: staff, logicalType: integer}
  - name: event
    properties:
      - {name: what, logicalType: string}
YAML
expect 0 apply "$work/c.yaml"

stations() { # FROM TO: rows with a header
    awk -v from="$1" -v to="$2" 'BEGIN {
        print "id,name,staff"
        for (i = from; i <= to; i++) printf "S%03d,Trạm %d,%s\n", i, i, i % 7 ? i : ""
    }'
}
stations 1 40 >"$work/may.csv"
expect 0 load register.station "$work/may.csv"
same "the first file is all inserts, in the contract's mode" "snapshot 40 0 0" \
    "$(field mode) $(field changes.inserted) $(field changes.deleted) $(field snapshot.missing)"
first=$(field batch) first_at=$(field at)

expect 0 load register.station "$work/may.csv"
same "the same file says when it came" "$first $first_at 0 40" \
    "$(field repeats.batch) $(field repeats.at) $(field changes.inserted) $(field changes.unchanged)"
nguon load register.station "$work/may.csv"
holds "and that nothing changed, in English" "$out" "nothing changed."
LANG=vi_VN.UTF-8 nguon load register.station "$work/may.csv"
holds "and in Vietnamese" "$out" "không có gì thay đổi"

# June: two are closed, one is new, two changed; a typo in one row.
{ stations 1 38 | sed 's/^S005,.*/S005,Trạm năm,5/; s/^S006,Trạm 6,6/S006,Trạm 6,sáu/; s/^S007,.*/S007,Trạm 7,77/'; echo 'S041,Mới,1'; } \
    >"$work/june.csv"
expect 1 load register.station "$work/june.csv"
june=$(field batch)
same "inserted, updated, deleted, unchanged" "1 2 2 35" \
    "$(field changes.inserted) $(field changes.updated) $(field changes.deleted) $(field changes.unchanged)"
same "the row set aside keeps the one that stands" "1 3 2" \
    "$(field snapshot.kept_aside) $(field snapshot.missing) $(field snapshot.deleted)"
same "one run of sequence numbers" "41 45" "$(field seq.first) $(field seq.last)"
expect 0 get register.station S006
holds "it is as it was" "$out" '"staff":6'
expect 3 get register.station S039
expect 0 get register.station S039 --as-of seq:40
expect 0 query "select count(*) as n, sum(staff) as s from register.station"
holds "SQL sees the new state" "$out" '[39,'
expect 0 query "select count(*) from register.station" --as-of seq:40
holds "and the one before" "$out" '[40]'
expect 0 history register.station --key S040
same "the deletion is history" "delete" "$(field changes.1.op)"

# A key that cannot be told holds the deletions back.
{ stations 1 30; echo 'S3I,Lỗi,1'; } >"$work/typo.csv"
expect 1 load register.station "$work/typo.csv"
same "no deletion beside a row whose key is unclear" "0 1 9" \
    "$(field changes.deleted) $(field snapshot.unclear) $(field snapshot.kept_unclear)"
expect 1 load register.station "$work/june.csv"

# Much deleting.
stations 1 10 >"$work/few.csv"
expect 4 load register.station "$work/few.csv"
same "refused with its count" "29 3" "$(field receipt.snapshot.confirm) $(field receipt.snapshot.allowed)"
nguon load register.station "$work/few.csv"
holds "the command that confirms" "$out" "nguon load register.station $work/few.csv --confirm-deletes 29"
holds "what would go, masked" "$out" "S0**"
expect 4 load register.station "$work/few.csv" --confirm-deletes 28
expect 0 query "select count(*) from register.station"
holds "nothing entered" "$out" '[39]'
head -1 "$work/few.csv" >"$work/none.csv"
expect 4 load register.station "$work/none.csv"
same "an empty file is refused" "39" "$(field receipt.snapshot.confirm)"
expect 2 load register.station "$work/few.csv" --mode upsert --confirm-deletes 29
expect 2 load register.event "$work/few.csv" --mode snapshot

# Rows sent again are a part.
printf 'id,name,staff\nS006,Trạm 6,66\n' >"$work/mended.csv"
expect 0 quarantine resubmit "$june" "$work/mended.csv"
same "resubmitted rows delete nothing" "$june upsert 1 0" \
    "$(field corrects) $(field mode) $(field changes.updated) $(field changes.deleted)"

# Killed at a step of the commit, a snapshot is wholly there or wholly absent.
stations 1 37 >"$work/july.csv" # S038 and S041 go
for point in commit.after_seal commit.after_manifest_sync commit.in_transaction; do
    NGUON_FAIL_POINT=$point nguon load register.station "$work/july.csv"
    same "killed at $point" 137 "$code"
    expect 0 query "select count(*) from register.station"
    holds "nothing of it is there" "$out" '[39]'
done
NGUON_FAIL_POINT=commit.after_transaction nguon load register.station "$work/july.csv"
expect 0 query "select count(*), count(*) filter (where id = 'S041') from register.station"
holds "once committed all of it is" "$out" '[37,0]'
expect 0 verify
expect 0 load register.station "$work/july.csv"
same "and again it changes nothing" "0 37" "$(field changes.deleted) $(field changes.unchanged)"
expect 1 load register.station "$work/june.csv"

# What is left to mend.
expect 0 quarantine list register.station
same "open: June's row is mended, those of the other files are not" "0 1" \
    "$(flatten <<<"$out" | awk -F '\t' -v june="$june" '$2 == june && $1 ~ /^batches\.[0-9]+\.batch$/ { split($1, p, "."); at = p[2] }
        at != "" && $1 == "batches." at ".corrected" { corrected = $2 } at != "" && $1 == "batches." at ".open" { open = $2 }
        END { print open, corrected }')"
nguon quarantine get "$june"
holds "the rows say that they are mended" "$out" "Of these rows 1 are mended already; 0 left."
nguon quarantine resubmit "$june" "$work/mended.csv"
holds "sent again it says that nothing is left" "$out" "had been mended before"
expect 0 quarantine list register.station --open
# June came three times. The second time its row was that of the first, and was mended with it; the third time it came after
# that, and waits anew.
same "two files have a row that waits" 2 "$(field open)"
same "and only they are listed" 2 "$(flatten <<<"$out" | grep -c $'^batches\.[0-9]*\.batch\t')"
nguon quarantine list register.station
holds "the list says what to look at" "$out" "Rows not mended yet: 2"

# Through a node, over HTTP.
start_node || finish
api GET "/api/v1/datasets/register.station/rows/S039"
same "the lookup knows who is gone" 404 "$status"
api POST "/api/v1/datasets/register.station/batches" --data-binary @"$work/few.csv"
same "HTTP refuses" "422 29" "$status $(field receipt.snapshot.confirm "$body")"
holds "and says what to do" "$(field fix "$body")" "confirm_deletes=29"
api POST "/api/v1/datasets/register.station/batches?confirm_deletes=29" --data-binary @"$work/few.csv"
same "confirmed" "201 29 3" "$status $(field changes.deleted "$body") $(field changes.updated "$body")"
api GET "/api/v1/datasets/register.station/rows/S011?min_seq=$(field seq.last "$body")"
same "the lookup follows" 404 "$status"
open_api GET "/api/v1/datasets/register.station/rows?limit=100"
same "so do lists" 10 "$(grep -o '"id"' <<<"$body" | wc -l)"
expect 0 load register.station "$work/few.csv"
same "a command through the node" "10 0" "$(field changes.unchanged) $(field changes.deleted)"

# Events are not doubled by mistake.
printf 'what\nstart\nstop\n' >"$work/events.csv"
expect 0 load register.event "$work/events.csv"
expect 4 load register.event "$work/events.csv"
holds "events sent again must be meant" "$(field error.fix)" "--again"
nguon load register.event "$work/events.csv"
holds "with the command" "$out" "nguon load register.event $work/events.csv --again"
expect 0 load register.event "$work/events.csv" --again
expect 0 load register.event "$work/events.csv" --idempotency-key tuesday
expect 0 query "select count(*) from register.event"
holds "three times two" "$out" '[6]'
stop_node
expect 0 verify
finish
