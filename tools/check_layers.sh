#!/bin/sh
# check_layers.sh [TREE]: holds every #include "module/…" under TREE/src against TREE/layers.txt. Silent when all is
# well; else one line `file:line: what is wrong` each, exit 1. --self-test: trees with one fault each must be red.
# Rules: a module names only modules of earlier lines; its headers include only those its line names, and its own;
# routes*.{h,cc} also http; nobody another module's internal/; a folder that layers.txt does not name stands alone.
# Files straight under src/ (main.cc) put everything together and may include any module.
set -eu
LC_ALL=C
export LC_ALL

check() { # TREE
    (
        cd "$1"
        find src -name '*.h' -o -name '*.cc' | sort | xargs awk '
            FILENAME == "layers.txt" {
                if ($0 ~ /^#/ || NF == 0) next
                name = $1
                if (!sub(/:$/, "", name)) { print "layers.txt:" FNR ": no colon after " name; bad = 1 }
                for (i = 2; i <= NF; i++) {
                    if (!($i in line_of)) { print "layers.txt:" FNR ": " name " names " $i ", which no earlier line has"; bad = 1 }
                    may[name, $i] = 1
                }
                line_of[name] = FNR
                may[name, name] = 1
                next
            }
            FNR == 1 {
                parts = split(FILENAME, path, "/")
                own = parts > 2 ? path[2] : ""
                base = path[parts]
            }
            /^[ \t]*#[ \t]*include[ \t]*"/ {
                split($0, quoted, "\"")
                depth = split(quoted[2], to, "/")
                other = to[1]
                wrong = ""
                if (depth < 2) wrong = "name it from src: \"module/" quoted[2] "\""
                else if (other != own && to[2] == "internal") wrong = other "/internal is for " other " alone"
                else if (other == own || own == "") wrong = ""
                else if (!(other in line_of)) wrong = "layers.txt has no module " other
                else if (other == "http" && base ~ /^routes.*\.(h|cc)$/) wrong = ""
                else if (!((own, other) in may)) wrong = own " may not include " other " (layers.txt)"
                if (wrong != "") { print FILENAME ":" FNR ": " wrong; bad = 1 }
            }
            END { exit bad }
        ' layers.txt
    )
}

plant() { # TREE
    mkdir -p "$1/src/low/internal" "$1/src/high" "$1/src/http" "$1/src/alone"
    printf 'low:\nhttp: low\nhigh: low\n' >"$1/layers.txt"
    echo '#include "low/low.h"' >"$1/src/high/high.cc"
}

if [ "${1:-}" != --self-test ]; then
    check "${1:-$(dirname "$0")/..}"
    exit
fi
rule=layers
. "$(dirname "$0")/lib/self_test.sh"
expect green "a lower module" src/high/more.cc '#include "low/low.h"'
expect green "its own header" src/low/low.cc '#include "low/internal/low.h"'
expect green "http in routes" src/high/routes_more.cc '#include "http/router.h"'
expect green "any module in main" src/main.cc '#include "high/high.h"'
expect green "a comment" src/low/low.cc '// #include "high/high.h"'
expect red "an upper module" src/low/low.cc '#include "high/high.h"'
expect red "an upper module in a test" src/low/low_test.cc '  #  include "high/high.h"'
expect red "http outside routes" src/high/more.h '#include "http/router.h"'
expect red "another's internal" src/high/more.cc '#include "low/internal/low.h"'
expect red "an unknown module" src/high/more.cc '#include "alone/alone.h"'
expect red "a folder alone that reaches out" src/alone/alone.cc '#include "low/low.h"'
expect red "a name without its module" src/low/low.cc '#include "low.h"'
expect red "a line that names a later one" layers.txt 'low: high
high: low'
exit $failed
