// nguon-population: the rows of `population.person`, with faults whose truth is known.
#include <fmt/format.h>

#include <charconv>
#include <cstdio>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "population/generate.h"

namespace {

using nguon::population::Error;
using nguon::population::Options;

constexpr std::string_view kHelp =
    "nguon-population --seed S --rows N --wards ward.csv --out citizens.csv --truth truth.csv\n"
    "  [--faults on|off]           about 1% of the rows are faulty (default on)\n"
    "  [--former-provinces FILE]   default: former_province.csv beside the wards\n"
    "  [--corrections FILE]        a second file: moves, new names, repairs, newborns\n"
    "  [--corrections-truth FILE]  what is faulty in the second file\n"
    "Prints one JSON object with what was planted. Every person is made up.\n";

std::expected<std::uint64_t, Error> number(std::string_view flag, std::string_view text) {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error == std::errc{} && end == text.data() + text.size()) return value;
    return std::unexpected(Error{2, fmt::format("{} {:?} is not a whole number", flag, text)});
}

std::expected<void, Error> set(Options& options, std::string_view flag, std::string_view value) {
    if (flag == "--seed" || flag == "--rows") {
        const auto parsed = number(flag, value);
        if (!parsed) return std::unexpected(parsed.error());
        (flag == "--seed" ? options.seed : options.rows) = *parsed;
    } else if (flag == "--faults") {
        if (value != "on" && value != "off") {
            return std::unexpected(Error{2, "--faults is on or off"});
        }
        options.faults =
            value == "on" ? nguon::population::Faults::kPlanted : nguon::population::Faults::kNone;
    } else if (flag == "--wards") {
        options.wards = value;
    } else if (flag == "--former-provinces") {
        options.former_provinces = value;
    } else if (flag == "--out") {
        options.out = value;
    } else if (flag == "--truth") {
        options.truth = value;
    } else if (flag == "--corrections") {
        options.corrections = value;
    } else if (flag == "--corrections-truth") {
        options.corrections_truth = value;
    } else {
        return std::unexpected(Error{2, fmt::format("unknown flag {}; try --help", flag)});
    }
    return {};
}

std::expected<Options, Error> parse(const std::vector<std::string_view>& arguments) {
    Options options;
    for (std::size_t i = 0; i < arguments.size(); i += 2) {
        if (i + 1 == arguments.size()) {
            return std::unexpected(Error{2, fmt::format("{} needs a value", arguments[i])});
        }
        const auto done = set(options, arguments[i], arguments[i + 1]);
        if (!done) return std::unexpected(done.error());
    }
    if (options.rows == 0 || options.rows > nguon::population::kMostRows) {
        return std::unexpected(
            Error{2, fmt::format("--rows must be 1 to {}", nguon::population::kMostRows)});
    }
    if (options.wards.empty() || options.out.empty() || options.truth.empty()) {
        return std::unexpected(Error{2, "--wards, --out and --truth are needed; try --help"});
    }
    if (options.corrections_truth && !options.corrections) {
        return std::unexpected(Error{2, "--corrections-truth needs --corrections"});
    }
    return options;
}

int fail(const Error& error) {
    fmt::print(stderr, "nguon-population: {}\n", error.message);
    return error.exit_code;
}

}  // namespace

int main(int argc, char** argv) {
    const std::vector<std::string_view> arguments(argv + 1, argv + argc);
    if (arguments.size() == 1 && (arguments[0] == "--help" || arguments[0] == "-h")) {
        fmt::print("{}", kHelp);
        return 0;
    }
    const auto options = parse(arguments);
    if (!options) return fail(options.error());
    const auto summary = nguon::population::generate(*options);
    if (!summary) return fail(summary.error());
    fmt::print("{}\n", nguon::population::to_json(*summary));
    return 0;
}
