// A folder with two small datasets and one large, for the tests.
#pragma once

#include <unistd.h>

#include <filesystem>
#include <string>
#include <vector>

#include "query/query.h"
#include "sql/duckdb.h"

namespace nguon::query {

class TestTables {
public:
    TestTables() {
        char name[] = "/tmp/nguon-query-XXXXXX";
        m_folder = mkdtemp(name);
        const auto duck = sql::Duck::open({}).value();
        add(*duck, "population.person",
            "select * from (values (1, 'Nguyễn Văn An', date '1990-02-03', 1.50::decimal(9,2)),"
            " (2, 'Trần Thị Bình', null, 2.25), (3, '', date '2001-12-31', null)) t(id, full_name, "
            "birth_date, share)");
        add(*duck, "administrative.ward",
            "select 'w' || i as code, i as size from range(100) r(i)");
        add(*duck, "measure.reading",
            "select i as id, (i * 7919) % 1000003 as value, 'station ' || (i % 97) as station from "
            "range(400000) r(i)");
        m_tables.push_back(
            {"empty.thing", "select null::bigint as a, null::varchar as b where false", {}});
    }
    ~TestTables() { std::filesystem::remove_all(m_folder); }

    const std::filesystem::path& folder() const { return m_folder; }
    const std::vector<Table>& all() const { return m_tables; }

private:
    void add(sql::Duck& duck, const std::string& dataset, const std::string& select) {
        const std::filesystem::path file = m_folder / (dataset + ".parquet");
        const std::string quoted = sql::quote_literal(file.string());
        duck.execute("copy (" + select + ") to " + quoted + " (format parquet)").value();
        m_tables.push_back({dataset, "select * from read_parquet([" + quoted + "])", {file}});
    }

    std::filesystem::path m_folder;
    std::vector<Table> m_tables;
};

const TestTables& test_tables();  // made once per run
Options test_options();
Result<Answer> ask(std::string sql, Limits limits = {}, Format format = Format::kJson);
// "denied", "invalid", … or "ok".
std::string outcome(std::string sql, Limits limits = {});

}  // namespace nguon::query
