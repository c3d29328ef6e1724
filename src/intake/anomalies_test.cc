// What a load keeps of a batch in its receipt, and what it says of an unusual one.
#include <random>

#include "intake/internal/load_fixture.h"

namespace nguon::intake {
namespace {

constexpr std::string_view kVisit =
    "  - name: visit\n    customProperties: [{property: mode, value: append}]\n    properties:\n"
    "      - {name: day, logicalType: date}\n"
    "      - {name: amount, logicalType: number}\n"
    "      - {name: count, logicalType: integer}\n"
    "      - {name: paid, logicalType: boolean}\n"
    "      - name: kind\n        logicalType: string\n        enum: [{value: a}, {value: b}]\n"
    "      - {name: phone, logicalType: string, classification: personal}\n"
    "      - {name: wage, logicalType: integer, classification: restricted}\n";

class AnomaliesTest : public LoadTest {
protected:
    struct Visits {
        int rows = 500;
        double mean = 100;
        int empty = 5;  // of 100
        int kind_a = 50;
    };
    json::value visits(const Visits& made) {
        std::normal_distribution<double> amounts(made.mean, 20);
        std::uniform_int_distribution<int> dice(0, 99);
        std::string text = "day,amount,count,paid,kind,phone,wage\n";
        for (int i = 0; i < made.rows; ++i) {
            const std::string amount =
                dice(m_random) < made.empty ? "" : fmt::format("{:.2f}", amounts(m_random));
            text += fmt::format("2026-01-{:02},{},{},{},{},0912345{:03},{}\n", i % 28 + 1, amount,
                                dice(m_random), i % 2 == 0 ? "true" : "false",
                                dice(m_random) < made.kind_a ? "a" : "b", i, 7'654'321 + i);
        }
        return load("t.visit", text);
    }
    static std::vector<std::string> found(const json::value& receipt) {
        std::vector<std::string> rules;
        for (const json::value& result : receipt.at("results").as_array()) {
            const std::string rule(result.at("rule").as_string());
            if (rule.starts_with("anomaly:") && result.at("failed").as_int64() > 0)
                rules.push_back(rule);
        }
        return rules;
    }

    std::mt19937_64 m_random{11};
};

// Goal: a receipt holds a short profile, with no value of a classified column. Method: one batch.
TEST_F(AnomaliesTest, TheReceiptKeepsAProfileWithoutPersonalValues) {
    apply(kVisit);
    const json::value receipt = visits({});
    const json::value& columns = receipt.at("profile").at("columns");
    EXPECT_EQ(receipt.at("profile").at("rows").as_int64(), 500);
    EXPECT_EQ(columns.at("amount").at("bins").as_array().size(), 10);
    EXPECT_EQ(columns.at("day").at("min").as_string(), "2026-01-01");
    EXPECT_EQ(columns.at("kind").at("categories").as_array().size(), 2);
    EXPECT_EQ(columns.at("paid").at("bins").at(1).as_int64(), 250);
    EXPECT_EQ(columns.at("phone").as_object().size(), 2);  // nulls and distinct
    EXPECT_EQ(columns.at("wage").as_object().size(), 2);
    EXPECT_EQ(to_text(receipt).find("76543"), std::string::npos);
    EXPECT_EQ(to_text(receipt).find("09123"), std::string::npos);
}

// Goal: from the sixth batch on an unusual one is told and enters all the same; usual ones stay
// silent. Method: made-up months, one with each kind of anomaly.
TEST_F(AnomaliesTest, PlantedAnomaliesAreTold) {
    apply(kVisit);
    for (int month = 0; month < 8; ++month)
        EXPECT_EQ(found(visits({})), Lines{}) << month;
    const json::value few = visits({.rows = 60});
    EXPECT_EQ(found(few), Lines{"anomaly:row_count"});
    EXPECT_EQ(few.at("status").as_string(), "accepted");
    EXPECT_EQ(at(few, "rows", "accepted"), 60);
    EXPECT_EQ(found(visits({.empty = 60})), Lines{"anomaly:null_share:amount"});
    EXPECT_EQ(found(visits({.mean = 140})), Lines{"anomaly:distribution:amount"});
    EXPECT_EQ(found(visits({.kind_a = 95})), Lines{"anomaly:distribution:kind"});
    EXPECT_EQ(found(visits({})), Lines{});
}

// Goal: the same batch after the same past says the same. Method: two stores, byte by byte.
TEST_F(AnomaliesTest, ProfilesAreTheSameEachTime) {
    apply(kVisit);
    const std::string first = to_text(visits({}).at("profile"));
    TearDown();
    SetUp();
    apply(kVisit);
    m_random.seed(11);
    EXPECT_EQ(to_text(visits({}).at("profile")), first);
}

// Goal: a receipt stays short however wide the contract is. Method: a thousand columns.
TEST_F(AnomaliesTest, ProfilesOfWideContractsAreBounded) {
    std::string schema = "  - name: wide\n    properties:\n";
    std::string header, row;
    for (int i = 0; i < 1000; ++i) {
        schema += fmt::format("      - {{name: c{}, logicalType: number}}\n", i);
        header += fmt::format("{}c{}", i == 0 ? "" : ",", i);
        row += fmt::format("{}{}.25", i == 0 ? "" : ",", 123456789 + i);
    }
    apply(schema);
    std::string text = header + "\n";
    for (int i = 0; i < 100; ++i)
        text += row + "\n";
    const json::value receipt = load("t.wide", text);
    EXPECT_LT(to_text(receipt.at("profile")).size(), 30'000);
    EXPECT_EQ(receipt.at("profile").at("columns").as_object().size(), 200);
}

}  // namespace
}  // namespace nguon::intake
