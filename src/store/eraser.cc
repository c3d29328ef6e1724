#include "store/eraser.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "sql/duckdb.h"
#include "store/key.h"
#include "store/merge.h"
#include "store/read.h"
#include "store/segment_file.h"

namespace nguon::store {
namespace {

namespace fs = std::filesystem;

struct FileColumn {
    std::string name;
    std::int64_t field_id = 0;
    bool is_text = false;
};

Result<std::vector<FileColumn>> columns_of(sql::Duck& duck, const fs::path& file) {
    // The first line of a schema is the file itself.
    TRY_ASSIGN(sql::DuckResult result,
               duck.query(fmt::format("SELECT name, coalesce(field_id, -1)::BIGINT, "
                                      "coalesce(\"type\" = 'BYTE_ARRAY', false)::BIGINT FROM "
                                      "parquet_schema({}) OFFSET 1",
                                      sql::quote_literal(file.string()))));
    std::vector<FileColumn> columns;
    for (;;) {
        TRY_ASSIGN(const std::size_t count, result.next());
        if (count == 0) return columns;
        for (std::size_t row = 0; row < count; ++row) {
            columns.push_back({std::string(result.text(0, row)), result.integer(1, row),
                               result.integer(2, row) != 0});
        }
    }
}

std::optional<std::string> seconds_of(const contract::Column& column, const sql::DuckResult& result,
                                      std::size_t place, std::size_t row) {
    constexpr std::int64_t kDay = 86'400, kMicro = 1'000'000;
    if (column.type == contract::LogicalType::kDate)
        return std::to_string(result.integer(place, row) * kDay);
    if (column.type == contract::LogicalType::kTimestamp)
        return std::to_string(result.integer(place, row) / kMicro);
    return std::nullopt;
}

// RE2 syntax: `word` alone, not inside another word.
std::string pattern_of(const std::string& word) {
    std::string escaped;
    for (const char c : word) {
        if (std::string_view(R"(\.+*?()|[]{}^$)").find(c) != std::string_view::npos)
            escaped += '\\';
        escaped += c;
    }
    return fmt::format(R"((^|[^\pL\pN]){}($|[^\pL\pN]))", escaped);
}

class DuckEraser final : public Eraser {
public:
    Result<Found> find(const DatasetInfo& dataset, const std::vector<SegmentInfo>& segments,
                       const std::vector<std::string>& keys) override {
        Found found;
        std::vector<std::string> conditions;
        for (const std::string& key : keys) {
            TRY_ASSIGN(const std::string condition, key_condition(dataset.contract, key));
            conditions.push_back(fmt::format("({})", condition));
        }
        if (segments.empty()) return found;
        TRY_ASSIGN(const auto duck, open_reader({}));
        const Seq upto = segments.back().last;
        const std::string condition = fmt::format("{}", fmt::join(conditions, " OR "));
        TRY_ASSIGN(sql::DuckResult result,
                   duck->query(fmt::format("SELECT * FROM ({}) WHERE {}",
                                           history_view(dataset, segments, upto).sql, condition)));
        for (;;) {
            TRY_ASSIGN(const std::size_t count, result.next());
            if (count == 0) break;
            for (std::size_t row = 0; row < count; ++row)
                note(found, dataset.contract, result, row);
        }
        TRY_ASSIGN(const std::int64_t standing,
                   duck->query_integer(fmt::format(
                       "SELECT count(*) FROM ({}) WHERE {}",
                       current_view(dataset, segments, upto, WithSeq::kNo).sql, condition)));
        found.stands = standing > 0;
        return found;
    }

    Result<Counted> rewrite_segment(const fs::path& from, Seq first, const std::set<Seq>& changes,
                                    const fs::path& to) override {
        TRY_ASSIGN(const auto duck, open_ordered());
        TRY_ASSIGN(const std::vector<FileColumn> columns, columns_of(*duck, from));
        std::vector<std::string> selected;
        std::vector<FieldId> fields;
        for (const FileColumn& column : columns) {
            const std::string name = sql::quote_identifier(column.name);
            if (column.name == "_op") {
                selected.push_back("CASE WHEN _hit THEN 0::TINYINT ELSE _op END AS _op");
                continue;
            }
            selected.push_back(fmt::format("CASE WHEN _hit THEN NULL ELSE {0} END AS {0}", name));
            if (column.field_id >= 0)
                fields.push_back({column.name, static_cast<int>(column.field_id)});
        }
        std::vector<std::string> places;
        for (const Seq seq : changes)
            places.push_back(std::to_string(seq - first));
        const std::string file = sql::quote_literal(from.string());
        TRY(duck->query_integer(fmt::format(
            "COPY (SELECT {} FROM (SELECT *, file_row_number IN ({}) AS _hit FROM read_parquet({}, "
            "file_row_number = true)) ORDER BY file_row_number) TO {} {}",
            fmt::join(selected, ", "), fmt::join(places, ", "), file,
            sql::quote_literal(to.string()), segment_copy_options(fields))));
        return count(*duck, to);
    }

    Result<std::int64_t> rewrite_aside(const fs::path& from, const std::vector<Sign>& signs,
                                       const fs::path& to) override {
        TRY_ASSIGN(const auto duck, open_ordered());
        TRY_ASSIGN(const std::vector<FileColumn> columns, columns_of(*duck, from));
        std::vector<std::string> conditions;
        for (const Sign& sign : signs) {
            std::vector<std::string> all;
            for (const std::string& word : sign)
                all.push_back(stands_in(columns, word));
            conditions.push_back(fmt::format("({})", fmt::join(all, " AND ")));
        }
        if (conditions.empty()) return 0;
        const std::string file = sql::quote_literal(from.string());
        // All entries of a row go when one of them does.
        TRY(
            duck->execute(fmt::format("CREATE TEMP TABLE _hits AS SELECT DISTINCT \"row\" FROM "
                                      "read_parquet({}) WHERE {}",
                                      file, fmt::join(conditions, " OR "))));
        TRY_ASSIGN(const std::int64_t hits, duck->query_integer("SELECT count(*) FROM _hits"));
        if (hits == 0) return 0;
        TRY(duck->query_integer(fmt::format(
            "COPY (SELECT * EXCLUDE (file_row_number) FROM read_parquet({}, file_row_number = "
            "true) ANTI JOIN _hits USING (\"row\") ORDER BY file_row_number) TO {} (FORMAT "
            "parquet, COMPRESSION zstd)",
            file, sql::quote_literal(to.string()))));
        return hits;
    }

private:
    // That one of the columns of text has it.
    static std::string stands_in(const std::vector<FileColumn>& columns, const std::string& word) {
        std::string any;
        for (const FileColumn& column : columns) {
            if (!column.is_text) continue;
            any += fmt::format("{}coalesce(regexp_matches({}, {}), false)",
                               any.empty() ? "(" : " OR ", sql::quote_identifier(column.name),
                               sql::quote_literal(pattern_of(word)));
        }
        return any.empty() ? "false" : any + ")";
    }

    static Result<std::unique_ptr<sql::Duck>> open_ordered() {
        ReadOptions options;
        options.threads = 1;
        return open_reader(options);
    }

    static void note(Found& found, const contract::Dataset& dataset, const sql::DuckResult& result,
                     std::size_t row) {
        found.changes.insert(result.integer(0, row));
        for (std::size_t i = 0; i < dataset.columns.size(); ++i) {
            const std::size_t place = i + 2;  // behind _seq and _op
            if (result.is_null(place, row)) continue;
            std::string text;
            append_canonical(text, dataset.columns[i], result, place, row);
            // As profiles have moments: seconds since 1970.
            if (const std::optional<std::string> seconds =
                    seconds_of(dataset.columns[i], result, place, row))
                found.words.push_back(*seconds);
            if (text.size() >= kShortestSign && text != "true" && text != "false" &&
                std::ranges::find(found.words, text) == found.words.end())
                found.words.push_back(std::move(text));
        }
    }

    static Result<Counted> count(sql::Duck& duck, const fs::path& file) {
        TRY_ASSIGN(sql::DuckResult result,
                   duck.query(fmt::format(
                       "SELECT count(*) FILTER (_op = 1), count(*) FILTER (_op = 2), count(*) "
                       "FILTER (_op = 3), count(*) FILTER (_op = 0) FROM read_parquet({})",
                       sql::quote_literal(file.string()))));
        TRY(result.next());
        Counted counted;
        counted.changes = {result.integer(0, 0), result.integer(1, 0), result.integer(2, 0), 0};
        counted.erased = result.integer(3, 0);
        return counted;
    }
};

}  // namespace

Eraser& duckdb_eraser() {
    static DuckEraser eraser;
    return eraser;
}

}  // namespace nguon::store
