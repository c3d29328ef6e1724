#include "store/key.h"

#include <gtest/gtest.h>

#include "store/internal/testing.h"

namespace nguon::store {
namespace {

using contract::LogicalType;
using testing::column;
using testing::must;

std::string canonical(LogicalType type, std::string_view text, int precision = 0, int scale = 0) {
    contract::Column of = column("c", type);
    of.precision = precision;
    of.scale = scale;
    const Result<std::string> value = canonical_value(of, text);
    return value ? *value : "invalid";
}

TEST(Key, OneTextPerValue) {
    EXPECT_EQ(canonical(LogicalType::kInteger, "007"), "7");
    EXPECT_EQ(canonical(LogicalType::kInteger, "-0"), "0");
    EXPECT_EQ(canonical(LogicalType::kNumber, "12.50", 12, 2), "12.5");
    EXPECT_EQ(canonical(LogicalType::kNumber, "-0.00", 12, 2), "0");
    EXPECT_EQ(canonical(LogicalType::kNumber, "100", 12, 0), "100");
    EXPECT_EQ(canonical(LogicalType::kNumber, "1e2"), "100");
    EXPECT_EQ(canonical(LogicalType::kBoolean, "TRUE"), "true");
    EXPECT_EQ(canonical(LogicalType::kTimestamp, "2026-11-22T21:05:00+07:00"),
              "2026-11-22T14:05:00Z");
    EXPECT_EQ(canonical(LogicalType::kTime, "14:05:00.5"), "14:05:00.500000");
    EXPECT_EQ(canonical(LogicalType::kString, "007"), "007");
}

TEST(Key, RefusesWhatIsNotPlainlyTheType) {
    for (const char* text : {"", "1.0", "+1", " 1", "1 ", "0x1", "9223372036854775808", "-"}) {
        EXPECT_EQ(canonical(LogicalType::kInteger, text), "invalid") << text;
    }
    for (const char* text : {"", "1.", ".5", "1.234", "12345678901.00", "1e2", "--1"}) {
        EXPECT_EQ(canonical(LogicalType::kNumber, text, 12, 2), "invalid") << text;
    }
    for (const char* text : {"", "nan", "inf", "1x", "1e999"}) {
        EXPECT_EQ(canonical(LogicalType::kNumber, text), "invalid") << text;
    }
    for (const char* text :
         {"2026-02-29", "2026-1-05", "0000-01-01", "2026-01-05x", "+026-01-05"}) {
        EXPECT_EQ(canonical(LogicalType::kDate, text), "invalid") << text;
    }
    for (const char* text : {"24:00:00", "1:00:00", "10:00", "10:00:00.", "10:00:00.1234567"}) {
        EXPECT_EQ(canonical(LogicalType::kTime, text), "invalid") << text;
    }
    EXPECT_EQ(canonical(LogicalType::kTimestamp, "2026-11-22T14:05:00"), "invalid");
    EXPECT_EQ(canonical(LogicalType::kString, std::string_view("a\0b", 3)), "invalid");
    EXPECT_EQ(canonical(LogicalType::kString, "\xff"), "invalid");
}

TEST(Key, IsSplitBeforeItIsDecoded) {
    contract::Dataset dataset;
    dataset.columns = {column("b", LogicalType::kString, 2), column("a", LogicalType::kInteger, 1)};
    EXPECT_EQ(must(canonical_key(dataset, "01,x%2Cy")), "1,x%2Cy");
    EXPECT_EQ(must(canonical_key(dataset, "1,%78%2cy")), "1,x%2Cy");
    EXPECT_EQ(must(parse_key(dataset, "1,"))[1], "");
    EXPECT_FALSE(canonical_key(dataset, "1"));
    EXPECT_FALSE(canonical_key(dataset, "1,x,y"));
    EXPECT_FALSE(canonical_key(dataset, "x,1"));
    EXPECT_FALSE(canonical_key(dataset, "1,%2"));
    dataset.columns[0].key_position = dataset.columns[1].key_position = 0;
    EXPECT_FALSE(canonical_key(dataset, "1,x"));
}

// Goal: the key written from a row is the one that a client's text becomes, and a bulk load meets
// the keys in their own order.
TEST(Key, WrittenFromRowsIsCanonicalAndSorted) {
    contract::Dataset dataset;
    dataset.columns = {column("s", LogicalType::kString, 1), column("n", LogicalType::kInteger, 2),
                       column("p", LogicalType::kNumber, 3), column("d", LogicalType::kDate, 4),
                       column("t", LogicalType::kTimestamp, 5)};
    dataset.columns[2].precision = 9;
    dataset.columns[2].scale = 3;
    auto duck = must(sql::Duck::open({}));
    sql::DuckResult result =
        must(duck->query("SELECT * FROM (SELECT CASE WHEN i % 3 = 0 THEN 'Đà, Nẵng' ELSE 'a' || i "
                         "% 7 END AS s, i - 50 AS n, "
                         "(i / 8)::DECIMAL(9,3) AS p, DATE '2020-01-01' + i::INTEGER AS d, "
                         "make_timestamptz(i * 86400000777) AS t FROM range(100) r(i)) ORDER BY " +
                         key_order_sql(dataset)));
    const KeyWriter writer(dataset, 0);
    std::string last;
    std::size_t rows = 0;
    while (const std::size_t count = must(result.next())) {
        for (std::size_t r = 0; r < count; ++r, ++rows) {
            std::string key;
            writer.append(key, result, r);
            EXPECT_EQ(must(canonical_key(dataset, key)), key);
            EXPECT_GT(key, last);
            last = key;
        }
    }
    EXPECT_EQ(rows, 100U);
}

// Goal: a decimal key keeps every digit that its type can. Method: texts at the ends of
// DECIMAL(38,s), and the keys of rows that DuckDB made of them.
TEST(Key, DecimalsOf38Digits) {
    const std::string most(34, '9');
    EXPECT_EQ(canonical(LogicalType::kNumber, "-00" + most + ".1200", 38, 4), "-" + most + ".12");
    EXPECT_EQ(canonical(LogicalType::kNumber, most + ".0000", 38, 4), most);
    EXPECT_EQ(canonical(LogicalType::kNumber, "1" + most, 38, 4), "invalid");
    EXPECT_EQ(canonical(LogicalType::kNumber, most + ".12345", 38, 4), "invalid");
    EXPECT_EQ(canonical(LogicalType::kNumber, std::string(38, '9'), 38, 0), std::string(38, '9'));
    EXPECT_EQ(canonical(LogicalType::kNumber, "0." + std::string(37, '0') + "1", 38, 38),
              "0." + std::string(37, '0') + "1");
    EXPECT_EQ(canonical(LogicalType::kNumber, "1", 38, 38), "invalid");
    contract::Dataset dataset;
    dataset.columns = {column("p", LogicalType::kNumber, 1)};
    dataset.columns[0].precision = 38;
    dataset.columns[0].scale = 4;
    const auto duck = must(sql::Duck::open({}));
    const KeyWriter writer(dataset, 0);
    for (const std::string& key : {"-" + most + ".0001", most, std::string("18446744073709551616"),
                                   std::string("-9223372036854775809.5"), std::string("0")}) {
        sql::DuckResult row = must(duck->query("SELECT " + sql_value(dataset.columns[0], key)));
        ASSERT_EQ(must(row.next()), 1U);
        std::string written;
        writer.append(written, row, 0);
        EXPECT_EQ(written, key);
    }
}

// Goal: a key is found however its marks are typed. Method: the same name in NFC and NFD.
TEST(Key, IsComparedInNormalFormC) {
    contract::Dataset dataset;
    dataset.name = "a.b";
    contract::Column column;
    column.name = "name";
    column.key_position = 1;
    dataset.columns.push_back(column);
    const std::string joined = percent_encode("Nguy\u1ec5n"),
                      apart = percent_encode("Nguye\u0302\u0303n");
    ASSERT_NE(joined, apart);
    EXPECT_EQ(canonical_key(dataset, apart).value(), joined);
    EXPECT_EQ(canonical_key(dataset, joined).value(), joined);
    EXPECT_EQ(canonical_value(dataset.columns[0], "").value(), "");
    EXPECT_FALSE(canonical_value(dataset.columns[0], "e\xcc").has_value());
}

}  // namespace
}  // namespace nguon::store
