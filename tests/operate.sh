#!/usr/bin/env bash
# Goal: an operator who follows docs/operate sees what it promises. Method: the commands of the pages that need no
# root run in order, page by page, each in a shell and folder of its own (lib/guide.sh). What needs root and a bare
# machine is run by `./run deep package`.
set -u
cd "$(dirname "$(readlink -f "$0")")/.." || exit 1

run_page() ( # NAME
    source tests/lib/guide.sh
    export PATH=$build:$PATH
    guide "docs/operate/$1.md"
    if [ "$guide_count" -lt 5 ]; then
        echo "not ok docs/operate/$1.md: only $guide_count commands"
        guide_failed=1
    fi
    exit $guide_failed
)

failed=0
for name in README backup upgrade; do
    run_page $name || failed=1
done
exit $failed
