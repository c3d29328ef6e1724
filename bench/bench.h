// `./run bench NAME`: each prints one line, a figure beside a baseline that was measured in the
// same run.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/result.h"

namespace nguon::bench {

struct Options {
    std::int64_t rows = 0;  // 0: the bench's own
    int runs = 5;
    std::filesystem::path folder;   // scratch, on the disk that is measured
    std::filesystem::path program;  // nguon
};

// What a bench found; met is ratio (or value, without a baseline) <= aim, or >= where more is
// better.
struct Figure {
    std::string name, unit;
    std::int64_t rows = 0;
    int runs = 0;
    double value = 0;
    double baseline = 0;  // 0: none
    double ratio = 0;
    double aim = 0;
    bool met = false;
    json::object detail;
};

Result<Figure> bench_load(const Options& options);
Result<Figure> bench_lookup(const Options& options);
Result<Figure> bench_start(const Options& options);
Result<Figure> bench_write(const Options& options);
Result<Figure> bench_follow(const Options& options);

double median(std::vector<double> values);
double seconds_now();  // of a steady clock

// A population file with planted faults, made once per size, and the pack's datasets applied to a
// new node.
Result<std::filesystem::path> citizens_file(const Options& options, std::int64_t rows);
std::filesystem::path packs_folder(const Options& options);

}  // namespace nguon::bench
