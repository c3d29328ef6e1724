#!/usr/bin/env bash
# Goal: nobody is told of a batch before it is on the disk. Method: the system calls of a load, in the process of
# the command and in a node, must come in the order of docs/concepts/commit.md: each file synced, renamed, its folder
# synced; then the database's log synced; then the first byte of the answer. A trace with a step left out or two steps
# exchanged must be red.
source "$(dirname "$0")/lib/testing.sh"
if ! strace -f -o "$work/probe" true 2>/dev/null; then
    skip "the order of system calls" "strace is missing, or tracing is not permitted here"
    ok "nothing to test"
    finish
fi
traced=(strace -f -y -s 40 -e "trace=fsync,fdatasync,rename,renameat,renameat2,write,writev,pwrite64,pwritev,sendto,sendmsg")

# whole_calls TRACE: without process ids, and with the two halves of a call that strace cut apart (another thread
# made a call meanwhile) put together where the call ended. What is sent stays where it began.
whole_calls() {
    awk '
        { pid = $1; line = $0; sub(/^[0-9]* */, "", line) }
        line ~ /^(f(data)?sync|rename|renameat|renameat2|pwrite64|pwritev)\(.*<unfinished \.\.\.>$/ {
            sub(/ *<unfinished \.\.\.>$/, "", line)
            half[pid] = line
            next
        }
        line ~ /^<\.\.\. [a-z0-9]+ resumed>/ && pid in half {
            sub(/^<\.\.\. [a-z0-9]+ resumed>/, "", line)
            line = half[pid] line
            delete half[pid]
        }
        { print line }' "$1"
}

# in_order TRACE ANSWER: fails and says what is wrong unless TRACE has all steps in order, then ANSWER, a pattern.
in_order() {
    whole_calls "$1" | awk -v answer="$2" '
        function stop(text) { print text; bad = 1; exit 1 }
        function sync_of(what) { return $0 ~ "^f(data)?sync\\([0-9]+<[^>]*" what ">\\) += 0" }
        answered { next }
        /^f(data)?sync.* = -1/ || /^rename.* = -1/ { stop("a call failed: " $0) }
        # a file of the batch gets its name: its bytes must be durable, its folder must follow
        /^rename.*\/tmp\/.*\/(segments|quarantine|chain)\// {
            split($0, part, "\"")
            if (!(part[2] in durable)) stop("renamed before it was synced: " part[2])
            folder = part[4]
            sub(/\/[^\/]*$/, "", folder)
            unsynced[folder] = 1
            kind = part[4] ~ /\/segments\// ? "segment" : part[4] ~ /\/quarantine\// ? "quarantine" : "manifest"
            named[kind] = 1
        }
        /^(pwrite64|pwritev|write|writev)\(/ && /\/tmp\// {
            file = $0
            sub(/^[^<]*</, "", file)
            sub(/>.*/, "", file)
            delete durable[file]
        }
        /^f(data)?sync\(.* = 0/ {
            file = $0
            sub(/^[^<]*</, "", file)
            sub(/>.*/, "", file)
            durable[file] = 1
            delete unsynced[file]
        }
        # the transaction: all files first
        /^pwrite64\(.*control\.db-wal>/ {
            for (folder in unsynced) stop("the transaction begins before the folder is synced: " folder)
            if (!named["segment"]) stop("the transaction begins before the segment is there")
            if (!named["manifest"]) stop("the transaction begins before the manifest is there")
            frames++
        }
        sync_of("control.db-wal") && frames > 2 { committed = 1 }
        $0 ~ answer {
            if (!committed) stop("answered before the commit was synced: " $0)
            if (!named["quarantine"]) stop("no quarantine file was sealed")
            answered = 1 # the rest is read all the same: who writes into a closed pipe fails
        }
        END { if (!bad && !answered) { print "no answer in the trace"; bad = 1 } exit bad }'
}
# rejects WHAT TRACE ANSWER: the check sees what was done to the trace.
rejects() {
    if in_order "$2" "$3" >/dev/null; then not_ok "$1: seen"; else ok "$1: seen"; fi
}

make_node
small_contract small open >"$work/c.yaml"
nguon apply "$work/c.yaml"
{ small_rows 1 50; echo 'k9,Sai,x,2026-01-01'; } >"$work/first.csv"
{ small_rows 51 90; echo 'k9,Sai,y,2026-01-01'; } >"$work/second.csv"

# --- in the command's own process; the answer goes to a file
"${traced[@]}" -o "$work/command" "$program" load small.item "$work/first.csv" --data "$data" --json >"$work/answer" 2>"$work/err"
same "a load under strace" 1 $?
tell "a command: files, folders, database, answer" in_order "$work/command" '^write\(1<'
same "the answer is the receipt" accepted "$(field status "$(<"$work/answer")")"

# --- in a node; the answer goes to a socket
tracer=("${traced[@]}" -D -o "$work/node.all")
start_node || finish
api POST /api/v1/datasets/small.item/batches --data-binary "@$work/second.csv"
same "a load by a node under strace" 201 "$status"
stop_node
for _ in {1..600}; do # strace writes on after the end
    tail -n 1 "$work/node.all" | grep -q "+++ exited with 0 +++" && break
    read -rt 0.05 <> <(:) || true
done
tell "a node: files, folders, database, answer" in_order "$work/node.all" '^(sendmsg|sendto|write|writev)\([0-9]+<(socket|TCP).*HTTP/1\.1 201'

# --- the check itself can see
without() { grep -vE "$1" "$work/command" >"$work/changed"; }
without '(fsync|fdatasync)\([0-9]+<[^>]*/tmp/[^>]*parquet>'
rejects "a segment that is not synced" "$work/changed" '^write\(1<'
without '(fsync|fdatasync)\([0-9]+<[^>]*/segments>'
rejects "a folder that is not synced" "$work/changed" '^write\(1<'
without '(fsync|fdatasync)\([0-9]+<[^>]*/chain/small.item>'
rejects "a chain that is not synced" "$work/changed" '^write\(1<'
without '(fsync|fdatasync)\([0-9]+<[^>]*control.db-wal>'
rejects "a commit that is not synced" "$work/changed" '^write\(1<'
{ grep -E '^[0-9]+ +write\(1<' "$work/command"; cat "$work/command"; } >"$work/changed"
rejects "an answer before all" "$work/changed" '^write\(1<'
finish
