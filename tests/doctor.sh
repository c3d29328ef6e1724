#!/usr/bin/env bash
# Goal: `nguon doctor` tells what is wrong with a machine and a folder, with and without a node that serves it, and its
# exit code says whether something is. Method: faults planted one by one in a small node, each looked for by name.
source "$(dirname "$0")/lib/testing.sh"

verdict() { # CHECK: of the last report
    flatten <<<"$out" | awk -F '\t' -v check="$1" '
        $1 ~ /\.check$/ { mine = $2 == check }
        mine && $1 ~ /\.verdict$/ { print $2; exit }'
}
doctor() {
    nguon doctor --json --public 127.0.0.1:0 --internal 127.0.0.1:0
    is_one_json "$out" || not_ok "doctor prints one JSON object" "$out $err"
    local wrong=0
    [ "$(field wrong)" = 0 ] || wrong=1
    same "exit $code says whether something is wrong: $1" "$wrong" "$code"
}

doctor "no node yet"
same "no node: told by the configuration" "wrong 1" "$(verdict config) $code"
for check in clock.steady disk.space disk.sync limits.memory versions versions.sandbox locale; do
    [ -n "$(verdict $check)" ] || not_ok "the machine is looked at all the same: $check" "$out"
done

make_node
small_contract open open >"$work/open.yaml"
small_rows 1 20 >"$work/rows.csv"
nguon apply "$work/open.yaml"
doctor "a fresh node"
for check in config keys.keys keys.node.pem keys.admin.token keys.pair disk.file_system ports.public ports.internal; do
    [ $check = disk.file_system ] && [ "$(verdict $check)" = warning ] && continue # a tmpfs
    same "a fresh node: $check" ok "$(verdict $check)"
done
same "nothing committed yet" ok "$(verdict clock.last_commit)"
nguon load open.item "$work/rows.csv"
doctor "after a load"
same "the last commit is before now" ok "$(verdict clock.last_commit)"
holds "  and told" "$out" '"behind_seconds":-'
tell "nothing is left in the folder" [ -z "$(find "$data" -name 'doctor-*')" ]

chmod 0644 "$data/admin.token"
doctor "a token that others may read"
same "a token that others may read" wrong "$(verdict keys.admin.token)"
holds "  what to do" "$out" "chmod 0600"
chmod 0600 "$data/admin.token"

nguon doctor
holds "for people: a line each" "$out" "Key pair"
holds "  and the sum" "$out" "$([ "$code" = 0 ] && [[ $out != *△* ]] && echo fit || echo 'Wrong: ')"
LANG=vi_VN.UTF-8 nguon doctor
holds "in Vietnamese" "$out" "Cặp khóa"

start_node
nguon doctor --json
same "a node that serves: its port is held by itself" "ok ok" "$(verdict ports.public) $(verdict ports.internal)"
holds "  at the address it has" "$out" "\"address\":\"$public\""
same "  and it is asked for its last commit" ok "$(verdict clock.last_commit)"
mkdir "$work/other"
NGUON_DATA=$work/other "$program" doctor --json --public "$public" >"$work/.out" 2>&1
out=$(<"$work/.out")
same "another node cannot have that port" wrong "$(verdict ports.public)"
stop_node

echo "  load.threads: 100000" >>"$data/nguon.yaml"
doctor "a setting out of bounds"
same "a setting out of bounds" wrong "$(verdict config)"
holds "  its place" "$out" "settings.load.threads"

finish
