// What a load finds wrong, row by row: counts, examples, and the rows set aside.
#pragma once

#include <cstdint>
#include <filesystem>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "intake/row_spool.h"
#include "quality/ledger.h"
#include "quality/rules.h"
#include "quality/score.h"
#include "scan/table.h"
#include "sql/duckdb.h"

namespace nguon::intake {

class RecordCells;
class SentAgain;
struct RowAside;

// Threads: the condition concurrently; the rest after the pass.
class Judge {
public:
    // The rows set aside are kept in files of `folder` on `disk`.
    Judge(const quality::RuleSet& rules, Disk& disk, const std::filesystem::path& folder,
          std::string_view batch);

    // A mending file: damaged records in it are told as they were told then. May be null.
    void sent_again(const SentAgain* again) { m_again = again; }

    // Rows, by place, that an earlier load of the same file set aside, and what they go by. May be
    // null.
    void set_aside_before(const std::unordered_map<std::int64_t, RowAside>* before) {
        m_aside_before = before;
    }

    // A row found after the pass to break a rule of severity error, or, a suspect, to break none.
    // `warnings`: the bits that the suspect had.
    Result<void> reject_for(std::size_t rule, std::int64_t row, std::string_view record,
                            Masks warnings = {});
    // Why this row repeats a key or a unique value, where that is not what the rule says.
    void tell_of_repeat(std::int64_t row, const Text& reason) { m_told[row] = reason; }
    void admit(std::int64_t row, std::string_view record, const Masks& warnings);

    // The WHERE condition of the pass, over a scan::Table joined to the rules' references: true for
    // rows that enter. The others are counted and spooled while it runs.
    std::string condition() const;
    Result<void> register_on(sql::Duck& duck);
    // What stands behind it: the types of its arguments, (_row, _flags, one boolean for each rule
    // judged in the pass, _record), and what says of each row of a chunk whether it enters.
    std::vector<sql::ColumnType> arguments() const;
    Result<void> judge(const sql::ChunkReader& rows, std::span<bool> enters);

    RowSpool& rejects() { return m_rejects; }
    RowSpool& suspects() { return m_suspects; }
    std::int64_t rejected() const { return m_rejects.size(); }

    bool has_failed(std::string_view column) const;
    bool has_warnings() const { return m_entered.any > 0; }  // of rows that enter
    // Results of every row rule, with examples that `table` takes from the records.
    std::vector<quality::RuleResult> results(const scan::Table& table,
                                             const contract::Dataset& dataset) const;
    json::object scores(std::int64_t read) const;
    json::object faults() const;  // as quality::facts_of() reads them
    // Writes (row, column, rule, value, reason, reason_en, record, fields), sorted by row. fields:
    // the record taken apart by `cells` (of the table's input), {"column": text} for each column of
    // the contract, each as a CSV under it has the value; null when damaged.
    // Of a mending file, and of a file that came before, also (of_batch, of_row): RowAside, null of
    // other rows.
    Result<std::int64_t> write_quarantine(sql::Duck& duck, const scan::Table& table,
                                          RecordCells& cells, const std::filesystem::path& file);

private:
    class QuarantineSource;
    bool names_origins() const;
    const RowAside* origin_of(std::int64_t place) const;
    struct Tally {
        std::int64_t failed = 0;
        std::vector<std::pair<std::int64_t, std::string>>
            examples;  // the first rows and their records
    };
    Result<void> judge_row(std::int64_t row, const Masks& failed, unsigned flags,
                           std::string_view record, bool& enters);
    Masks errors_of(Masks masks) const;
    Text reason(const quality::RowRule& rule, const contract::Dataset& dataset,
                const scan::Table& table, std::int64_t row, std::string_view value) const;
    void count(std::int64_t row, const Masks& failed, std::string_view record);

    const quality::RuleSet& m_rules;
    const SentAgain* m_again = nullptr;
    const std::unordered_map<std::int64_t, RowAside>* m_aside_before = nullptr;
    std::size_t m_masks;
    std::vector<std::size_t> m_in_pass;  // places of the rules judged in the pass
    Masks m_errors;                      // the bits of rules of severity error
    std::unordered_map<std::int64_t, Text> m_told;
    RowSpool m_rejects, m_suspects;
    std::mutex m_mutex;
    std::vector<Tally> m_tallies;
    quality::Faults m_aside, m_entered;  // of rows set aside; of rows with warnings only
};

}  // namespace nguon::intake
