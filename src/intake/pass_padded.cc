// The part of a pass that lets no guessed key or unique value take the place of one that stands in
// the file.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "intake/internal/pass.h"
#include "intake/internal/pass_sql.h"

namespace nguon::intake {
namespace {

using sql::quote_identifier;

const Text kYields{
    "Số 0 ở đầu khóa là do đoán mà thêm, trong khi tệp đã có dòng mang đúng khóa đó",
    "Zeros were put before the key by a guess, and the file has a row with that key itself"};

const Text kValueYields{
    "Số 0 ở đầu ô này là do đoán mà thêm, trong khi một dòng khác đã có đúng giá trị đó",
    "Zeros were put before this value by a guess, and another row has that value itself"};

constexpr std::size_t kRowsOfInsert = 1'000;

// Whether zeros were among what mended the cell of this entry of the originals.
bool was_padded(const RowSpool::Entry& entry) {
    const std::vector<std::string> steps =
        split(std::string_view(entry.record).substr(0, entry.record.find('\0')), ',');
    return std::ranges::find(steps, name_of(FixKind::kPad)) != steps.end();
}

}  // namespace

// A SELECT of the places (_row) of rows in whose cell of this column zeros were put.
Result<std::string> Pass::padded_in(std::string_view column) {
    const bool pads = std::ranges::any_of(m_recipe, [&](const Step& step) {
        return step.kind == FixKind::kPad && step.column == column;
    });
    if (!pads) return "SELECT 0::BIGINT AS _row WHERE false";
    const std::string table = quote_identifier(fmt::format("_padded_{}", column));
    TRY(m_duck->execute(fmt::format("CREATE OR REPLACE TEMP TABLE {}(_row BIGINT)", table)));
    RowSpool::Reader reader(*m_originals);
    RowSpool::Entry entry;
    std::vector<std::string> rows;
    const auto insert = [&]() -> Result<void> {
        if (rows.empty()) return {};
        return m_duck->execute(fmt::format("INSERT INTO {} VALUES {}", table,
                                           fmt::join(std::exchange(rows, {}), ",")));
    };
    for (;;) {
        TRY_ASSIGN(const bool more, reader.next(entry));
        if (!more) break;
        const std::int64_t at = entry.masks[0];
        if (at < 0 || m_dataset.columns[static_cast<std::size_t>(at)].name != column) continue;
        if (!was_padded(entry)) continue;
        rows.push_back(fmt::format("({})", entry.row));
        if (rows.size() == kRowsOfInsert) TRY(insert());
    }
    TRY(insert());
    return fmt::format("SELECT _row FROM {}", table);
}

// Of rows that repeat a unique value, those whose own was guessed.
Result<void> Pass::tell_of_yielding(const std::string& failing, const std::string& guessed) {
    TRY_ASSIGN(
        sql::DuckResult rows,
        m_duck->query(fmt::format("SELECT _row FROM ({}) WHERE _row IN ({})", failing, guessed)));
    for (;;) {
        TRY_ASSIGN(const std::size_t count, rows.next());
        if (count == 0) return {};
        for (std::size_t i = 0; i < count; ++i) {
            m_judge->tell_of_repeat(rows.integer(0, i), kValueYields);
            m_yielding.insert(rows.integer(0, i));
        }
    }
}

bool Pass::pads_key() const {
    return std::ranges::any_of(m_recipe, [&](const Step& step) {
        const contract::Column* column = m_dataset.column(step.column);
        return step.kind == FixKind::kPad && column != nullptr && column->key_position > 0;
    });
}

// Takes padded rows out of the stage whose key a row among the suspects (by place in the spool:
// `rows`) has as it was written: that one enters in its stead. Notes m_padded.
Result<void> Pass::yield_padded(const std::vector<std::int64_t>& rows) {
    RowSpool::Reader reader(*m_originals);
    RowSpool::Entry entry;
    for (;;) {
        TRY_ASSIGN(const bool more, reader.next(entry));
        if (!more) break;
        const std::int64_t column = entry.masks[0];
        if (column < 0 || m_dataset.columns[static_cast<std::size_t>(column)].key_position == 0)
            continue;
        if (was_padded(entry)) m_padded.insert(entry.row);
    }
    if (m_padded.empty()) return {};
    TRY(m_duck->execute("CREATE TEMP TABLE _yielding(_row BIGINT)"));
    TRY_ASSIGN(
        sql::DuckResult meetings,
        m_duck->query(fmt::format(
            "SELECT _s._place, _e._row, _e._record FROM (SELECT {0}, row_number() OVER (ORDER BY "
            "_row) - 1 AS _place FROM _suspect_keys) _s JOIN {1} _e USING ({0})",
            key_columns(""), parquet(m_stage))));
    std::unordered_set<std::int64_t> yielding;
    for (;;) {
        TRY_ASSIGN(const std::size_t count, meetings.next());
        if (count == 0) break;
        for (std::size_t i = 0; i < count; ++i) {
            const std::int64_t suspect = rows[static_cast<std::size_t>(meetings.integer(0, i))];
            const std::int64_t staged = meetings.integer(1, i);
            if (m_padded.contains(suspect)) {
                m_judge->tell_of_repeat(suspect, kYields);
                m_yielding.insert(suspect);
            }
            if (!m_padded.contains(staged) || m_padded.contains(suspect)) continue;
            if (!yielding.insert(staged).second) continue;
            m_judge->tell_of_repeat(staged, kYields);
            m_yielding.insert(staged);
            ++m_unequal_repeats;
            TRY(m_judge->reject_for(rule_of(quality::RuleKind::kKey), staged, meetings.text(2, i)));
            TRY(m_duck->execute(fmt::format("INSERT INTO _yielding VALUES ({})", staged)));
        }
    }
    if (yielding.empty()) return {};
    m_counts_more = true;
    const std::filesystem::path narrower = temporary(".parquet");
    TRY_ASSIGN(m_staged,
               m_duck->query_integer(fmt::format(
                   "COPY (SELECT * FROM {} ANTI JOIN _yielding USING (_row)) TO {} {}",
                   parquet(m_stage), sql::quote_literal(narrower.string()), copy_options())));
    replace_stage(narrower);
    return {};
}

}  // namespace nguon::intake
