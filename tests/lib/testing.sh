# shellcheck shell=bash
# testing.sh: what the scripts tests/*.sh share. Source it first; end with `finish`.
#
#   ok WHAT · not_ok WHAT DETAIL · skip WHAT WHY     one line each, as tools/run_tests.sh counts them
#   same WHAT EXPECTED FOUND · holds WHAT TEXT PART  tests that print one of them
#   nguon ARGUMENT…     the binary over $data: sets $out, $err (texts) and $code
#   expect CODE ARG…    the same with --json; a test of the exit code and of stdout being one JSON object
#   field PATH [JSON]   a member of JSON (default $out): rows.read, results.3.rule; nothing when absent
#   make_node           init in $data;  start_node [FLAG…], stop_node: serve it; $public, $internal, $pid
#   api METHOD PATH [CURL ARGUMENT…]     to the internal listener, with the token: sets $status, $body, $headers
#   open_api …                           to the public one
#
# Each script has a folder of its own, $work, which goes when it ends, and so does the node it started.
set -uo pipefail
export LANG=C.UTF-8
unset LC_ALL
unset NGUON_DATA NGUON_FAIL_POINT http_proxy https_proxy

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
build=$(cd "${NGUON_BUILD:-$root/build}" && pwd) || exit 1
program=$build/nguon
work=$(mktemp -d "${TMPDIR:-/tmp}/nguon-test.XXXXXX")
data=$work/data
tracer=() # a command that start_node puts before the program, such as strace
pid='' failed=0 finished=no out='' err='' code=0 status='' body='' headers=''

at_exit() {
    local last=$?
    [ -z "$pid" ] || kill -KILL "$pid" 2>/dev/null
    rm -rf "$work"
    [ $finished = yes ] || { echo "not ok the script ended before its last line"; last=1; }
    exit "$last"
}
trap at_exit EXIT
trap 'exit 130' INT TERM

finish() {
    finished=yes
    exit $((failed > 0))
}

ok() { echo "ok $1"; }
skip() { echo "   skipped: $1: $2"; }
not_ok() {
    echo "not ok $1"
    [ -z "${2:-}" ] || printf '%s\n' "$2" | head -c 2000 | sed 's/^/    /'
    failed=$((failed + 1))
}
same() { # WHAT EXPECTED FOUND
    if [ "$2" = "$3" ]; then ok "$1"; else not_ok "$1" "expected: $2"$'\n'"found:    $3"; fi
}
holds() { # WHAT TEXT PART
    if [[ $2 == *"$3"* ]]; then ok "$1"; else not_ok "$1" "lacks: $3"$'\n'"text:  $2"; fi
}
# tell WHAT COMMAND…: the command's success is the test; what it printed is the reason.
tell() {
    local what=$1 said
    shift
    if said=$("$@" 2>&1); then ok "$what"; else not_ok "$what" "$said"; fi
}
same_files() { # WHAT EXPECTED FOUND
    if cmp -s "$2" "$3"; then ok "$1"; else not_ok "$1" "$(diff "$2" "$3" 2>&1 | head -n 10)"; fi
}

# flatten: JSON on stdin as lines of path and value, with a tab between. Strings without their quotes;
# \" \\ and \/ are decoded, other escapes stay.
flatten() {
    LC_ALL=C grep -oE '"([^"\\]|\\.)*"|[][{}:,]|[^][{}:," 	]+' | LC_ALL=C awk '
        function key() { return depth ? (kind[depth] == "[" ? prefix[depth] index_of[depth] : name) : "" }
        function put(value) { print key() "\t" value }
        function enter(bracket) {
            path = key()
            depth++
            kind[depth] = bracket
            prefix[depth] = path == "" ? "" : path "."
            index_of[depth] = 0
            waiting = bracket == "{"
        }
        $0 == "{" || $0 == "[" { enter($0); next }
        $0 == "}" || $0 == "]" { depth--; next }
        $0 == ":" { waiting = 0; next }
        $0 == "," { if (kind[depth] == "[") index_of[depth]++; else waiting = 1; next }
        {
            value = $0
            if (value ~ /^"/) {
                value = substr(value, 2, length(value) - 2)
                if (index(value, "\\")) {
                    gsub(/\\\\/, "\001", value)
                    gsub(/\\"/, "\"", value)
                    gsub(/\\\//, "/", value)
                    gsub(/\001/, "\\", value)
                }
            }
            if (waiting) name = prefix[depth] value
            else put(value)
        }'
}
field() { # PATH [JSON]
    flatten <<<"${2-$out}" | awk -F '\t' -v path="$1" '$1 == path { print substr($0, length(path) + 2); exit }'
}

# is_one_json TEXT: one object, brackets closed, nothing behind it.
is_one_json() {
    LC_ALL=C grep -oE '"([^"\\]|\\.)*"|[][{}]' <<<"$1" | awk '
        NR == 1 && $0 != "{" { bad = 1 }
        $0 == "{" || $0 == "[" { if (NR > 1 && !depth) bad = 1; stack[++depth] = $0; seen = 1 }
        $0 == "}" { if (stack[depth] != "{") bad = 1; depth-- }
        $0 == "]" { if (stack[depth] != "[") bad = 1; depth-- }
        END { exit !(seen && !bad && depth == 0) }'
}

nguon() {
    code=0
    NGUON_DATA=$data "$program" "$@" >"$work/.out" 2>"$work/.err" || code=$?
    out=$(<"$work/.out")
    err=$(<"$work/.err")
}
expect() { # CODE ARGUMENT…
    local expected=$1 what
    shift
    what="nguon $*"
    what=${what//"$work"\//}
    nguon "$@" --json
    if [ "$code" != "$expected" ]; then
        not_ok "exit $expected: ${what:0:90}" "exit $code: ${out:0:600} ${err:0:600}"
    elif ! is_one_json "$out"; then
        not_ok "exit $expected: ${what:0:90}" "not one JSON object: ${out:0:600}"
    else
        ok "exit $expected: ${what:0:90}"
    fi
}

# seed_random: $seed and $RANDOM from it; the same again with NGUON_TEST_SEED.
seed_random() {
    seed=${NGUON_TEST_SEED:-$(od -An -N3 -tu4 /dev/urandom | tr -d ' ')}
    echo "   seed $seed; repeat with NGUON_TEST_SEED=$seed"
    RANDOM=$seed
}

make_node() { # [FLAG…]
    nguon init --member VN/GOV/BCA --name-vi "Nút thử" --name-en "A node for tests" "$@"
    [ "$code" = 0 ] || not_ok "init" "$out $err"
}
start_node() { # [FLAG…]
    rm -f "$work/.ready" && mkfifo "$work/.ready"
    ${tracer[@]+"${tracer[@]}"} "$program" serve --data "$data" --public 127.0.0.1:0 --internal 127.0.0.1:0 --federation off "$@" \
        >"$work/.ready" 2>>"$work/node.log" </dev/null &
    pid=$!
    local line=''
    exec {ready}<"$work/.ready"
    read -r -t 30 -u "$ready" line
    exec {ready}<&-
    public=$(field public "$line")
    internal=$(field internal "$line")
    token=$(<"$data/admin.token")
    [ -n "$public" ] && return 0
    not_ok "the node starts" "$line $(tail -n 5 "$work/node.log")"
    return 1
}
stop_node() {
    kill -TERM "$pid"
    wait "$pid"
    local code=$?
    pid=''
    [ $code = 0 ] || not_ok "the node stops with 0" "exit $code: $(tail -n 5 "$work/node.log")"
}

request() { # LISTENER METHOD PATH [CURL ARGUMENT…]
    local address=$1 method=$2 path=$3
    shift 3
    status=$(curl -sS -m 60 -X "$method" -D "$work/.headers" -o "$work/.body" -w '%{http_code}' "$@" \
        "http://$address$path" 2>"$work/.err") || status="curl: $(<"$work/.err")"
    headers=$(tr -d '\r' <"$work/.headers")
    body=$(tr -d '\0' <"$work/.body")
}
api() { request "$internal" "$1" "$2" -H "Authorization: Bearer $token" "${@:3}"; }
open_api() { request "$public" "$@"; }

# json_string TEXT: quoted, for a request's body.
json_string() {
    local text=${1//\\/\\\\}
    text=${text//\"/\\\"}
    text=${text//$'\n'/\\n}
    printf '"%s"' "$text"
}

# small_contract NAME ACCESS: a contract of one dataset NAME.item (id, name, amount, day) on stdout.
small_contract() {
    cat <<CONTRACT
apiVersion: v3.1.0
kind: DataContract
id: $1
name: $1
version: 1.0.0
status: active
domain: $1
schema:
  - name: item
    logicalType: object
    businessName: "Mục"
    customProperties:
      - {property: access, value: $2}
    properties:
      - {name: id, logicalType: string, primaryKey: true, primaryKeyPosition: 1, required: true}
      - {name: name, logicalType: string}
      - {name: amount, logicalType: integer}
      - {name: day, logicalType: date}
CONTRACT
}
# small_rows FIRST LAST: rows for it, with a header.
small_rows() {
    awk -v first="$1" -v last="$2" 'BEGIN {
        print "id,name,amount,day"
        for (i = first; i <= last; i++) printf "k%06d,Tên số %d,%d,2026-%02d-%02d\n", i, i, i * 7, i % 12 + 1, i % 28 + 1
    }'
}

# set_aside FILE: of a quarantine as CSV, "ROW RULE" for each rule that a row breaks. No line ends in its values.
set_aside() {
    sed 's/"[^"]*"//g' "$1" | awk -F, '
        NR == 1 { for (i = 1; i <= NF; i++) if ($i == "_row") row = i; next }
        { n = split($(row + 1), rule, "; "); for (i = 1; i <= n; i++) print $row, rule[i] }'
}
