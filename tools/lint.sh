#!/usr/bin/env bash
# lint.sh [--all]: the rules of this code that a tool can check, in seconds. Without --all clang-tidy sees only the
# .cc files changed since the last commit, three at most (a file with Beast takes a minute); --all: every file.
# Prints `ok RULE` or `not ok RULE` with the places; last line `N passed, N failed`.
set -u
shopt -s lastpipe # so that rule, last in its pipe, can count
cd "$(dirname "$(readlink -f "$0")")/.." || exit 6
build=${NGUON_BUILD:-$PWD/build}
all=${1:-}
passed=0 failed=0

rule() { # NAME, the places on stdin: none is right
    local places
    places=$(cat)
    if [ -z "$places" ]; then
        echo "ok $1"
        passed=$((passed + 1))
    else
        echo "not ok $1"
        head -n 40 <<<"$places" | sed 's/^/    /'
        failed=$((failed + 1))
    fi
}

files() { find src bench tests web tools packs .ci run -type f "$@" 2>/dev/null | grep -v node_modules | sort; }
code() { files \( -name '*.h' -o -name '*.cc' \); }
written() { # what people write, not data
    files \( -name '*.h' -o -name '*.cc' -o -name '*.sh' -o -name '*.py' -o -name '*.ts' -o -name '*.css' \
        -o -name '*.sql' -o -name run \)
}
scripts() { files \( -name '*.sh' -o -name run \); }

for tool in clang-format-19 clang-tidy-19; do
    command -v $tool >/dev/null || echo "$tool is not installed: tools/install.sh lint"
done | rule "tools are there"

code | xargs -r clang-format-19 --dry-run -Werror 2>&1 |
    sed -n 's/^\([^: ]*\):.*error:.*/\1: .\/run format mends it/p' | sort -u | rule "clang-format"

tools/check_layers.sh 2>&1 | rule "layers: includes follow layers.txt"
tools/check_seams.sh 2>&1 | rule "seams: nobody reaches past Disk, Clock and Random"

lengths=$(written | xargs -r wc -l | grep -v ' total$')
awk '$1 > 600 { print $2 ": " $1 " lines; past 600 it is two files" }' <<<"$lengths" | rule "no file past 600 lines"
long=$(awk '$1 > 300 && $1 <= 600 { printf " %s (%d)", $2, $1 }' <<<"$lengths")
[ -z "$long" ] || echo "   past the 300 lines that files aim at:$long"

code | xargs -r grep -lE '#include *<boost/beast' | awk '{ name[NR] = $0 }
    END { if (NR > 3) for (i = 1; i <= NR; i++) print name[i] }' | rule "Boost.Beast in at most three files"

code | grep -v '^src/sql/' | xargs -r grep -nE '#include *[<"](duckdb|sqlite3)\.' |
    rule "DuckDB and SQLite headers only in src/sql"

files -name '*.h' | xargs -r grep -nE '#include *<(iostream|regex)>' | rule "no <iostream>, <regex> in headers"

for header in $(files -name '*.h'); do
    grep -q '^#pragma once' "$header" || echo "$header"
done | rule "every header has #pragma once"

for folder in src/*/ packs/*/; do
    [ -z "$(ls -A "$folder")" ] || [ -f "$folder/README.md" ] || echo "$folder"
done | rule "every module and pack has a README.md"

for script in $(scripts); do
    shell=$(sed -n '1s/^#!.*[\/ ]\(ba\)\{0,1\}sh.*/\1sh/p' "$script")
    "${shell:-bash}" -n "$script" 2>&1
    [ -x "$script" ] || [[ $script == */lib/* ]] || echo "$script: not executable"
done | rule "scripts parse and are executable"

# Left-overs, debris of a merge, and paths that only one machine has.
{ written; find docs cmake ./*.md CMakeLists.txt -type f 2>/dev/null; } | grep -v '^tools/lint.sh$' | xargs -r grep -nIE \
    '\b(TODO|FIXME|XXX|HACK)\b|^(<<<<<<<|>>>>>>>) |(^|[^A-Za-z0-9_.~/-])/(home|root|work|Users)/' |
    cut -c1-160 | rule "no left-overs, no paths of one machine"

tidy() { # FILE…: with the flags of a clang build of its own, which compiles nothing
    [ $# -gt 0 ] || return 0
    cmake -S . -B "$build/tidy" -G Ninja -DCMAKE_CXX_COMPILER=clang++-19 -DCMAKE_C_COMPILER=clang-19 \
        -DCMAKE_DISABLE_PRECOMPILE_HEADERS=ON >"$build/tidy.log" 2>&1 || { cat "$build/tidy.log"; return 0; }
    printf '%s\0' "$@" | xargs -0 -n 1 -P "$(nproc)" clang-tidy-19 -p "$build/tidy" --quiet 2>/dev/null |
        grep -E '(warning|error):' | sort -u || true
}
mkdir -p "$build"
if [ "$all" = --all ]; then
    mapfile -t chosen < <(find src -name '*.cc' | sort)
    tidy "${chosen[@]}" | rule "clang-tidy on ${#chosen[@]} files"
elif command -v git >/dev/null && git rev-parse --verify -q HEAD >/dev/null 2>&1; then
    mapfile -t chosen < <({ git diff --name-only HEAD -- 'src/*.cc'; git ls-files -o --exclude-standard -- 'src/*.cc'; } |
        while read -r file; do [ ! -f "$file" ] || echo "$file"; done | sort -u)
    if [ ${#chosen[@]} -gt 3 ]; then
        echo "   clang-tidy: ${#chosen[@]} changed files are too many for a quick look; ./run lint --all"
    elif [ ${#chosen[@]} -gt 0 ]; then
        tidy "${chosen[@]}" | rule "clang-tidy on ${chosen[*]}"
    fi
fi

echo "$passed passed, $failed failed"
[ $failed = 0 ]
