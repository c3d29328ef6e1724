#include <fmt/format.h>

#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstring>

#include "bench.h"
#include "query/query.h"

namespace nguon::bench {

double median(std::vector<double> values) {
    std::ranges::sort(values);
    const std::size_t middle = values.size() / 2;
    return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

double seconds_now() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

std::filesystem::path packs_folder(const Options& options) {
    return options.program.parent_path().parent_path() / "packs";
}

Result<std::filesystem::path> citizens_file(const Options& options, std::int64_t rows) {
    const std::filesystem::path file = options.folder / fmt::format("citizens-{}.csv", rows);
    if (std::filesystem::exists(file)) return file;
    const std::string command =
        fmt::format("'{}' --seed 142 --rows {} --wards '{}' --out '{}' --truth '{}' > /dev/null",
                    (options.program.parent_path() / "nguon-population").string(), rows,
                    (packs_folder(options) / "administrative-units/data/ward.csv").string(),
                    file.string(), (options.folder / "truth.csv").string());
    if (std::system(command.c_str()) != 0) {
        return fail(Code::kInternal, Text::same("the population file could not be made"));
    }
    return file;
}

namespace {

double to_three(double value) {
    return static_cast<double>(static_cast<std::int64_t>(value * 1000 + 0.5)) / 1000;
}

int run(int argc, char** argv) {
    Options options;
    options.program = std::filesystem::canonical("/proc/self/exe").parent_path() / "nguon";
    options.folder = options.program.parent_path() / "bench";
    std::string name;
    bool json_only = false;
    for (int i = 1; i < argc; ++i) {
        const std::string_view word = argv[i];
        const auto number = [&](auto& to) {
            if (++i < argc) std::from_chars(argv[i], argv[i] + std::strlen(argv[i]), to);
        };
        if (word == "--rows") {
            number(options.rows);
        } else if (word == "--runs") {
            number(options.runs);
        } else if (word == "--json") {
            json_only = true;
        } else {
            name = word;
        }
    }
    std::filesystem::create_directories(options.folder);
    Result<Figure> figure = fail(
        Code::kInvalid,
        Text::same("usage: bench load|lookup|start|write|follow [--rows N] [--runs K] [--json]"));
    if (name == "load") figure = bench_load(options);
    if (name == "lookup") figure = bench_lookup(options);
    if (name == "start") figure = bench_start(options);
    if (name == "write") figure = bench_write(options);
    if (name == "follow") figure = bench_follow(options);
    if (!figure) {
        fmt::print(stderr, "{}\n{}\n", figure.error().detail.en, figure.error().fix.en);
        return exit_code_of(figure.error().code);
    }
    if (!json_only) {
        fmt::print("{}: {:.3f} {}; baseline {:.3f}, ratio {:.2f}, aim {}: {}\n", figure->name,
                   figure->value, figure->unit, figure->baseline, figure->ratio, figure->aim,
                   figure->met ? "met" : "not met");
    }
    const json::object line{
        {"bench", figure->name},
        {"rows", figure->rows},
        {"runs", figure->runs},
        {"value", to_three(figure->value)},
        {"unit", figure->unit},
        {"baseline",
         figure->baseline == 0 ? json::value(nullptr) : json::value(to_three(figure->baseline))},
        {"ratio",
         figure->baseline == 0 ? json::value(nullptr) : json::value(to_three(figure->ratio))},
        {"aim", figure->aim},
        {"met", figure->met},
        {"detail", figure->detail}};
    fmt::print("{}\n", to_text(line));
    return 0;
}

}  // namespace
}  // namespace nguon::bench

int main(int argc, char** argv) {
    if (argc > 1 && std::string_view(argv[1]) == "sql-child") return nguon::query::child_main();
    return nguon::bench::run(argc, argv);
}
