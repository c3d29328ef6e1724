# shellcheck shell=bash
# guide.sh: runs the commands of a page as a reader would. Source it in the folder of the repository; then
#
#   guide PAGE [HEADING]     the lines of its ```sh blocks (of the part under HEADING), in order, in one shell
#
# A comment under a command is `# exit N`, or a piece of its output (… stands for anything; runs of blanks count as
# one); the lines of a ```text block are pieces of the output of the command before it. Without `# exit N` it must exit 0. Ports 8080 and 8081 are moved to free ones. `guide_skips COMMAND`, if it is
# defined, says which commands cannot run here. Commands run in $here, which goes at the end, with links to docs, packs
# and build. Sets $guide_failed and $guide_count.
repository=$PWD
build=$(readlink -f "${NGUON_BUILD:-$repository/build}")
here=$(mktemp -d)
export TMPDIR=$here LANG=C.UTF-8
unset LC_ALL NGUON_DATA
server=
guide_failed=0 guide_count=0

guide_finish() {
    [ -z "$server" ] || kill "$server" 2>/dev/null
    rm -rf "$here"
}
trap guide_finish EXIT

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
    [[ $text == *--public* ]] ||
        text=${text//nguon serve/nguon serve --public 127.0.0.1:$public --internal 127.0.0.1:$internal}
    echo "$text"
}

# holds FILE PIECE: whether one line of FILE has the parts of PIECE between … in this order. No process is put in
# the background here: a command of a guide may say $!.
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

command='' line_number=0 expected=0 pieces=() page=''
settle() { # runs the command collected, and compares
    [ -n "$command" ] || return 0
    local output=$here/output.$((++guide_count)) code=0 wrong='' piece
    if declare -F guide_skips >/dev/null && guide_skips "$command"; then
        echo "   skipped: $command"
        command='' expected=0 pieces=()
        return 0
    fi
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
        echo "ok guide: $command"
    else
        guide_failed=1
        echo "not ok guide: $page:$line_number: $command: $wrong"
        echo "$(sed 's/^/    /' "$output")"
    fi
    command='' expected=0 pieces=()
}

guide() { # PAGE [HEADING]
    local heading=${2:-} inside=no block=no number=0 line
    page=$1
    [ -n "$heading" ] || inside=yes
    while IFS= read -r line; do
        number=$((number + 1))
        case $line in
            "${heading:-$'\n'}") inside=yes ;;
            '## '*) [ -z "$heading" ] || inside=no ;;
            '```sh') block=yes ;;
            '```text') block=output ;;
            '```') block=no ;;
            '# exit '*) [ $inside$block != yesyes ] || expected=${line#\# exit } ;;
            '# '*) [ $inside$block != yesyes ] || pieces+=("$(moved "${line#\# }")") ;;
            '') ;;
            *)
                if [ $inside$block = yesoutput ]; then
                    pieces+=("$line")
                elif [ $inside$block = yesyes ]; then
                    settle
                    command=$(moved "$line")
                    line_number=$number
                fi
                ;;
        esac
    done <"$repository/$page"
    settle
}

for name in docs packs deploy; do
    [ ! -e "$repository/$name" ] || ln -s "$repository/$name" "$here/"
done
ln -s "$build" "$here/build"
cd "$here" || exit 1
