// The part of a pass that knows what becomes of columns that the file lacks: an update keeps what
// the rows have there (docs/adr/0015).
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "intake/internal/pass.h"

namespace nguon::intake {
namespace {

using sql::quote_identifier;

std::string quoted(const std::vector<std::string>& columns, std::string_view form) {
    std::vector<std::string> parts;
    for (const std::string& column : columns)
        parts.push_back(fmt::format(fmt::runtime(form), quote_identifier(column)));
    return fmt::format("{}", fmt::join(parts, ", "));
}

}  // namespace

// The rows that stand before this batch, without those in whose place it comes.
Result<std::string> Pass::standing() {
    TRY_ASSIGN(const auto segments, m_store.current_files(m_dataset.name, m_draft.expected_head));
    if (m_request.replaces.empty()) {
        return store::current_view(m_info, segments, m_draft.expected_head, store::WithSeq::kNo)
            .sql;
    }
    return fmt::format(
        "SELECT {} FROM ({}) ANTI JOIN (SELECT _seq FROM _replaced) USING (_seq)",
        final_columns(""),
        store::current_view(m_info, segments, m_draft.expected_head, store::WithSeq::kYes).sql);
}

// `_kept`: the keys of rows that have a value in a column that the file lacks, and those values.
Result<void> Pass::load_kept() {
    m_keeps = m_compare && m_mode == contract::Mode::kUpsert && !m_missing.empty();
    if (!m_keeps) return {};
    TRY_ASSIGN(const std::string current, standing());
    return m_duck->execute(fmt::format(
        "CREATE TEMP TABLE _kept AS SELECT {}, {} FROM ({}) WHERE coalesce({}) IS NOT "
        "NULL",
        key_columns(""), quoted(m_missing, "{}"), current, quoted(m_missing, "{}::VARCHAR")));
}

// Rows of a scan of the file as they will stand: every rule judges these.
std::string Pass::with_kept(std::string_view source) const {
    if (!m_keeps) return std::string(source);
    std::vector<std::string> same_key;
    for (const contract::Column* column : m_dataset.key())
        same_key.push_back(fmt::format("_file.{0} = _kept.{0}", quote_identifier(column->name)));
    return fmt::format("(SELECT _file.* REPLACE ({}) FROM {} _file LEFT JOIN _kept ON {})",
                       quoted(m_missing, "_kept.{0} AS {0}"), source, fmt::join(same_key, " AND "));
}

// A snapshot is the whole truth: it empties the columns that it lacks. Where they have values that
// is refused until the columns are named.
Result<void> Pass::judge_missing() {
    std::vector<std::string> emptied;
    json::array told;
    if (m_compare && !m_missing.empty()) {
        TRY_ASSIGN(const std::string current, standing());
        TRY_ASSIGN(sql::DuckResult counts,
                   m_duck->query(fmt::format("SELECT {} FROM ({})", quoted(m_missing, "count({})"),
                                             current)));
        TRY(counts.next());
        for (std::size_t c = 0; c < m_missing.size(); ++c) {
            if (counts.integer(c, 0) == 0) continue;
            emptied.push_back(m_missing[c]);
            told.push_back({{"column", m_missing[c]}, {"rows", counts.integer(c, 0)}});
        }
    }
    std::vector<std::string> confirmed = m_request.confirm_missing;
    std::ranges::sort(confirmed);
    std::ranges::sort(emptied);
    const bool refused = confirmed != emptied;
    const std::string names = fmt::format("{}", fmt::join(emptied, ","));
    m_draft.snapshot["emptied"] = told;
    m_draft.snapshot["confirm_missing"] =
        refused && !emptied.empty() ? json::value(names) : json::value(nullptr);
    if (!refused) return {};
    m_refused = true;
    for (const json::value& column : told) {
        const std::string name(column.at("column").as_string());
        const std::int64_t rows = column.at("rows").as_int64();
        json::object result = refusal(
            "snapshot:missing",
            {fmt::format("Tệp không có cột «{}», mà {} đang có giá trị ở cột này; nạp thì mất.",
                         name, rows_text(rows).vi),
             fmt::format("The file has no column \"{}\", in which {} that stand have a value; "
                         "loading it would lose them.",
                         name, rows_text(rows).en)},
            name, contract::Dimension::kComplete);
        result["checked"] = result["failed"] = rows;
        refuse_for(result, {"Gửi tệp có đủ cột, hoặc nạp kiểu upsert: dòng giữ giá trị cũ.",
                            "Send a file with every column, or load it as upsert: rows keep their "
                            "values."});
        m_draft.results.push_back(std::move(result));
    }
    if (!told.empty()) return {};
    json::object result =
        refusal("snapshot:missing",
                {"Đã xác nhận làm trống cột, nhưng tệp này không làm trống cột nào.",
                 "Columns were confirmed to be emptied, but this file empties none."},
                "", contract::Dimension::kComplete);
    refuse_for(result, {"Gửi lại mà không xác nhận.", "Send it again without that word."});
    m_draft.results.push_back(std::move(result));
    return {};
}

}  // namespace nguon::intake
