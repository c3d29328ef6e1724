#include "store/row_json.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <array>

#include "store/internal/testing.h"

namespace nguon::store {
namespace {

using testing::must;

// Both writers over every row of the answer.
void expect_same(const std::string& sql) {
    auto duck = must(sql::Duck::open({}));
    sql::DuckResult result = must(duck->query(sql));
    const RowJson writer(result, 0);
    std::size_t rows = 0;
    while (const std::size_t count = must(result.next())) {
        for (std::size_t r = 0; r < count; ++r, ++rows) {
            json::object object;
            for (std::size_t c = 0; c < result.column_count(); ++c) {
                object[result.name(c)] = result.json(c, r);
            }
            std::string text;
            writer.append(text, result, r);
            ASSERT_EQ(text, to_text(object));
        }
    }
    EXPECT_GT(rows, 0U);
}

// Goal: no reader can tell which writer wrote a row. Method: random values of every type, among
// them nulls, control characters, the ends of ranges, numbers that a double shows with an exponent.
TEST(RowJson, IsTheTextOfTheJsonValues) {
    const std::string bits = "hash(i * 31 + 7)";
    expect_same(fmt::format(
        "SELECT i AS \"a\"\"b\\\", CASE WHEN i % 5 = 0 THEN NULL ELSE ({0} >> 1)::BIGINT - "
        "4611686018427387904 "
        "END AS big, (({0} % 200)::SMALLINT - 100)::TINYINT AS tiny, ({0} % 2 = 0) AS flag, "
        "chr((i % 300 + 1)::INTEGER) || '\"\\/' || chr(10) || chr(13) || chr(9) || 'Nguyễn' AS "
        "words, "
        "(({0} % 2000000)::DOUBLE - 1000000) / 1024 * pow(10, (i % 60) - 30) AS number, "
        "(({0} % 2000000)::DOUBLE - 1000000)::FLOAT AS small FROM range(6000) t(i)",
        bits));
    for (const char* type : {"DECIMAL(4,2)", "DECIMAL(9,4)", "DECIMAL(9,9)", "DECIMAL(9,0)",
                             "DECIMAL(18,2)", "DECIMAL(18,0)", "DECIMAL(18,18)", "DECIMAL(17,3)",
                             "DECIMAL(30,5)", "HUGEINT", "UBIGINT"}) {
        SCOPED_TRACE(type);
        const std::string head = "SELECT try_cast(CASE WHEN i % 2 = 0 THEN '-' ELSE '' END || ";
        expect_same(fmt::format(
            "{}left(({}::VARCHAR), (i % 20)::INTEGER) AS {}) AS d FROM range(1000) t(i)", head,
            bits, type));
        expect_same(fmt::format(
            "{}'0.' || repeat('0', (i % 9)::INTEGER) || ({} % 100)::VARCHAR AS {}) AS d "
            "FROM range(1000) t(i)",
            head, bits, type));
    }
    expect_same(
        fmt::format("SELECT DATE '1970-01-01' + ((i - 3000) * 227)::INTEGER AS day, "
                    "make_timestamptz((i - 3000) * 20000000000000 + i % 3) AS at, "
                    "make_timestamp((i - 3000) * 1234567) AS plain, "
                    "TIME '00:00:00' + to_microseconds((({} % 86400)::BIGINT * (CASE WHEN i % 2 = "
                    "0 THEN 1 ELSE "
                    "999999 END))) AS hour FROM range(6000) t(i)",
                    bits));
    expect_same(
        "SELECT TIME '24:00:00' AS t, DATE '9999-12-31' AS d, DATE '0001-01-01' AS e, "
        "'infinity'::DOUBLE AS i, 'nan'::DOUBLE AS n, -0.0::DOUBLE AS z, 'ab'::BLOB AS b, "
        "9999999999999999::DECIMAL(16,0) AS m");
}

// Goal: no decimal loses a digit. Method: both sides of what a double holds.
TEST(RowJson, DecimalsHaveEveryDigit) {
    auto duck = must(sql::Duck::open({}));
    sql::DuckResult result = must(duck->query(
        "SELECT 12345678901234567.89::DECIMAL(20,2) AS a, 9999999999999999::DECIMAL(16,0) AS b, "
        "-999999999999999::DECIMAL(16,0) AS c, 18446744073709551615::DECIMAL(20,0) AS d, "
        "9007199254740993 AS e, 1234567890123.45::DECIMAL(15,2) AS f"));
    must(result.next());
    std::string text;
    append_row_json(text, result, 0, 0);
    EXPECT_EQ(text, R"({"a":"12345678901234567.89","b":"9999999999999999","c":-999999999999999,)"
                    R"("d":"18446744073709551615","e":9007199254740993,"f":1234567890123.45})");
}

TEST(RowJson, StartsAtTheColumnAskedFor) {
    auto duck = must(sql::Duck::open({}));
    sql::DuckResult result = must(duck->query("SELECT 1 AS a, 'x' AS b, NULL::DATE AS c"));
    must(result.next());
    std::string text = "> ";
    append_row_json(text, result, 1, 0);
    EXPECT_EQ(text, "> {\"b\":\"x\",\"c\":null}");
    text.clear();
    append_row_json(text, result, 3, 0);
    EXPECT_EQ(text, "{}");
}

}  // namespace
}  // namespace nguon::store
