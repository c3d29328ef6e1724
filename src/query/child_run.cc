#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>

#include "base/spoken.h"
#include "query/internal/child.h"
#include "sql/allow_list.h"
#include "sql/engine_words.h"

namespace nguon::query {
namespace {

constexpr std::string_view kAnswer = "main._answer";

using sql::Place;

// "LINE 3: …where nosuch = 1\n           ^": lines count from `describe`, which has the first for
// itself; the caret stands below the column, unless the line was cut.
Place place_in_excerpt(std::string_view excerpt) {
    Place place;
    place.line = std::atoi(std::string(excerpt.substr(5, 8)).c_str()) - 1;
    const std::size_t colon = excerpt.find(": ");
    const std::size_t end = excerpt.find('\n');
    const std::size_t caret = excerpt.find('^', end);
    if (colon == std::string_view::npos || end == std::string_view::npos ||
        caret == std::string_view::npos)
        return place;
    if (excerpt.substr(colon + 2).starts_with("...")) return place;
    const std::size_t column = caret - end - 1;
    if (column >= colon + 2) place.column = static_cast<int>(column - colon - 1);
    return place;
}

// DuckDB's message as an Error of ours: by the kind that stands before the colon.
// A message that names a data file is about the file; its folder is nobody's business.
Error run_error(const Error& from, const std::vector<Table>& tables) {
    std::string text = from.detail.en;
    bool names_file = false;
    for (const Table& table : tables) {
        for (const auto& file : table.files) {
            const std::string folder = file.parent_path().string() + "/";
            for (std::size_t at = 0; (at = text.find(folder)) != std::string::npos;
                 names_file = true) {
                text.erase(at, folder.size());
            }
        }
    }
    const auto starts = [&](std::string_view word) { return text.starts_with(word); };
    if (text == sql::kOutOfMemory.en) {
        return {Code::kUnavailable, Text::same("memory"), {}, {}, {}};
    }
    if (starts("IO Error") && text.find("File too large") != std::string::npos) {
        return {Code::kUnavailable, Text::same("output"), {}, {}, {}};
    }
    if (starts("Permission Error")) {
        return {Code::kDenied,
                {"SQL này không được phép: " + text, "This SQL is not allowed: " + text},
                {},
                {},
                {}};
    }
    // The text up to the excerpt, whose place goes into `errors`.
    const std::size_t excerpt = text.find("\n\nLINE ");
    const std::string words = text.substr(0, excerpt);
    if (starts("IO Error") || names_file) {
        return {Code::kCorrupt,
                {"Không đọc được dữ liệu: " + words, "The data cannot be read: " + words},
                {"Chạy `nguon verify` để biết tệp nào hỏng.",
                 "Run `nguon verify` to learn which file is damaged."},
                {},
                {}};
    }
    if (starts("INTERNAL") || starts("FATAL")) {
        return {
            Code::kInternal, {"Lỗi của DuckDB: " + words, "DuckDB failed: " + words}, {}, {}, {}};
    }
    Error error{Code::kInvalid,
                sql::engine_words(words, {"SQL không chạy được: ", "The SQL does not run: "}),
                {"Sửa câu SQL theo lời báo.", "Mend the SQL as the message says."},
                {},
                {}};
    if (starts("Binder Error") || starts("Catalog Error")) {
        const std::string list = spoken::route("GET /api/v1/datasets");
        error.fix = {fmt::format("Kiểm tra tên; các tập dữ liệu: {}.", list),
                     fmt::format("Check the names; the datasets: {}.", list)};
    }
    if (excerpt != std::string::npos) {
        const Place place = place_in_excerpt(std::string_view(text).substr(excerpt + 2));
        if (place.line > 0) {
            error.errors.push_back({"", place.line, place.column, "", error.detail, error.fix});
        }
    }
    return error;
}

bool is_simple(std::string_view type) {
    static constexpr std::array<std::string_view, 14> kSimple{
        "BOOLEAN",  "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT",
        "UINTEGER", "UBIGINT", "HUGEINT",  "FLOAT",   "DOUBLE", "VARCHAR",  "BLOB"};
    return std::ranges::find(kSimple, type) != kSimple.end() ||
           (type.starts_with("DECIMAL(") && type.ends_with(")"));
}

// JSON and CSV hold text for what is no plain value; Parquet has no HUGEINT, which every sum()
// gives.
std::string output_expression(std::string_view type, std::size_t place, Format format) {
    if (format != Format::kParquet) {
        // RFC 3339 in the years that it has; DuckDB's own text outside them ("infinity",
        // "0044-03-15 (BC)").
        if (type.starts_with("TIMESTAMP")) {
            return fmt::format(
                "case when isfinite(c{0}) and year(c{0}) between 1 and 9999 "
                "then replace(cast(cast(c{0} as timestamp) as varchar), ' ', 'T') || 'Z' "
                "else cast(c{0} as varchar) end",
                place);
        }
        return is_simple(type) ? fmt::format("c{}", place)
                               : fmt::format("cast(c{} as varchar)", place);
    }
    if (type == "HUGEINT") return fmt::format("cast(c{} as decimal(38,0))", place);
    if (type == "UHUGEINT" || type == "BIT" || type == "BIGNUM")
        return fmt::format("cast(c{} as varchar)", place);
    return fmt::format("c{}", place);
}

// Parquet wants names that differ: a, a_2, a_3.
std::vector<std::string> distinct_names(const std::vector<OutputColumn>& columns) {
    std::vector<std::string> names, taken;
    for (const OutputColumn& column : columns) {
        std::string name = column.name;
        for (int i = 2; std::ranges::find(taken, to_lower_ascii(name)) != taken.end(); ++i) {
            name = fmt::format("{}_{}", column.name, i);
        }
        taken.push_back(to_lower_ascii(name));
        names.push_back(std::move(name));
    }
    return names;
}

class Runner {
public:
    Runner(sql::Duck& duck, const Job& job, const Send& send)
        : m_duck(duck), m_job(job), m_send(send) {}

    Result<void> prepare(const std::vector<Table>& tables) {
        std::string paths;
        for (const Table& table : tables) {
            for (const auto& file : table.files) {
                if (!paths.empty()) paths += ',';
                paths += sql::quote_literal(file.string());
            }
        }
        if (m_job.format == Format::kParquet) {
            if (!paths.empty()) paths += ',';
            paths += sql::quote_literal(output_path());
        }
        TRY(m_duck.execute(fmt::format(
            "SET allow_persistent_secrets=false; SET threads={}; SET allowed_paths=[{}]; "
            "SET enable_external_access=false",
            m_job.threads, paths)));
        for (const Table& table : tables) {
            const std::size_t dot = table.dataset.find('.');
            const std::string schema = sql::quote_identifier(table.dataset.substr(0, dot));
            const std::string name = sql::quote_identifier(table.dataset.substr(dot + 1));
            TRY(m_duck.execute(
                fmt::format("create schema if not exists {}; create view {}.{} as {}", schema,
                            schema, name, table.view_sql)));
        }
        return m_duck.execute("SET lock_configuration=true");
    }

    Result<void> describe() {
        Result<sql::DuckResult> rows = m_duck.query("describe\n" + m_job.sql);
        if (!rows) return std::unexpected(std::move(rows).error());
        json::array columns;
        std::string aliases;
        for (;;) {
            TRY_ASSIGN(const std::size_t count, rows->next());
            if (count == 0) break;
            for (std::size_t i = 0; i < count; ++i) {
                m_columns.push_back({std::string(rows->text(0, i)), std::string(rows->text(1, i))});
                columns.push_back(
                    json::object{{"name", m_columns.back().name}, {"type", m_columns.back().type}});
                aliases += fmt::format("{}c{}", aliases.empty() ? "" : ",", m_columns.size() - 1);
            }
        }
        TRY(m_duck.execute(fmt::format("create view {}({}) as\n{}", kAnswer, aliases, m_job.sql)));
        m_send(Kind::kColumns, to_text(columns));
        return {};
    }

    Result<void> answer() {
        return m_job.format == Format::kParquet ? answer_as_file() : answer_as_text();
    }

private:
    static std::string output_path() { return fmt::format("/proc/self/fd/{}", kOutputDescriptor); }

    std::string select(std::int64_t rows) const {
        const std::vector<std::string> names = distinct_names(m_columns);
        std::string list;
        for (std::size_t i = 0; i < m_columns.size(); ++i) {
            list += fmt::format("{}{} as {}", i == 0 ? "" : ",",
                                output_expression(m_columns[i].type, i, m_job.format),
                                sql::quote_identifier(names[i]));
        }
        // The limit stands outside, yet DuckDB keeps the order of an ordered view (query_test.cc
        // holds it to that).
        return fmt::format("select {} from {} limit {}", list, kAnswer, rows);
    }

    Result<void> answer_as_file() {
        TRY_ASSIGN(const std::int64_t rows,
                   m_duck.query_integer(fmt::format(
                       "copy ({}) to {} (format parquet, compression zstd, use_tmp_file false)",
                       select(m_job.rows), sql::quote_literal(output_path()))));
        bool truncated = false;
        if (rows == m_job.rows) {
            TRY_ASSIGN(
                const std::int64_t more,
                m_duck.query_integer(fmt::format("select count(*) from (select 1 from {} limit {})",
                                                 kAnswer, m_job.rows + 1)));
            truncated = more > rows;
        }
        return end(rows, truncated);
    }

    Result<void> answer_as_text() {
        // Whole in DuckDB's memory first: an error half-way is then an error and no short answer.
        TRY_ASSIGN(sql::DuckResult result, m_duck.query(select(m_job.rows + 1)));
        if (m_job.format == Format::kCsv) {
            append_csv_header();
        } else {
            m_piece += '[';
        }
        std::int64_t rows = 0;
        bool truncated = false;
        while (!truncated) {
            TRY_ASSIGN(const std::size_t count, result.next());
            if (count == 0) break;
            for (std::size_t i = 0; i < count && !truncated; ++i) {
                truncated = rows == m_job.rows;
                if (truncated) break;
                m_job.format == Format::kCsv ? append_csv_row(result, i)
                                             : append_json_row(result, i, rows == 0);
                ++rows;
                if (m_piece.size() >= kPiece) TRY(flush());
            }
        }
        if (m_job.format == Format::kJson) m_piece += ']';
        TRY(flush());
        return end(rows, truncated);
    }

    void append_json_row(const sql::DuckResult& result, std::size_t row, bool first) {
        m_piece += first ? "[" : ",[";
        for (std::size_t i = 0; i < m_columns.size(); ++i) {
            if (i > 0) m_piece += ',';
            m_piece += to_text(result.json(i, row));
        }
        m_piece += ']';
    }

    void append_csv_text(std::string_view text) {
        const bool quoted = text.empty() || text.find_first_of(",\"\r\n") != std::string_view::npos;
        if (!quoted) {
            m_piece += text;
            return;
        }
        m_piece += '"';
        for (const char c : text) {
            if (c == '"') m_piece += '"';
            m_piece += c;
        }
        m_piece += '"';
    }

    void append_csv_header() {
        for (std::size_t i = 0; i < m_columns.size(); ++i) {
            if (i > 0) m_piece += ',';
            append_csv_text(m_columns[i].name);
        }
        m_piece += '\n';
    }

    // NULL is nothing between the commas, an empty text is "".
    void append_csv_row(const sql::DuckResult& result, std::size_t row) {
        for (std::size_t i = 0; i < m_columns.size(); ++i) {
            if (i > 0) m_piece += ',';
            const json::value value = result.json(i, row);
            if (value.is_string()) {
                append_csv_text(value.get_string());
            } else if (!value.is_null()) {
                m_piece += to_text(value);
            }
        }
        m_piece += '\n';
    }

    Result<void> flush() {
        m_sent += m_piece.size();
        if (m_sent > m_job.output_bytes) return fail(Code::kUnavailable, Text::same("output"));
        for (std::string_view rest = m_piece; !rest.empty();
             rest.remove_prefix(std::min(rest.size(), kPiece))) {
            m_send(Kind::kRows, rest.substr(0, kPiece));
        }
        m_piece.clear();
        return {};
    }

    Result<void> end(std::int64_t rows, bool truncated) {
        m_send(Kind::kEnd, to_text(json::object{{"rows", rows}, {"truncated", truncated}}));
        return {};
    }

    sql::Duck& m_duck;
    const Job& m_job;
    const Send& m_send;
    std::vector<OutputColumn> m_columns;
    std::string m_piece;
    std::uint64_t m_sent = 0;
};

}  // namespace

Result<void> run_job(sql::Duck& duck, const Job& job, const std::vector<Table>& tables,
                     const Send& send) {
    Runner runner(duck, job, send);
    Result<void> done = runner.prepare(tables);
    if (done) done = runner.describe();
    if (done) done = runner.answer();
    if (done || done.error().detail.en == "output") return done;
    return std::unexpected(run_error(done.error(), tables));
}

}  // namespace nguon::query
