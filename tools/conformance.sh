#!/usr/bin/env bash
# conformance.sh [FILTER]: runs tests/conformance/*.sh and *.py that have FILTER in their name, as run_tests.sh does.
# Python finds the packages of tests/conformance/requirements.txt (pinned there) in a venv of its own,
# build/conformance/venv; JavaScript may install into build/conformance too. NGUON_STANDARDS names a folder
# with published files that no registry carries; checks that need them skip without it, and say so.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/.."
work=$PWD/build/conformance
venv=$work/venv
wanted=tests/conformance/requirements.txt
mkdir -p "$work"

if [ ! -x "$venv/bin/python3" ] || ! cmp -s "$work/requirements.txt" <(cat /dev/null $wanted 2>/dev/null); then
    rm -rf "$venv"
    python3 -m venv "$venv"
    if [ -s $wanted ] && ! "$venv/bin/pip" install --quiet --disable-pip-version-check -r $wanted >&2; then
        echo "conformance: pip could not install $wanted" >&2
        exit 5
    fi
    cat /dev/null $wanted >"$work/requirements.txt" 2>/dev/null || true
fi

[ -n "${NGUON_STANDARDS:-}" ] || echo "skipped: what needs NGUON_STANDARDS (a folder of published files) is not checked"
export PATH="$venv/bin:$PATH" VIRTUAL_ENV=$venv NGUON_CONFORMANCE=$work
export NGUON_TEST_SECONDS=${NGUON_TEST_SECONDS:-1200}
mapfile -t programs < <(find "$PWD/tests/conformance" -maxdepth 1 -type f -name "*${1:-}*" \
    \( -name '*.sh' -o -name '*.py' \) | sort)
exec tools/run_tests.sh --only "${programs[@]}"
