// What a load finds wrong, row by row: counts, examples, and the rows set aside.
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "quality/rules.h"
#include "quality/score.h"
#include "scan/table.h"
#include "sql/duckdb.h"

namespace nguon::intake {

// Bits of the rules that a row breaks, scan::kBitsPerMask to a word.
using Masks = std::vector<std::int64_t>;

// Rows kept aside in a file under tmp/, however many there are.
// Threads: add() concurrently; reading after the last add().
class RowSpool {
public:
    RowSpool(std::filesystem::path file, std::size_t masks)
        : m_file(std::move(file)), m_masks(masks) {}
    ~RowSpool();
    Result<void> add(std::int64_t row, const Masks& masks, std::string_view record);
    std::int64_t size() const { return m_size; }

    struct Entry {
        std::int64_t row = 0;
        Masks masks;
        std::string record;
    };
    // Reads from the start, in the order of add().
    class Reader {
    public:
        explicit Reader(RowSpool& spool);
        bool next(Entry& entry);

    private:
        std::size_t m_masks;
        std::string m_memory;
        std::ifstream m_stream;
        std::size_t m_at = 0;
        bool read(void* to, std::size_t bytes);
    };

private:
    friend class Reader;
    Result<void> spill();
    std::filesystem::path m_file;
    std::size_t m_masks;
    std::mutex m_mutex;
    std::string m_buffer;  // not yet in the file
    bool m_spilled = false;
    std::int64_t m_size = 0;
};

// Threads: the condition concurrently; the rest after the pass.
class Judge {
public:
    Judge(const quality::RuleSet& rules, std::filesystem::path folder, std::string_view batch);

    // A row found after the pass to break a rule of severity error, or, a suspect, to break none.
    // `warnings`: the bits that the suspect had.
    Result<void> reject_for(std::size_t rule, std::int64_t row, std::string_view record,
                            Masks warnings = {});
    void admit(std::int64_t row, std::string_view record, const Masks& warnings);

    // The WHERE condition of the pass, over a scan::Table joined to the rules' references: true for
    // rows that enter. The others are counted and spooled while it runs.
    std::string condition() const;
    Result<void> register_on(sql::Duck& duck);

    RowSpool& rejects() { return m_rejects; }
    RowSpool& suspects() { return m_suspects; }
    std::int64_t rejected() const { return m_rejects.size(); }

    // Results of every row rule, with examples that `table` takes from the records.
    std::vector<quality::RuleResult> results(const scan::Table& table,
                                             const contract::Dataset& dataset) const;
    json::object scores(std::int64_t read) const;
    // Writes (row, column, rule, value, reason, reason_en, record), sorted by row.
    Result<std::int64_t> write_quarantine(sql::Duck& duck, const scan::Table& table,
                                          const contract::Dataset& dataset,
                                          const std::filesystem::path& file);

private:
    struct Tally {
        std::int64_t failed = 0;
        std::vector<std::pair<std::int64_t, std::string>>
            examples;  // the first rows and their records
    };
    // A chunk of (_row, _flags, one boolean for each rule of m_in_pass, _record).
    Result<void> judge(const sql::ChunkReader& rows, std::span<bool> enters);
    Result<void> judge_row(std::int64_t row, const Masks& failed, unsigned flags,
                           std::string_view record, bool& enters);
    Masks errors_of(Masks masks) const;
    void count(std::int64_t row, const Masks& failed, std::string_view record);

    const quality::RuleSet& m_rules;
    std::size_t m_masks;
    std::vector<std::size_t> m_in_pass;  // places of the rules judged in the pass
    Masks m_errors;                      // the bits of rules of severity error
    RowSpool m_rejects, m_suspects;
    std::mutex m_mutex;
    std::vector<Tally> m_tallies;
    quality::DimensionCounts m_dimensions;
    double m_failed_any = 0;
};

// The value of the rule's column in a record; the record itself when the rule names none.
std::string value_of(const quality::RowRule& rule, const contract::Dataset& dataset,
                     const std::vector<std::string>& fields, std::string_view record);

}  // namespace nguon::intake
