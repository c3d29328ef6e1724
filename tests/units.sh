#!/usr/bin/env bash
# Goal: systemd takes the units as they are, and they leave a node little to do harm with. Method: systemd-analyze
# verify, with the program of this build in the place of the installed one; systemd-analyze security, which adds up
# what a service may do: 10 is everything, and 2 the most we allow.
source "$(dirname "$0")/lib/testing.sh"
cd "$root" || exit 1

for line in NoNewPrivileges=yes ProtectSystem=strict PrivateTmp=yes User=nguon StateDirectory=nguon Type=notify; do
    tell "nguon.service: $line" grep -qx "$line" deploy/systemd/nguon.service
done
for name in public internal; do
    tell "nguon-$name.socket passes its name" grep -qx "FileDescriptorName=$name" deploy/systemd/nguon-$name.socket
done
if ! command -v systemd-analyze >/dev/null; then
    skip "verify and security" "systemd-analyze is not installed"
    finish
fi
mkdir "$work/units"
cp deploy/systemd/* "$work/units/"
sed -i -e "s|/usr/bin/nguon|$program|" -e '/^Documentation=file/d' "$work/units/nguon.service"
said=$(SYSTEMD_UNIT_PATH="$work/units:" systemd-analyze verify --man=no "$work"/units/nguon* 2>&1 | grep -F "$work/units")
same "systemd-analyze verify finds nothing" "" "$said"
if systemd-analyze security --help 2>/dev/null | grep -q -- --offline; then
    tell "systemd-analyze security: at most 2 of 10" \
        systemd-analyze security --offline=yes --threshold=20 --no-pager "$work/units/nguon.service"
fi

# --- Goal: the list of system calls is long enough. Method: strace of a node that loads, reads, writes, asks SQL in its
# child, reopens its log and stops; every call seen must be one that the unit's SystemCallFilter lines let through.
allowed() { # the calls of the filter, line by line as systemd.exec(5) has them
    { systemd-analyze syscall-filter 2>/dev/null; grep ^SystemCallFilter= deploy/systemd/nguon.service; } | awk '
        /^@/ { set = $1; next }
        /^SystemCallFilter=/ {
            sub(/^SystemCallFilter=/, "")
            keep = !sub(/^~/, "")
            for (i = 1; i <= NF; i++) take($i, keep)
            next
        }
        /^    [@a-z_]/ && set != "" { inside[set] = inside[set] " " $1 }
        function take(name, keep,  list, n, i) {
            if (name !~ /^@/) { if (keep) may[name] = 1; else delete may[name]; return }
            n = split(inside[name], list, " ")
            for (i = 1; i <= n; i++) take(list[i], keep)
        }
        END { take("@default", 1); for (name in may) print name }' | sort
}
allowed >"$work/allowed"
tell "the filter is read" [ "$(wc -l <"$work/allowed")" -gt 150 ]
tell "  and is one: no mount, no reboot, no ptrace" [ -z "$(grep -xE 'mount|reboot|ptrace|init_module' "$work/allowed")" ]
make_node
small_contract open open >"$work/open.yaml"
small_rows 1 2000 >"$work/rows.csv"
nguon apply "$work/open.yaml"
sed -i 's|log.file: ""|log.file: "log/nguon.log"|' "$data/nguon.yaml"
tracer=(strace -f -D -qq -o "$work/calls")
start_node
api POST /api/v1/datasets/open.item/batches --data-binary "@$work/rows.csv"
same "a load by a node under strace" 201 "$status"
api PUT /api/v1/datasets/open.item/rows/k000001 -H 'Content-Type: application/json' -d '{"id":"k000001","amount":3}'
open_api GET /api/v1/datasets/open.item/rows/k000001
same "a row" 200 "$status"
open_api POST /api/v1/query -H 'Content-Type: application/json' -d '{"sql":"select sum(amount) from open.item"}'
same "SQL in the child" 200 "$status"
kill -HUP "$pid"
api POST /api/v1/verify -d '{}'
stop_node
for _ in {1..200}; do # strace writes on after the end
    tail -n 1 "$work/calls" | grep -q "+++ exited with 0 +++" && break
    read -rt 0.05 <> <(:) || true
done
sed -nE 's/^[0-9]+ +([a-z_0-9]+)\(.*/\1/p' "$work/calls" | sort -u >"$work/seen"
tell "strace saw what a node does" [ "$(wc -l <"$work/seen")" -gt 40 ]
same "every call of a node is let through" "" "$(comm -23 "$work/seen" "$work/allowed" | xargs)"

finish
