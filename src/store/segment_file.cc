#include "store/segment_file.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "contract/column_type.h"
#include "sql/duckdb.h"

namespace nguon::store {
namespace {

// DuckDB's own vector-friendly size.
constexpr int kRowGroup = 122'880;
// The field id of `_op`: far above those allotted to columns.
constexpr int kOpFieldId = 2'000'000'000;

// `_op`, then each column as the text that RowChange::values has, `_c0`, `_c1`, …
class HotSource final : public sql::RowSource {
public:
    HotSource(std::span<const HotRow> rows, std::size_t columns)
        : m_rows(rows), m_columns(columns) {}

    std::vector<sql::ColumnSpec> columns() const override {
        std::vector<sql::ColumnSpec> columns{{"_op", {sql::Kind::kBigint}}};
        for (std::size_t i = 0; i < m_columns; ++i)
            columns.push_back({fmt::format("_c{}", i), {sql::Kind::kText}});
        return columns;
    }
    std::unique_ptr<Reader> reader() override { return std::make_unique<One>(*this); }
    std::size_t max_threads() const override { return 1; }
    std::uint64_t row_estimate() const override { return m_rows.size(); }

private:
    class One final : public Reader {
    public:
        explicit One(const HotSource& source) : m_source(source) {}
        Result<std::size_t> read(sql::ChunkWriter& chunk) override {
            std::size_t count = 0;
            for (; count < sql::ChunkWriter::kCapacity && m_at < m_source.m_rows.size();
                 ++count, ++m_at) {
                TRY(fill(chunk, count, m_source.m_rows[m_at].change));
            }
            return count;
        }

    private:
        Result<void> fill(sql::ChunkWriter& chunk, std::size_t at, const RowChange& change) const {
            TRY_ASSIGN(const json::value values, parse_json(change.values));
            if (!values.is_array() || values.get_array().size() != m_source.m_columns) {
                return fail(Code::kCorrupt,
                            {"Dòng chờ niêm phong trong control.db bị hỏng.",
                             "A row of control.db that waits for its segment is damaged."},
                            {"Chạy «nguon verify», rồi khôi phục từ bản sao lưu.",
                             "Run `nguon verify`, then restore from a backup."});
            }
            if (chunk.wanted(0))
                chunk.data<std::int64_t>(0)[at] = static_cast<std::int64_t>(change.op);
            for (std::size_t i = 0; i < m_source.m_columns; ++i) {
                const json::value& value = values.get_array()[i];
                if (value.is_string()) {
                    chunk.set_text(i + 1, at, value.get_string());
                } else {
                    chunk.set_null(i + 1, at);
                }
            }
            return {};
        }

        const HotSource& m_source;
        std::size_t m_at = 0;
    };

    std::span<const HotRow> m_rows;
    std::size_t m_columns;
};

}  // namespace

std::string segment_copy_options(const DatasetInfo& dataset) {
    return segment_copy_options(dataset.fields);
}

std::string segment_copy_options(const std::vector<FieldId>& fields) {
    std::vector<std::string> ids{fmt::format("_op: {}", kOpFieldId)};
    for (const FieldId& field : fields) {
        ids.push_back(fmt::format("{}: {}", sql::quote_identifier(field.column), field.id));
    }
    return fmt::format(
        "(FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, ROW_GROUP_SIZE {}, FIELD_IDS "
        "{{{}}})",
        kRowGroup, fmt::join(ids, ", "));
}

Result<void> write_segment_file(const DatasetInfo& dataset, std::span<const HotRow> rows,
                                const std::filesystem::path& file) {
    sql::DuckOptions options;
    options.threads = 1;
    options.memory_limit = "256MB";
    TRY_ASSIGN(const std::unique_ptr<sql::Duck> duck, sql::Duck::open(options));
    const std::vector<contract::Column>& columns = dataset.contract.columns;
    TRY(duck->register_source("_rows", std::make_shared<HotSource>(rows, columns.size())));
    std::string list = "_op::TINYINT AS _op";
    for (std::size_t i = 0; i < columns.size(); ++i) {
        list += fmt::format(", CAST(_c{} AS {}) AS {}", i, contract::column_type(columns[i]).sql(),
                            sql::quote_identifier(columns[i].name));
    }
    TRY(duck->query_integer(fmt::format("COPY (SELECT {} FROM _rows()) TO {} {}", list,
                                        sql::quote_literal(file.string()),
                                        segment_copy_options(dataset))));
    return {};
}

}  // namespace nguon::store
