#!/bin/sh
# Goal: no module includes one above it, and the check that says so can see. Method: tools/check_layers.sh on
# this tree, then on trees with one fault each, which must be red.
set -u
tools=$(dirname "$0")/../tools
code=0
if said=$("$tools/check_layers.sh"); then
    echo "ok layers: this tree"
else
    echo "not ok layers: $said"
    code=1
fi
"$tools/check_layers.sh" --self-test || code=1
exit $code
