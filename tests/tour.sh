#!/usr/bin/env bash
# Goal: a visitor who copies the tour of README.md sees what it promises. Method: its commands run in order in one
# shell, in a folder that looks like the repository, and are held against the comments under them (lib/guide.sh).
# README.vi.md has the same commands and the same comments under them: its blocks are compared. The screen of `check` in
# the first guide is the program's.
set -u
cd "$(dirname "$(readlink -f "$0")")/.." || exit 1
source tests/lib/guide.sh

guide README.md '## A tour in five minutes'
if [ "$guide_count" -lt 10 ]; then
    echo "not ok tour: only $guide_count commands"
    guide_failed=1
fi
# The blocks of commands of a README, in order.
blocks() { awk '/^```sh$/ { on = 1; next } /^```$/ { on = 0 } on' "$1"; }
if [ -n "$(blocks "$repository/README.md")" ] &&
    difference=$(diff <(blocks "$repository/README.md") <(blocks "$repository/README.vi.md")); then
    echo "ok tour: README.vi.md has the commands of README.md"
else
    echo "not ok tour: README.vi.md has other commands than README.md"
    echo "$difference" | sed 's/^/    /'
    guide_failed=1
fi
guide docs/guides/first-dataset.md '## 2. Look at the file, let the program write a draft'
exit $guide_failed
