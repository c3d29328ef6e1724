#include "intake/quarantine.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <utility>

#include "intake/internal/file_writer.h"
#include "intake/internal/kept_rows.h"
#include "intake/mended_rows.h"
#include "sql/duckdb.h"

namespace nguon::intake {
namespace {

using sql::quote_literal;

// A damaged record of more bytes is cut in the CSV: its field must stay one that can be read back.
constexpr std::size_t kMostRecordBytes = 64 << 10;
constexpr std::size_t kRowsOfInsert = 1'000;

enum class For { kReading, kMending };  // the latter with `fields`, `of_batch` and `of_row`

// A SELECT of every entry in the file's order, which is that of rows.
Result<std::string> selected(store::Store& store, sql::Duck& duck, const store::BatchInfo& batch,
                             Language language, For what = For::kReading) {
    const std::filesystem::path file =
        store.options().folder / "quarantine" / (batch.quarantine_sha256 + ".parquet");
    TRY_ASSIGN(const std::vector<store::BatchInfo> batches, store.batches(batch.dataset, 0));
    TRY_ASSIGN(const bool origins, names_origins(duck, file));
    const MendedRows mended(batches);
    TRY(
        duck.execute("CREATE OR REPLACE TEMP TABLE _mended(batch VARCHAR, first BIGINT, last "
                     "BIGINT, by_batch VARCHAR)"));
    std::vector<std::string> values;
    const auto insert = [&]() -> Result<void> {
        if (values.empty()) return {};
        return duck.execute(fmt::format("INSERT INTO _mended VALUES {}",
                                        fmt::join(std::exchange(values, {}), ",")));
    };
    for (const auto& [of, stretches] : mended.stretches()) {
        if (!origins && of != batch.id) continue;
        for (const MendedRows::Stretch& stretch : stretches) {
            values.push_back(fmt::format("({}, {}, {}, {})", quote_literal(of), stretch.first,
                                         stretch.last, quote_literal(stretch.by)));
            if (values.size() == kRowsOfInsert) TRY(insert());
        }
    }
    TRY(insert());
    const std::string own = quote_literal(batch.id);
    const std::string_view more = what == For::kReading ? ""
                                  : origins             ? ", \"fields\", of_batch, of_row"
                                            : ", \"fields\", NULL::VARCHAR, NULL::BIGINT";
    return fmt::format(
        "SELECT \"row\", \"column\", \"rule\", \"value\", {} AS \"reason\", \"record\", "
        "by_batch AS \"mended\"{} FROM read_parquet({}, file_row_number = true) LEFT JOIN _mended "
        "ON {} BETWEEN first AND last AND batch = {} ORDER BY file_row_number",
        language == Language::kVietnamese ? "\"reason\"" : "\"reason_en\"", more,
        quote_literal(file.string()), origins ? "coalesce(of_row, \"row\")" : "\"row\"",
        origins ? fmt::format("coalesce(of_batch, {})", own) : own);
}

std::string shown_record(std::string_view record) {
    std::string shown;
    for (const char c : record) {
        if (shown.size() >= kMostRecordBytes && (static_cast<unsigned char>(c) & 0xC0) != 0x80)
            return shown + "…";
        if (c == '\0') {
            shown += "␀";
        } else {
            shown += c;
        }
    }
    return shown;
}

// One line of the CSV: a row that was set aside, with all that is wrong with it.
class MendingLine {
public:
    MendingLine(const contract::Dataset& dataset, const std::string& batch, FileWriter& out)
        : m_dataset(dataset), m_batch(batch), m_out(out) {}

    Result<void> write_header() {
        std::string line;
        for (const contract::Column& column : m_dataset.columns)
            line += column.name + ",";
        return m_out.add(line + "_row,_rule,_reason,_record,_id\n");
    }

    // The entry of row `i` of a chunk of `selected(…, "fields")`. Entries of a row follow each
    // other.
    Result<void> add(const sql::DuckResult& entries, std::size_t i) {
        if (!entries.is_null(kMended, i)) return {};
        const std::int64_t row = entries.integer(kRow, i);
        if (row != m_row) {
            TRY(write());
            m_row = row;
            m_id = entries.is_null(kOfBatch, i) ? RowAside{m_batch, row}.id()
                                                : RowAside{std::string(entries.text(kOfBatch, i)),
                                                           entries.integer(kOfRow, i)}
                                                      .id();
            m_rules.clear();
            m_reasons.clear();
            m_record.clear();
            m_fields.clear();
            if (entries.is_null(kFields, i)) {
                m_record = shown_record(entries.text(kRecord, i));
            } else {
                TRY_ASSIGN(const json::value fields, parse_json(entries.text(kFields, i)));
                m_fields = fields.as_object();
            }
        }
        const std::string_view separator = m_rules.empty() ? "" : "; ";
        const std::string column(entries.text(kColumn, i));
        m_rules.append(separator).append(entries.text(kRule, i));
        m_reasons.append(separator).append(column.empty() ? "" : column + ": ");
        m_reasons.append(entries.text(kReason, i));
        return {};
    }

    bool is_empty() const { return m_row == 0; }
    Result<void> write() {
        if (m_row == 0) return {};
        std::string line;
        for (const contract::Column& column : m_dataset.columns) {
            const json::value* value = m_fields.if_contains(column.name);
            if (value != nullptr && value->is_string())
                append_csv_field(line, std::string_view(value->get_string()));
            line += ',';
        }
        line += std::to_string(m_row);
        for (const std::string* text : {&m_rules, &m_reasons, &m_record}) {
            line += ',';
            append_csv_field(line, *text);
        }
        return m_out.add(line + "," + m_id + "\n");
    }

private:
    enum Place : std::size_t {
        kRow,
        kColumn,
        kRule,
        kValue,
        kReason,
        kRecord,
        kMended,
        kFields,
        kOfBatch,
        kOfRow
    };

    const contract::Dataset& m_dataset;
    const std::string& m_batch;
    FileWriter& m_out;
    std::int64_t m_row = 0;  // 0: none yet
    std::string m_id, m_rules, m_reasons, m_record;
    json::object m_fields;
};

Result<void> write_mending(store::Store& store, sql::Duck& duck, const store::BatchInfo& batch,
                           Language language, const std::filesystem::path& to) {
    TRY_ASSIGN(const auto info, store.dataset(batch.dataset));
    TRY_ASSIGN(FileWriter out, FileWriter::create(*store.options().disk, to));
    MendingLine line(info->contract, batch.id, out);
    TRY(line.write_header());
    // The file is sorted by row; one thread that keeps order reads it so.
    TRY_ASSIGN(const std::string select, selected(store, duck, batch, language, For::kMending));
    TRY_ASSIGN(sql::DuckResult entries, duck.stream(select));
    for (;;) {
        TRY_ASSIGN(const std::size_t count, entries.next());
        if (count == 0) break;
        for (std::size_t i = 0; i < count; ++i)
            TRY(line.add(entries, i));
    }
    TRY(line.write());
    if (line.is_empty()) {
        return fail(Code::kNotFound,
                    {fmt::format("Mọi dòng để riêng của lô {} đã được sửa.", batch.id),
                     fmt::format("Every row that batch {} set aside was mended.", batch.id)},
                    {"Không cần làm gì.", "There is nothing to do."});
    }
    return out.flush();
}

}  // namespace

Result<json::object> quarantine_rows(store::Store& store, const store::BatchInfo& batch,
                                     Language language, QuarantinePage page) {
    TRY_ASSIGN(const auto duck, open_small_duck());
    std::string select;
    if (!batch.quarantine_sha256.empty()) {
        TRY_ASSIGN(select, selected(store, *duck, batch, language));
    }
    return page_of(batch, *duck, select, page);
}

Result<void> export_quarantine(store::Store& store, const store::BatchInfo& batch,
                               Language language, QuarantineFormat format,
                               const std::filesystem::path& to) {
    if (batch.quarantine_sha256.empty()) {
        return fail(Code::kNotFound,
                    {fmt::format("Lô {} không có dòng nào bị loại.", batch.id),
                     fmt::format("Batch {} set no row aside.", batch.id)},
                    {"Không cần làm gì.", "There is nothing to do."});
    }
    TRY_ASSIGN(const auto duck, open_small_duck());
    if (format == QuarantineFormat::kCsv) return write_mending(store, *duck, batch, language, to);
    TRY_ASSIGN(const std::string select, selected(store, *duck, batch, language));
    return duck->execute(
        fmt::format("COPY ({}) TO {} (FORMAT parquet)", select, quote_literal(to.string())));
}

Result<bool> names_origins(sql::Duck& duck, const std::filesystem::path& file) {
    TRY_ASSIGN(const std::int64_t columns,
               duck.query_integer(
                   fmt::format("SELECT count(*) FROM parquet_schema({}) WHERE name = 'of_row'",
                               quote_literal(file.string()))));
    return columns > 0;
}

}  // namespace nguon::intake
