#!/usr/bin/env bash
# Goal: the reference says what the program does. Method: every route of a running node's openapi.json stands as
# METHOD `path` in docs/reference/http.md and the other way round; every setting of a new node's nguon.yaml stands in
# docs/reference/settings.md with its default and bounds, and the other way round; every command of the help has a
# heading in docs/reference/cli.md.
set -u
cd "$(dirname "$(readlink -f "$0")")/.." || exit 1
build=$(readlink -f "${NGUON_BUILD:-build}")
here=$(mktemp -d)
export NGUON_DATA=$here/node LANG=C.UTF-8
unset LC_ALL
server=
failed=0
trap '[ -z "$server" ] || kill "$server" 2>/dev/null; rm -rf "$here"' EXIT

# same WHAT DONE WRITTEN PAGE: two sorted lists are one.
same() {
    local missing extra
    missing=$(comm -23 "$2" "$3" | tr '\n' ';')
    extra=$(comm -13 "$2" "$3" | tr '\n' ';')
    if [ ! -s "$2" ]; then
        echo "not ok routes: the program gave no $1"
    elif [ -n "$missing" ]; then
        echo "not ok routes: $4 lacks $1: $missing"
    elif [ -n "$extra" ]; then
        echo "not ok routes: $4 has $1 that the program has not: $extra"
    else
        echo "ok routes: $(wc -l <"$2") $1 in $4"
        return
    fi
    failed=1
}

"$build/nguon" init --member VN/GOV/TEST >/dev/null || { echo "not ok routes: init"; exit 1; }

# settings: `# vi / en; low..high` and the line `name: default` under it
awk '
    /^settings:/ { inside = 1; next }
    inside && /^  #/ { bounds = $0; sub(/.*; /, "", bounds) }
    inside && /^  [a-z]/ { name = $1; sub(/:$/, "", name); print name, $2, bounds }
' "$NGUON_DATA/nguon.yaml" | sort >"$here/settings"
sed -nE 's/^\| `([a-z_.]+)` \| ([0-9]+|"") \| ([0-9]+\.\.[0-9]+|text) \|.*/\1 \2 \3/p' docs/reference/settings.md |
    sort >"$here/settings.md"
same settings "$here/settings" "$here/settings.md" docs/reference/settings.md

"$build/nguon" serve --public 127.0.0.1:0 --internal 127.0.0.1:0 >"$here/ready" 2>"$here/log" &
server=$!
for _ in {1..300}; do
    if grep -q '"ready"' "$here/ready" || ! kill -0 "$server" 2>/dev/null; then break; fi
    sleep 0.1
done
address=$(sed -nE 's/.*"public":"([^"]+)".*/\1/p' "$here/ready")
# "paths":{"/a":{"get":{…},"post":{…}},"/b":…
curl -sS "http://$address/api/v1/openapi.json" | grep -oE '"/[^"]*":\{|"(get|put|post|patch|delete)":\{' | awk '
    { gsub(/"|:\{/, "") }
    /^\// { path = $0; next }
    { print toupper($0) " `" path "`" }
' | sort >"$here/routes"
grep -oE '^\| (GET|PUT|POST|PATCH|DELETE) `[^`]*`' docs/reference/http.md | sed 's/^| //' | sort >"$here/routes.md"
same routes "$here/routes" "$here/routes.md" docs/reference/http.md

"$build/nguon" --help | awk '/^Commands:/ { inside = 1; next } /^$/ { inside = 0 } inside { sub(/^  /, ""); sub(/  .*/, ""); print }' |
    sort >"$here/commands"
sed -nE 's/^### `nguon ([a-z -]+)`$/\1/p' docs/reference/cli.md | sort >"$here/commands.md"
same commands "$here/commands" "$here/commands.md" docs/reference/cli.md

exit $failed
