// What hostile SQL gets, through the whole path: child, check, sandbox, limits.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

#include "query/internal/sandbox.h"
#include "query/internal/testing.h"
#include "query/query.h"

namespace nguon::query {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

Limits short_limits(std::chrono::milliseconds time, std::uint64_t megabytes = 128) {
    Limits limits;
    limits.time = time;
    limits.memory_bytes = megabytes << 20;
    return limits;
}

std::string repeated(std::string_view piece, int times) {
    std::string text;
    for (int i = 0; i < times; ++i)
        text += piece;
    return text;
}

TEST(Attack, FilesAreDenied) {
    for (const char* sql :
         {"select * from read_csv('/etc/passwd')",
          "select * from '/etc/passwd'",
          "from '/etc/passwd'",
          "select * from \"/etc/passwd\"",
          "select * from read_text('/etc/passwd')",
          "select * from read_blob('/etc/passwd')",
          "select * from glob('/etc/*')",
          "select * from parquet_metadata('x.parquet')",
          "select * from sniff_csv('/etc/passwd')",
          "select * from read_json('/etc/passwd')",
          "select * from read_duckdb('/x.db')",
          "select * from 'https://example.org/x.parquet'",
          "select * from 's3://bucket/x.csv'",
          "select * from population.person where id in (select 1 from '/etc/passwd')",
          "with a as (from read_csv('/etc/passwd')) select * from a",
          "with recursive \"/etc/passwd\" as (select * from \"/etc/passwd\" union all select 'x') "
          "from \"/etc/passwd\"",
          "with \"/etc/passwd\" as (from \"/etc/passwd\") from \"/etc/passwd\"",
          "select * from (with \"/etc/passwd\" as (select 1) from \"/etc/passwd\") t, "
          "\"/etc/passwd\"",
          "select (select content from read_text('/etc/passwd'))",
          "select * from population.person p, lateral (select * from read_text(p.full_name))",
          "select * from query('select 1')",
          "select * from query_table('x')",
          "select list_transform(['/etc/passwd'], x -> (select content from read_text(x)))",
          "values ((select content from read_text('/etc/passwd')))",
          "select 1 order by (select content from read_text('/etc/passwd'))",
          "select 1 limit (select count(*) from read_text('/etc/passwd'))",
          "select count(*) filter (where (select true from read_text('/etc/passwd')))",
          "select row_number() over (order by (select content from read_text('/etc/passwd')))",
          "select * from seq_scan('x')",
          "select * from json_execute_serialized_sql('{}')",
          "select which_secret('x', 'y')",
          "from summary(1)",
          "from test_all_types()"}) {
        EXPECT_EQ(outcome(sql), "denied") << sql;
    }
}

TEST(Attack, SettingsAndCatalogsAreDenied) {
    for (const char* sql : {"select getenv('PATH')",
                            "select current_setting('memory_limit')",
                            "select getvariable('x')",
                            "select * from duckdb_settings()",
                            "select * from duckdb_functions()",
                            "select * from pragma_version()",
                            "select * from information_schema.tables",
                            "select * from pg_catalog.pg_class",
                            "select * from main.duckdb_tables",
                            "select * from system.main.duckdb_tables",
                            "select * from temp.x",
                            "select * from memory.population.person",
                            "select * from MAIN.x",
                            "select nextval('s')",
                            "select setseed(0.5)",
                            "select sleep_ms(10)",
                            "select write_log('x')",
                            "select txid_current()",
                            "select json_serialize_plan('select 1')",
                            "select current_query()",
                            "select pg_get_viewdef(1)",
                            "select pg_sleep(1)",
                            "describe population.person",
                            "show tables",
                            "summarize population.person",
                            "select * from (describe population.person)",
                            "select pragma_version()",
                            "from pragma_table_info('population.person')"}) {
        EXPECT_EQ(outcome(sql), "denied") << sql;
    }
}

TEST(Attack, OtherStatementsAreDenied) {
    for (const char* sql : {"copy (select 1) to '/tmp/x.csv'",
                            "attach '/tmp/x.db'",
                            "install httpfs",
                            "load httpfs",
                            "set threads = 4",
                            "reset threads",
                            "pragma database_list",
                            "call pragma_version()",
                            "import database '/tmp/x'",
                            "export database '/tmp/x'",
                            "create table x (a int)",
                            "create view v as select 1",
                            "create macro f(x) as x",
                            "insert into population.person values (1)",
                            "update population.person set id = 1",
                            "delete from population.person",
                            "drop view population.person",
                            "alter table x add column y int",
                            "explain select 1",
                            "prepare p as select 1",
                            "execute p",
                            "begin",
                            "commit",
                            "vacuum",
                            "checkpoint",
                            "use main",
                            "detach x",
                            "create secret (type s3)",
                            "select 1; drop table x",
                            "truncate population.person",
                            "comment on table x is 'y'",
                            "/* x */ -- y\n copy x to 'y'",
                            "set variable x = 1",
                            "merge into x using y on true when matched then delete"}) {
        const Result<Answer> answer = ask(sql);
        ASSERT_FALSE(answer) << sql;
        EXPECT_EQ(answer.error().code, Code::kDenied) << sql << ": " << answer.error().detail.en;
    }
    EXPECT_THAT(ask("copy (select 1) to '/tmp/x'").error().detail.en, HasSubstr("COPY"));
    EXPECT_THAT(ask("/* x */ -- y\n attach 'z'").error().detail.vi, HasSubstr("ATTACH"));
    EXPECT_EQ(outcome("with t as (insert into x values (1) returning a) select * from t"),
              "invalid");
}

TEST(Attack, DenialsNameTheFunctionInBothLanguages) {
    const Result<Answer> answer =
        ask("select id,\n  read_text('/etc/passwd') from population.person");
    ASSERT_FALSE(answer);
    EXPECT_THAT(answer.error().detail.en, HasSubstr("read_text"));
    EXPECT_THAT(answer.error().detail.vi, HasSubstr("read_text"));
    EXPECT_FALSE(answer.error().fix.vi.empty());
    ASSERT_EQ(answer.error().errors.size(), 1U);
    EXPECT_EQ(answer.error().errors[0].line, 2);
    EXPECT_EQ(answer.error().errors[0].column, 3);
}

TEST(Attack, EndlessWorkStopsAtTheTimeLimit) {
    for (const char* sql :
         {"with recursive t(n) as (select 1 union all select n + 0 from t) select count(*) from t "
          "where n > 1",
          "select count(*) from range(1000000) a, range(1000000) b where a.range + b.range = -1",
          "select sum(a.range * b.range) from range(100000000) a, range(100000000) b"}) {
        const auto begin = std::chrono::steady_clock::now();
        const Result<Answer> answer = ask(sql, short_limits(700ms));
        const auto took = std::chrono::steady_clock::now() - begin;
        ASSERT_FALSE(answer) << sql;
        EXPECT_EQ(answer.error().code, Code::kUnavailable)
            << sql << ": " << answer.error().detail.en;
        EXPECT_LT(took, 20s) << sql;
    }
    EXPECT_THAT(
        ask("select count(*) from range(1000000) a, range(1000000) b where a.range + b.range = -1",
            short_limits(300ms))
            .error()
            .detail.en,
        HasSubstr("0.3 seconds"));
}

TEST(Attack, MemoryStopsAtItsLimit) {
    if (is_sanitized()) GTEST_SKIP() << "no limit on memory in this build";
    for (const char* sql :
         {"select repeat('x', 2147483647)", "select length(repeat('xxxxxxxx', 400000000))",
          "select string_agg(repeat('x', 100000), '') from range(100000)",
          "select * from unnest(range(10000000000))", "select list(range) from range(10000000000)",
          "select count(*) from (select distinct a.range * 100000 + b.range from range(100000) a, "
          "range(100000) b)",
          "select max(l) from (select range(i * 1000000) as l from range(100) r(i))",
          "with recursive t(s) as (select 'x' union all select s || s from t) select "
          "max(length(s)) from t",
          "select lpad('x', 2000000000, 'y')", "select range(3000000000)",
          "select array_agg(a order by a desc) from (select md5(i::varchar) as a from "
          "range(300000000) r(i))"}) {
        const Result<Answer> answer = ask(sql, short_limits(60s));
        ASSERT_FALSE(answer) << sql;
        // Some are refused by DuckDB's own bounds before any memory is asked for.
        const bool stopped =
            answer.error().code == Code::kUnavailable || answer.error().code == Code::kInvalid;
        EXPECT_TRUE(stopped) << sql << ": " << answer.error().detail.en;
    }
    const Result<Answer> answer =
        ask("select list(range) from range(10000000000)", short_limits(60s));
    EXPECT_EQ(answer.error().code, Code::kUnavailable);
    EXPECT_THAT(answer.error().detail.en, HasSubstr("128 MB"));
}

TEST(Attack, OutputStopsAtItsLimit) {
    Limits limits;
    limits.output_bytes = 1 << 20;
    limits.rows = 1'000'000;
    for (const Format format : {Format::kJson, Format::kCsv, Format::kParquet}) {
        const Result<Answer> answer =
            ask("select md5(i::varchar) || sha256(i::varchar) as a from range(200000) r(i)", limits,
                format);
        ASSERT_FALSE(answer);
        EXPECT_EQ(answer.error().code, Code::kUnavailable) << answer.error().detail.en;
        EXPECT_THAT(answer.error().detail.en, HasSubstr("1 MB"));
    }
}

TEST(Attack, DeepAndLongTextsAreRefused) {
    EXPECT_EQ(outcome("select " + std::string(10000, '(') + "1" + std::string(10000, ')')),
              "invalid");
    EXPECT_EQ(outcome("select 1" + repeated("+1", 40000)), "invalid");
    EXPECT_EQ(outcome("select " + repeated("- ", 40000) + "1"), "invalid");
    EXPECT_EQ(outcome("select " + repeated("not ", 20000) + "true"), "invalid");
    EXPECT_EQ(outcome("select 1" + repeated(" union all select 1", 1000)),
              "ok");  // DuckDB balances it
    EXPECT_EQ(outcome(repeated("select * from (", 6000) + "select 1" + repeated(")", 6000)),
              "invalid");
    EXPECT_EQ(outcome("select " + std::string(40000, '[') + "1" + std::string(40000, ']')),
              "invalid");
    EXPECT_EQ(outcome("select 1::int" + repeated("[]", 30000)), "invalid");
    EXPECT_EQ(outcome("select '" + std::string(100'000, 'x') + "'"), "too_large");
    EXPECT_EQ(outcome("select length('" + std::string(90'000, 'x') + "')"), "ok");
    EXPECT_EQ(outcome("select 1 in (1" + repeated(",1", 40000) + ")"), "ok");
    EXPECT_EQ(outcome("/*" + std::string(90'000, '*') + "*/ select 1"), "ok");
}

TEST(Attack, OddTextsDoNotConfuse) {
    EXPECT_EQ(outcome("select 1) t; drop table x; --"), "invalid");
    EXPECT_EQ(outcome("select 1 ) union all (select 2"), "invalid");
    EXPECT_EQ(outcome("select 1 /* open"), "invalid");
    EXPECT_EQ(outcome("select E'\\x00'"), "invalid");
    EXPECT_EQ(outcome("select\u00a01"), "ok");
    EXPECT_EQ(outcome("select 'a' as \"_answer\" from (select 1) \"main\""), "ok");
    EXPECT_EQ(outcome("select * from main._answer"), "denied");
    EXPECT_EQ(outcome("select * from _answer"), "not_found");
    EXPECT_EQ(outcome("select * from \"population.person\""), "denied");
    EXPECT_EQ(outcome("select * from population.\"person\"\"; drop\""), "not_found");
    EXPECT_EQ(outcome("select population.person.id from population.person"), "ok");
    EXPECT_EQ(outcome("select upper(full_name), full_name.lower() from population.person"), "ok");
}

TEST(Attack, CancellingStopsAtOnce) {
    int asked = 0;
    Options options = test_options();
    options.cancelled = [&] { return ++asked > 8; };
    const Result<Answer> answer =
        run({"select sum(a.range * b.range) from range(100000000) a, range(100000000) b",
             Format::kJson,
             {}},
            test_tables().all(), options);
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, Code::kUnavailable);
    EXPECT_THAT(answer.error().detail.en, HasSubstr("cancelled"));
}

TEST(Attack, AProgramThatIsNoChildIsUnavailable) {
    Options options = test_options();
    options.program = "/bin/true";
    EXPECT_EQ(run({"select 1", Format::kJson, {}}, test_tables().all(), options).error().code,
              Code::kUnavailable);
    options.program = "/nonexistent";
    EXPECT_EQ(run({"select 1", Format::kJson, {}}, test_tables().all(), options).error().code,
              Code::kUnavailable);
}

}  // namespace
}  // namespace nguon::query
