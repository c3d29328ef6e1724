#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <fstream>
#include <string_view>
#include <thread>

#include "base/spoken.h"
#include "query/internal/testing.h"
#include "query/query.h"

namespace nguon::query {

const TestTables& test_tables() {
    static const TestTables tables;
    return tables;
}

Options test_options() {
    return {.program = "/proc/self/exe", .folders = {test_tables().folder()}, .cancelled = {}};
}

Result<Answer> ask(std::string sql, Limits limits, Format format) {
    return run({std::move(sql), format, limits}, test_tables().all(), test_options());
}

std::string outcome(std::string sql, Limits limits) {
    const Result<Answer> answer = ask(std::move(sql), limits);
    return answer ? "ok" : std::string(name_of(answer.error().code));
}

namespace {

using testing::HasSubstr;

std::string rows_of(std::string sql, Limits limits = {}) {
    const Result<Answer> answer = ask(std::move(sql), limits);
    return answer ? answer->body : "error: " + answer.error().detail.en;
}

Limits rows_limit(std::int64_t rows) {
    Limits limits;
    limits.rows = rows;
    return limits;
}

TEST(Query, AnswersOverTheGivenTables) {
    const Result<Answer> answer =
        ask("select id, full_name, birth_date, share from population.person order by id");
    ASSERT_TRUE(answer) << answer.error().detail.en;
    EXPECT_EQ(to_json_text(*answer),
              R"({"columns":[{"name":"id","type":"INTEGER"},{"name":"full_name","type":"VARCHAR"},)"
              R"_({"name":"birth_date","type":"DATE"},{"name":"share","type":"DECIMAL(9,2)"}],)_"
              R"("rows":[[1,"Nguyễn Văn An","1990-02-03",1.5],[2,"Trần Thị Bình",null,2.25],)"
              R"([3,"","2001-12-31",null]],"truncated":false})");
    EXPECT_EQ(answer->rows, 3);
}

TEST(Query, JoinsDatasetsWithWithWindowsAndSubqueries) {
    EXPECT_EQ(rows_of("with big as (select * from administrative.ward where size > 96) "
                      "select code, rank() over (order by size desc) from big order by 2 limit 2"),
              R"([["w99",1],["w98",2]])");
    EXPECT_EQ(rows_of("select p.id, w.code from population.person p join administrative.ward w on "
                      "w.size = p.id "
                      "where p.id in (select max(id) from population.person)"),
              R"([[3,"w3"]])");
    EXPECT_EQ(rows_of("select p.id, x.n from population.person p, lateral (select p.id * 2 as n) x "
                      "order by 1 limit 1"),
              "[[1,2]]");
    EXPECT_EQ(rows_of("with recursive t(n) as (select 1 union all select n + 1 from t where n < 4) "
                      "select sum(n) from t"),
              "[[10]]");
    EXPECT_EQ(rows_of("values (1, 'a'), (2, 'b')"), R"([[1,"a"],[2,"b"]])");
    EXPECT_EQ(rows_of("select 1 union all select 2 order by 1"), "[[1],[2]]");
}

TEST(Query, NamesAreWithoutCaseAndTheNamesOfWithShadow) {
    EXPECT_EQ(rows_of("select count(*) from \"Population\".\"PERSON\""), "[[3]]");
    EXPECT_EQ(rows_of("with person as (select 7 as a) select a from person"), "[[7]]");
    // A qualified name is the dataset, whatever WITH says.
    EXPECT_EQ(rows_of("with person as (select 7 as a) select count(*) from population.person"),
              "[[3]]");
    EXPECT_EQ(outcome("select * from (with person as (select 1) select 1), person"), "not_found");
}

TEST(Query, AnEmptyDatasetHasColumnsAndNoRows) {
    const Result<Answer> answer = ask("select * from empty.thing");
    ASSERT_TRUE(answer);
    EXPECT_EQ(to_json_text(*answer),
              R"({"columns":[{"name":"a","type":"BIGINT"},{"name":"b","type":"VARCHAR"}],)"
              R"("rows":[],"truncated":false})");
}

TEST(Query, ValuesThatJsonDoesNotHaveAreText) {
    EXPECT_EQ(rows_of("select [1, 2], {'a': 1}, map {'k': 2}, interval 3 day, "
                      "'6ba7b810-9dad-11d1-80b4-00c04fd430c8'::uuid, sum(5)::hugeint, "
                      "170141183460469231731687303715884105727::hugeint, true, 1e300, null, "
                      "'x'::enum('x', 'y'), '{\"j\":1}'::json, 'ab'::blob, '101'::bit"),
              R"([["[1, 2]","{'a': 1}","{k=2}","3 days","6ba7b810-9dad-11d1-80b4-00c04fd430c8",5,)"
              R"("170141183460469231731687303715884105727",)"
              R"(true,1e+300,null,"x","{\"j\":1}","6162","101"]])");
    EXPECT_EQ(rows_of("select timestamptz '2026-11-22 14:05:00+07', timestamp_s '2026-01-01 "
                      "00:00:00', time '10:20:30'"),
              R"([["2026-11-22T07:05:00Z","2026-01-01T00:00:00Z","10:20:30"]])");
}

TEST(Query, EveryFormOfSelectDescribesItself) {
    EXPECT_EQ(rows_of("table population.person limit 0"), "[]");
    EXPECT_EQ(rows_of("from population.person select id order by id limit 1"), "[[1]]");
    EXPECT_EQ(rows_of("(select 1) union (select 1)"), "[[1]]");
    EXPECT_EQ(rows_of("((values (1)))"), "[[1]]");
    EXPECT_EQ(rows_of("with a as (select 1) table a"), "[[1]]");
}

TEST(Query, TimesOutsideTheCalendarAreAnswered) {
    EXPECT_EQ(
        rows_of("select 'infinity'::date, '-infinity'::timestamp, date '12000-01-01', "
                "'0044-03-15 (BC)'::date, '290000-01-01'::timestamp, time '24:00:00', "
                "'nan'::double, timestamp '9999-12-31 23:59:59.5', null::timestamptz"),
        R"_([["infinity","-infinity","12000-01-01","0044-03-15 (BC)","290000-01-01 00:00:00",)_"
        R"_("24:00:00",null,"9999-12-31T23:59:59.5Z",null]])_");
}

TEST(Query, ColumnNamesMayRepeat) {
    const Result<Answer> answer = ask("select 1 as a, 2 as a, 3 as \"A\"");
    ASSERT_TRUE(answer);
    ASSERT_EQ(answer->columns.size(), 3U);
    EXPECT_EQ(answer->columns[1].name, "a");
    EXPECT_EQ(answer->body, "[[1,2,3]]");
    EXPECT_TRUE(ask("select 1 as a, 2 as a, 3 as \"A\"", {}, Format::kParquet));
}

// Goal: the limit of rows says so and keeps the order of the question's ORDER BY.
TEST(Query, RowsPastTheLimitAreLeftOutInOrder) {
    const Result<Answer> all = ask("select * from range(5)", rows_limit(5));
    EXPECT_FALSE(all->truncated);
    const Result<Answer> some = ask("select * from range(6)", rows_limit(5));
    EXPECT_TRUE(some->truncated);
    EXPECT_EQ(some->rows, 5);
    EXPECT_EQ(ask("select 1", rows_limit(0))->body, "[]");
    for (int round = 0; round < 3; ++round) {
        EXPECT_EQ(
            rows_of("select value, id from measure.reading order by value desc, id", rows_limit(3)),
            rows_of("select value, id from measure.reading order by value desc, id limit 3"));
        EXPECT_EQ(rows_of("(select id from measure.reading where id < 1000) union all select -1 "
                          "order by id desc",
                          rows_limit(3)),
                  "[[999],[998],[997]]");
        EXPECT_EQ(rows_of("select id from measure.reading", rows_limit(3)), "[[0],[1],[2]]");
    }
    const Result<Answer> sorted =
        ask("select id from measure.reading order by id desc", rows_limit(100000));
    ASSERT_TRUE(sorted);
    EXPECT_THAT(sorted->body, testing::StartsWith("[[399999],[399998],"));
    EXPECT_THAT(sorted->body, testing::EndsWith("[300001],[300000]]"));
}

TEST(Query, TrailingSemicolonsAndCommentsAreFine) {
    EXPECT_EQ(rows_of("select 1;"), "[[1]]");
    EXPECT_EQ(rows_of("select 1 -- một"), "[[1]]");
    EXPECT_EQ(rows_of("/* đầu */ select 1 /* cuối */ ; -- hết"), "[[1]]");
    EXPECT_EQ(rows_of("select 'tiếng Việt: ''ổ''' as \"cột lạ, \"\"\""),
              R"([["tiếng Việt: 'ổ'"]])");
}

TEST(Query, CsvIsAsRfc4180HasIt) {
    const Result<Answer> answer = ask(
        "select id, full_name, birth_date, 'a,\"b' as \"x,y\" from population.person order by id",
        {}, Format::kCsv);
    ASSERT_TRUE(answer) << answer.error().detail.en;
    EXPECT_EQ(answer->body,
              "id,full_name,birth_date,\"x,y\"\n"
              "1,Nguyễn Văn An,1990-02-03,\"a,\"\"b\"\n"
              "2,Trần Thị Bình,,\"a,\"\"b\"\n"
              "3,\"\",2001-12-31,\"a,\"\"b\"\n");
}

TEST(Query, ParquetReadsBack) {
    Limits limits = rows_limit(1000);
    const Result<Answer> answer =
        ask("select id, station, sum(value) as total, [id] as list from measure.reading group by "
            "id, station order by id",
            limits, Format::kParquet);
    ASSERT_TRUE(answer) << answer.error().detail.en;
    EXPECT_TRUE(answer->truncated);
    EXPECT_EQ(answer->rows, 1000);
    EXPECT_THAT(answer->body, testing::StartsWith("PAR1"));
    const std::filesystem::path file = test_tables().folder() / "answer.parquet";
    std::ofstream(file, std::ios::binary) << answer->body;
    const auto duck = sql::Duck::open({}).value();
    EXPECT_EQ(duck->query_integer("select count(*) + max(id) * 10000 from '" + file.string() + "'")
                  .value(),
              1000 + 999 * 10000);
    EXPECT_FALSE(ask("select * from population.person", {}, Format::kParquet)->truncated);
}

TEST(Query, WrongSqlSaysWhere) {
    const Result<Answer> syntax = ask("select id\nfrom population.person\nwhere where id = 1");
    ASSERT_FALSE(syntax);
    EXPECT_EQ(syntax.error().code, Code::kInvalid);
    ASSERT_EQ(syntax.error().errors.size(), 1U);
    EXPECT_EQ(syntax.error().errors[0].line, 3);
    EXPECT_EQ(syntax.error().errors[0].column, 7);
    const Result<Answer> column = ask("select id,\n  nosuch from population.person");
    ASSERT_FALSE(column);
    EXPECT_EQ(column.error().code, Code::kInvalid);
    ASSERT_EQ(column.error().errors.size(), 1U);
    EXPECT_EQ(column.error().errors[0].line, 2);
    EXPECT_EQ(column.error().errors[0].column, 3);
    EXPECT_THAT(column.error().detail.en, HasSubstr("nosuch"));
    EXPECT_THAT(column.error().detail.vi,
                HasSubstr("tên bảng, cột hay hàm không có, hoặc dùng không đúng kiểu. Chi tiết "
                          "(tiếng Anh): Referenced column"));
    EXPECT_THAT(column.error().fix.en, HasSubstr(spoken::route("GET /api/v1/datasets")));
    EXPECT_EQ(outcome("select 'parquet'::int"), "invalid");
    EXPECT_EQ(outcome("select full_name::int from population.person"), "invalid");
    EXPECT_EQ(outcome(""), "invalid");
    EXPECT_EQ(outcome("-- nothing"), "invalid");
    EXPECT_EQ(outcome("select $1"), "invalid");
    EXPECT_EQ(outcome("select ?"), "invalid");
    EXPECT_EQ(outcome("select 1; select 2"), "invalid");
    EXPECT_EQ(outcome(std::string("select 1\0; drop table x", 23)), "invalid");
    EXPECT_EQ(outcome("select '\xff'"), "invalid");
}

TEST(Query, UnknownDatasetsAreNotFound) {
    EXPECT_EQ(outcome("select * from population.nobody"), "not_found");
    EXPECT_EQ(outcome("select * from person"), "not_found");
    const Lookup refuses = [](const std::string& name) -> Result<Table> {
        return fail(Code::kDenied, Text::same(name));
    };
    const Result<Answer> answer =
        run({"select * from a.b", Format::kJson, {}}, refuses, test_options());
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, Code::kDenied);
    EXPECT_EQ(answer.error().detail.en, "a.b");
}

TEST(Query, NamesTheTablesWithoutRunning) {
    const auto names = tables_named(
        "select * from A.b, (select * from c.D where x in (from a.B)) t", test_options());
    ASSERT_TRUE(names);
    EXPECT_THAT(*names, testing::ElementsAre("a.b", "c.d"));
    EXPECT_EQ(tables_named("drop table x", test_options()).error().code, Code::kDenied);
}

TEST(Query, ADamagedFileIsCorrupt) {
    const std::filesystem::path file = test_tables().folder() / "damaged.parquet";
    std::ofstream(file) << "PAR1 this is not parquet PAR1";
    const Table table{"a.b", "select * from read_parquet(['" + file.string() + "'])", {file}};
    const Result<Answer> answer =
        run({"select * from a.b", Format::kJson, {}}, {table}, test_options());
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, Code::kCorrupt) << answer.error().detail.en;
    const std::filesystem::path gone = test_tables().folder() / "gone.parquet";
    const Table missing{"a.b", "select * from read_parquet(['" + gone.string() + "'])", {gone}};
    EXPECT_EQ(run({"select * from a.b", Format::kJson, {}}, {missing}, test_options()).error().code,
              Code::kCorrupt);
}

// Goal: a question cannot see a file of a table that it did not name, though it lies in the same
// folder.
TEST(Query, OnlyTheFilesOfNamedTablesAreOpen) {
    const std::filesystem::path other = test_tables().folder() / "administrative.ward.parquet";
    const Table table{"a.b", "select * from read_parquet(['" + other.string() + "'])", {}};
    const Result<Answer> answer =
        run({"select * from a.b", Format::kJson, {}}, {table}, test_options());
    EXPECT_FALSE(answer);
}

TEST(Query, ManyAtOnce) {
    std::vector<std::thread> threads;
    std::atomic<int> right = 0;
    for (int i = 0; i < 8; ++i) {
        threads.emplace_back([&] {
            right += rows_of("select count(*) from measure.reading") == "[[400000]]" ? 1 : 0;
        });
    }
    for (std::thread& thread : threads)
        thread.join();
    EXPECT_EQ(right, 8);
}

}  // namespace
}  // namespace nguon::query

int main(int argc, char** argv) {
    if (argc > 1 && std::string_view(argv[1]) == "sql-child") return nguon::query::child_main();
    testing::InitGoogleTest(&argc, argv);
    return RUN_ALL_TESTS();
}
