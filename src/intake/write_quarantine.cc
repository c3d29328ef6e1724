// The rows that a batch set aside, from the spool into its Parquet file.
#include <fmt/format.h>

#include "intake/internal/cell_text.h"
#include "intake/internal/reasons.h"
#include "intake/internal/sent_again.h"
#include "intake/judge.h"

namespace nguon::intake {
namespace {

bool has(const Masks& masks, std::size_t bit) {
    return (masks[bit / scan::kBitsPerMask] >> (bit % scan::kBitsPerMask) & 1) != 0;
}

}  // namespace

// The columns of the quarantine file, one row for each rule that a row breaks.
class Judge::QuarantineSource final : public sql::RowSource {
public:
    QuarantineSource(Judge& judge, const scan::Table& table, RecordCells& cells)
        : m_judge(judge),
          m_spool(judge.m_rejects),
          m_rules(judge.m_rules),
          m_table(table),
          m_cells(cells) {}

    std::vector<sql::ColumnSpec> columns() const override {
        std::vector<sql::ColumnSpec> columns{
            {"row", {sql::Kind::kBigint}},  {"column", {sql::Kind::kText}},
            {"rule", {sql::Kind::kText}},   {"value", {sql::Kind::kText}},
            {"reason", {sql::Kind::kText}}, {"reason_en", {sql::Kind::kText}},
            {"record", {sql::Kind::kText}}, {"fields", {sql::Kind::kText}}};
        if (m_judge.names_origins()) {  // the row as the first batch named it
            columns.push_back({"of_batch", {sql::Kind::kText}});
            columns.push_back({"of_row", {sql::Kind::kBigint}});
        }
        return columns;
    }
    std::size_t max_threads() const override { return 1; }
    std::unique_ptr<Reader> reader() override { return std::make_unique<SpoolReader>(*this); }

private:
    class SpoolReader final : public Reader {
    public:
        explicit SpoolReader(QuarantineSource& source)
            : m_source(source), m_reader(source.m_spool) {}

        Result<std::size_t> read(sql::ChunkWriter& chunk) override {
            std::size_t row = 0;
            while (row < sql::ChunkWriter::kCapacity) {
                if (m_rule == m_source.m_rules.rows.size()) {
                    TRY_ASSIGN(const bool more, m_reader.next(m_entry));
                    if (!more) break;
                    m_source.m_cells.read(m_entry.record);
                    name_fields();
                    m_rule = 0;
                }
                const std::size_t rule = m_rule++;
                if (has(m_entry.masks, rule)) {
                    write(chunk, row++, m_source.m_rules.rows[rule]);
                }
            }
            return row;
        }

    private:
        void name_fields() {
            const std::vector<std::string>& written = m_source.m_cells.written();
            m_named = "{";
            for (std::size_t c = 0; c < written.size(); ++c) {
                if (c > 0) m_named += ',';
                append_json_string(m_named, m_source.m_cells.dataset().columns[c].name);
                m_named += ':';
                append_json_string(m_named, written[c]);
            }
            m_named += '}';
        }

        void write(sql::ChunkWriter& chunk, std::size_t row, const quality::RowRule& rule) {
            const auto text = [&](std::size_t column, std::string_view value) {
                if (is_utf8(value)) {
                    chunk.set_text(column, row, value);
                } else {  // bytes that are no text stay readable, none is lost
                    chunk.set_text(column, row, "hex:" + hex(value));
                }
            };
            if (chunk.wanted(0))
                chunk.data<std::int64_t>(0)[row] = m_source.m_table.row_number(m_entry.row);
            chunk.set_text(1, row, rule.column);
            chunk.set_text(2, row, rule.name);
            const contract::Dataset& dataset = m_source.m_cells.dataset();
            const std::string value =
                value_of(rule, dataset, m_source.m_cells.texts(), m_entry.record);
            const Text reason =
                m_source.m_judge.reason(rule, dataset, m_source.m_table, m_entry.row, value);
            text(3, value);
            text(4, reason.vi);
            text(5, reason.en);
            text(6, m_entry.record);
            if (rule.kind == quality::RuleKind::kRecord) {
                chunk.set_null(7, row);
            } else {
                chunk.set_text(7, row, m_named);
            }
            if (m_source.m_judge.names_origins()) write_origin(chunk, row);
        }

        void write_origin(sql::ChunkWriter& chunk, std::size_t row) {
            const RowAside* origin = m_source.m_judge.origin_of(m_entry.row);
            if (origin == nullptr) {
                chunk.set_null(8, row);
                chunk.set_null(9, row);
                return;
            }
            chunk.set_text(8, row, origin->batch);
            if (auto* rows = chunk.data<std::int64_t>(9)) rows[row] = origin->row;
        }

        QuarantineSource& m_source;
        RowSpool::Reader m_reader;
        RowSpool::Entry m_entry;
        std::string m_named;  // its cells as written, as JSON
        std::size_t m_rule = m_source.m_rules.rows.size();
    };

    const Judge& m_judge;
    RowSpool& m_spool;
    const quality::RuleSet& m_rules;
    const scan::Table& m_table;
    RecordCells& m_cells;
};

bool Judge::names_origins() const {
    return m_again != nullptr || (m_aside_before != nullptr && !m_aside_before->empty());
}

const RowAside* Judge::origin_of(std::int64_t place) const {
    if (m_again != nullptr) return m_again->origin_of(place);
    const auto found = m_aside_before->find(place);
    return found == m_aside_before->end() ? nullptr : &found->second;
}

Result<std::int64_t> Judge::write_quarantine(sql::Duck& duck, const scan::Table& table,
                                             RecordCells& cells,
                                             const std::filesystem::path& file) {
    TRY(duck.register_source("_quarantine",
                             std::make_shared<QuarantineSource>(*this, table, cells)));
    return duck.query_integer(
        fmt::format("COPY (SELECT * FROM _quarantine() ORDER BY \"row\", \"rule\") TO {} "
                    "(FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1)",
                    sql::quote_literal(file.string())));
}

}  // namespace nguon::intake
