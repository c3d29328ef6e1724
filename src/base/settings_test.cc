#include "base/settings.h"

#include <gtest/gtest.h>

namespace nguon {
namespace {

TEST(Settings, WhatIsWrittenReadsBackTheSame) {
    NodeConfig config;
    config.member = "VN/GOV/BCA";
    config.node = "n";
    config.name = {"Bộ", "Ministry"};
    config.settings["query.seconds"] = 60;
    config.texts["log.file"] = "log/\"a\" # b.log";
    const auto read = read_node_config(write_node_config(config), "nguon.yaml");
    ASSERT_TRUE(read.has_value()) << read.error().errors.at(0).problem.en;
    EXPECT_EQ(read->get("query.seconds"), 60);
    EXPECT_EQ(read->text("log.file"), config.texts["log.file"]);
    EXPECT_EQ(read->get("http.limit_loopback"), 0);
    EXPECT_EQ(NodeConfig().text("log.file"), "");
}

// Goal: each wrong setting is named with its line, and all of them at once.
TEST(Settings, WrongOnesAreNamedWithTheirPlace) {
    const std::string yaml =
        "member: VN/GOV/BCA\nsettings:\n  query.seconds: 0\n  log.file: [a]\n  no.such: 1\n"
        "  load.threads: many\n  http.max_queued: 5\n";
    const auto read = read_node_config(yaml, "nguon.yaml");
    ASSERT_FALSE(read.has_value());
    EXPECT_EQ(read.error().code, Code::kInvalid);
    std::vector<std::pair<int, std::string>> places;
    for (const Problem& problem : read.error().errors)
        places.emplace_back(problem.line, problem.path);
    EXPECT_EQ(places, (std::vector<std::pair<int, std::string>>{{3, "settings.query.seconds"},
                                                                {4, "settings.log.file"},
                                                                {5, "settings.no.such"},
                                                                {6, "settings.load.threads"}}));
    const std::string long_text(kLongestText + 1, 'a');
    EXPECT_FALSE(read_node_config("member: VN/GOV/BCA\nsettings:\n  log.file: " + long_text, "f"));
    EXPECT_FALSE(read_node_config("member: VN/GOV/BCA\nsettings:\n  log.file: \"a\\nb\"", "f"));
}

}  // namespace
}  // namespace nguon
