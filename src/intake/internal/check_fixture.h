// `check` of some bytes, for the tests of intake.
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/time.h"
#include "intake/check.h"

namespace nguon::intake {

inline json::object checked(const std::string& bytes, std::optional<scan::Format> format = {}) {
    const auto folder = std::filesystem::temp_directory_path() /
                        fmt::format("check-{}", make_id(system_clock(), system_random()));
    std::filesystem::create_directories(folder);
    CheckRequest request;
    request.file_name = "f.csv";
    request.bytes = bytes;
    request.format = format;
    request.scratch = folder;
    auto answer = check(request, {real_disk(), system_clock(), system_random()});
    EXPECT_TRUE(answer) << answer.error().detail.en;
    std::filesystem::remove_all(folder);
    return answer ? std::move(*answer) : json::object();
}

inline const json::value& column(const json::object& answer, std::size_t at) {
    return answer.at("columns").as_array().at(at);
}

inline std::vector<std::string> codes(const json::object& answer) {
    std::vector<std::string> codes;
    for (const json::value& result : answer.at("results").as_array())
        codes.emplace_back(result.at("code").as_string());
    return codes;
}

// The finding of that code; an empty object where there is none.
inline json::object finding(const json::object& answer, std::string_view code) {
    for (const json::value& result : answer.at("results").as_array()) {
        if (result.at("code").as_string() == code) return result.as_object();
    }
    return {};
}

}  // namespace nguon::intake
