// For the tests of this module: contracts with a mark where the problem is expected.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "contract/contract.h"

namespace nguon::contract::testing {

// The beginning of a contract, up to and with `schema:`.
inline std::string top(std::string_view api_version = "v3.2.0") {
    return "apiVersion: " + std::string(api_version) +
           "\nkind: DataContract\nid: population\nversion: 1.0.0\nstatus: active\n"
           "domain: population\nschema:\n";
}

// One dataset `person` with the key `id` and what `properties` adds (lines indented by 6).
inline std::string person(std::string_view properties, std::string_view api_version = "v3.2.0") {
    return top(api_version) +
           "  - name: person\n    properties:\n"
           "      - name: id\n        logicalType: string\n        primaryKey: true\n" +
           std::string(properties);
}

// One dataset `person` with the columns `id` and `age` and what `object` adds (lines indented by
// 4).
inline std::string with_object(std::string_view object, std::string_view api_version = "v3.2.0") {
    return person("      - name: age\n        logicalType: integer\n", api_version) +
           std::string(object);
}

// Reads a contract that must be right.
inline Contract accepted(std::string_view yaml) {
    auto read = parse(yaml, "test.yaml");
    if (read) return std::move(*read);
    std::string all;
    for (const Problem& one : read.error().errors) {
        all += one.path + ": " + one.problem.en + " | " + one.fix.en + "\n";
    }
    ADD_FAILURE() << all << yaml;
    Contract none;
    none.datasets.emplace_back();
    return none;
}

struct Expected {
    std::string path;
    std::string problem;  // part of the English sentence
    std::string fix;      // part of it
};

// `marked` is a contract with "▶" before the place of its one problem.
inline void expect_problem(std::string_view marked, const Expected& expected) {
    constexpr std::string_view kMark = "▶";
    std::string yaml(marked);
    const std::size_t at = yaml.find(kMark);
    ASSERT_NE(at, std::string::npos) << "no mark in:\n" << yaml;
    yaml.erase(at, kMark.size());
    int line = 1, column = 1;
    for (const char byte : yaml.substr(0, at)) {
        const bool starts = (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U;
        if (starts) ++column;
        if (byte == '\n') {
            ++line;
            column = 1;
        }
    }
    const auto read = parse(yaml, "test.yaml");
    ASSERT_FALSE(read.has_value()) << yaml;
    EXPECT_EQ(read.error().code, Code::kInvalid);
    ASSERT_EQ(read.error().errors.size(), 1U)
        << yaml << read.error().errors[0].path << ": " << read.error().errors[0].problem.en << "\n"
        << read.error().errors[1].path << ": " << read.error().errors[1].problem.en;
    const Problem& found = read.error().errors[0];
    EXPECT_EQ(found.file, "test.yaml");
    EXPECT_EQ(found.line, line) << yaml;
    EXPECT_EQ(found.column, column) << yaml;
    EXPECT_EQ(found.path, expected.path);
    EXPECT_NE(found.problem.en.find(expected.problem), std::string::npos) << found.problem.en;
    EXPECT_NE(found.fix.en.find(expected.fix), std::string::npos) << found.fix.en;
    EXPECT_FALSE(found.problem.vi.empty());
    EXPECT_FALSE(found.fix.vi.empty());
}

}  // namespace nguon::contract::testing
