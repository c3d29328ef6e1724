# shellcheck shell=sh
# self_test.sh: for the self-tests of tools/check_*.sh. Sourced by one that has set `rule`, and defined `check TREE` and
# `plant TREE` (a small tree that is right); it ends with `exit $failed`.
failed=0

# expect GREEN_OR_RED NAME FILE TEXT: in a planted tree, FILE with TEXT in it.
expect() {
    tree=$(mktemp -d)
    plant "$tree"
    echo "$4" >"$tree/$3"
    if check "$tree" >"$tree/said"; then found=green; else found=red; fi
    if [ "$found" = "$1" ]; then
        echo "ok $rule: $2 is $1"
    else
        echo "not ok $rule: $2 should be $1, is $found: $(cat "$tree/said")"
        failed=1
    fi
    rm -rf "$tree"
}
