#!/bin/sh
# Goal: files, time and randomness are reached through the seams, and the check that says so can see. Method:
# tools/check_seams.sh on this tree, then on trees with one fault each, which must be red.
set -u
tools=$(dirname "$0")/../tools
code=0
if said=$("$tools/check_seams.sh"); then
    echo "ok seams: this tree"
else
    echo "not ok seams: $said"
    code=1
fi
"$tools/check_seams.sh" --self-test || code=1
exit $code
