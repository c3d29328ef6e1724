#!/bin/sh
# check_seams.sh [TREE]: no source under TREE/src reaches files, time or randomness past the seams of base/ (Disk,
# Clock, Random), save for what TREE/tools/seams.txt allows, with a reason. Silent when all is well; else one line
# `file:line: what is wrong` each, exit 1. --self-test: trees with one fault each must be red.
# Not looked at: base/ itself, tests (*_test.cc, *_fixture.h, testing.h, test_*.h), fuzz targets, comments.
set -eu
LC_ALL=C
export LC_ALL

check() { # TREE
    (
        cd "$1"
        find src \( -name '*.h' -o -name '*.cc' \) ! -path 'src/base/*' ! -path '*/fuzz/*' ! -name '*_test.cc' \
            ! -name '*_fixture.h' ! -name testing.h ! -name 'test_*.h' | sort | xargs awk '
            BEGIN {
                before = "(^|[^A-Za-z0-9_>])"
                file = "(std::filesystem|fs)::(remove|remove_all|rename|exists|create_directory|create_directories|" \
                    "copy|copy_file|resize_file|last_write_time|permissions)[({]"
                call = before "::(open|openat|creat|unlink|rename|mkdir|rmdir|chmod|truncate|fsync|fdatasync|flock)\\("
                stream = "std::[io]?fstream|" before "(std::)?fopen\\("
                time = "system_clock|" before "(std::|::)?time\\((NULL|nullptr|0|&)|" before "(::)?(clock_gettime\\(CLOCK_REALTIME|gettimeofday\\()"
                random = "system_random\\(\\)|std::random_device|" before "(std::|::)?(s?rand|getrandom|getentropy)\\("
                bypass = "real_disk\\(\\)|" file "|" call "|" stream "|" time "|" random
            }
            FILENAME == "tools/seams.txt" {
                if ($0 ~ /^#/ || NF == 0) next
                if (NF < 3) { print "tools/seams.txt:" FNR ": say why"; bad = 1 }
                line_of[$1] = FNR
                next
            }
            {
                code = $0
                sub(/\/\/.*/, "", code)
                if (code !~ bypass) next
                allowed = ""
                for (entry in line_of)
                    if (entry == FILENAME || (entry ~ /\/$/ && index(FILENAME, entry) == 1)) allowed = entry
                if (allowed != "") { needed[allowed] = 1; next }
                sub(/^[ \t]+/, "", code)
                print FILENAME ":" FNR ": past the seams (take Disk, Clock, Random; or tools/seams.txt): " code
                bad = 1
            }
            END {
                for (entry in line_of)
                    if (!(entry in needed)) { print "tools/seams.txt:" line_of[entry] ": " entry " needs no line"; bad = 1 }
                exit bad
            }
        ' tools/seams.txt
    )
}

plant() { # TREE
    mkdir -p "$1/src/base" "$1/src/high/fuzz" "$1/src/edge" "$1/tools"
    printf 'src/edge/ it is the edge\n' >"$1/tools/seams.txt"
    echo 'Disk& disk = real_disk();' >"$1/src/edge/main.cc"
    echo 'const int descriptor = ::open(path, flags);' >"$1/src/base/disk.cc"
    echo 'auto opened = Store::open(options);' >"$1/src/high/high.cc"
}

if [ "${1:-}" != --self-test ]; then
    check "${1:-$(dirname "$0")/..}"
    exit
fi
rule=seams
. "$(dirname "$0")/lib/self_test.sh"
expect green "a class's own open" src/high/more.cc 'TRY_ASSIGN(m_duck, sql::Duck::open(options));'
expect green "a time of day" src/high/more.cc 'std::string text = style.time(at); hh_mm_ss time(at);'
expect green "a comment" src/high/more.cc 'f(); // unlike real_disk()'
expect green "a test" src/high/high_test.cc 'std::ifstream file(path);'
expect green "a fuzz target" src/high/fuzz/high.cc 'Disk* disk = &real_disk();'
expect green "an allowed folder" src/edge/more.cc 'std::ofstream file(path);'
expect red "the real disk" src/high/more.cc 'Disk* disk = &real_disk();'
expect red "a system call" src/high/more.h 'int file = ::open(path.c_str(), O_RDONLY);'
expect red "a stream" src/high/more.cc 'std::ofstream(summary) << line;'
expect red "a C file" src/high/more.cc 'FILE* file = std::fopen(path, "w");'
expect red "a removal" src/high/more.cc '    std::filesystem::remove(path, ignored);'
expect red "a removal by the short name" src/high/more.cc 'if (fs::exists(path)) return;'
expect red "the system's clock" src/high/more.cc 'const Micros now = system_clock().now();'
expect red "the clock of std" src/high/more.cc 'auto now = std::chrono::system_clock::now();'
expect red "the time of C" src/high/more.cc 'const auto now = std::time(nullptr);'
expect red "the system's randomness" src/high/more.cc 'make_id(clock, system_random());'
expect red "a random device" src/high/more.cc 'std::mt19937 engine{std::random_device{}()};'
expect red "a reason left out" tools/seams.txt 'src/edge/'
expect red "a line that nothing needs" tools/seams.txt 'src/edge/ it is the edge
src/high/high.cc it was once needed'
exit $failed
