#!/bin/sh
# test_programs.sh FOLDER [FILTER]: the test programs that the build in FOLDER knows, one per line. Asks ninja rather
# than the folder, where programs of former days may lie.
ninja -C "$1" -t targets all 2>/dev/null |
    sed -n 's/^\([a-z0-9_]*_test\): CXX_EXECUTABLE.*/\1/p' | grep -F -e "${2:-}" | sort
