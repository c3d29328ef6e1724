#!/usr/bin/env bash
# Goal: a visitor who copies the tour of README.md sees what it promises. Method: the lines of its ```sh blocks run
# in order in one shell, in a folder that looks like the repository; a comment under a command is `# exit N`, or a
# piece of its output (… stands for anything; runs of blanks count as one). Without `# exit N` it must exit 0.
# README.vi.md has the same commands and the same comments under them: its blocks are compared.
# Ports 8080 and 8081 are moved to free ones.
set -u
cd "$(dirname "$(readlink -f "$0")")/.." || exit 1
repository=$PWD
build=$(readlink -f "${NGUON_BUILD:-$repository/build}")
heading='## A tour in five minutes'
here=$(mktemp -d)
export TMPDIR=$here LANG=C.UTF-8
unset LC_ALL NGUON_DATA
server=
failed=0

finish() {
    [ -z "$server" ] || kill "$server" 2>/dev/null
    rm -rf "$here"
}
trap finish EXIT

free_port() { # one that nobody listens on now
    local port
    for _ in {1..50}; do
        port=$((20000 + RANDOM % 12000))
        if ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
            echo "$port"
            return
        fi
    done
}
public=$(free_port) internal=$(free_port)
while [ "$internal" = "$public" ]; do internal=$(free_port); done
moved() { # the text with our ports
    local text=${1//8080/$public}
    text=${text//8081/$internal}
    echo "${text//nguon serve/nguon serve --public 127.0.0.1:$public --internal 127.0.0.1:$internal}"
}

# holds FILE PIECE: whether one line of FILE has the parts of PIECE between … in this order. No process is put in
# the background here: a command of the tour may say $!.
holds() {
    local pattern='*' part line text
    while read -r part; do
        [ -z "$part" ] || pattern+="${part//[\\\*\?\[]/\\&}*"
    done <<<"$(sed 's/…/\n/g' <<<"$2" | tr -s ' ')"
    text=$(tr -s ' ' <"$1")
    while IFS= read -r line; do
        # shellcheck disable=SC2053 # a pattern is what we want
        [[ $line == $pattern ]] && return 0
    done <<<"$text"
    return 1
}

command='' line_number=0 count=0 expected=0 pieces=()
settle() { # runs the command collected, and compares
    [ -n "$command" ] || return 0
    local output=$here/output.$((++count)) code=0 wrong='' piece
    if [[ $command == *'&' ]]; then
        eval "$command" >"$output" 2>&1
        server=$!
        for _ in {1..300}; do
            if grep -q '"ready"' "$output" || ! kill -0 "$server" 2>/dev/null; then break; fi
            sleep 0.1
        done
    else
        eval "$command" >"$output" 2>&1 </dev/null || code=$?
    fi
    [ "$code" = "$expected" ] || wrong="exit $code instead of $expected"
    for piece in ${pieces[@]+"${pieces[@]}"}; do
        holds "$output" "$piece" || wrong+="${wrong:+; }no line has: $piece"
    done
    if [ -z "$wrong" ]; then
        echo "ok tour: $command"
    else
        failed=1
        echo "not ok tour: README.md:$line_number: $command: $wrong"
        echo "$(sed 's/^/    /' "$output")"
    fi
    command='' expected=0 pieces=()
}

ln -s "$repository/docs" "$repository/packs" "$here/"
ln -s "$build" "$here/build"
cd "$here" || exit 1
inside=no block=no number=0
while IFS= read -r line; do
    number=$((number + 1))
    case $line in
        "$heading") inside=yes ;;
        '## '*) inside=no ;;
        '```sh') block=yes ;;
        '```') block=no ;;
        '# exit '*) [ $inside$block != yesyes ] || expected=${line#\# exit } ;;
        '# '*) [ $inside$block != yesyes ] || pieces+=("$(moved "${line#\# }")") ;;
        '') ;;
        *)
            if [ $inside$block = yesyes ]; then
                settle
                command=$(moved "$line")
                line_number=$number
            fi
            ;;
    esac
done <"$repository/README.md"
settle
if [ "$count" -lt 10 ]; then
    echo "not ok tour: only $count commands under '$heading'"
    failed=1
fi
# The blocks of commands of a README, in order.
blocks() { awk '/^```sh$/ { on = 1; next } /^```$/ { on = 0 } on' "$1"; }
if [ -n "$(blocks "$repository/README.md")" ] &&
    difference=$(diff <(blocks "$repository/README.md") <(blocks "$repository/README.vi.md")); then
    echo "ok tour: README.vi.md has the commands of README.md"
else
    echo "not ok tour: README.vi.md has other commands than README.md"
    echo "$difference" | sed 's/^/    /'
    failed=1
fi
exit $failed
