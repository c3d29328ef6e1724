// Rows that a batch set aside and that come back in a mending file, by their `_id`, else `_row`.
// Those that come as they were stay what they were until somebody mends them: a damaged record has
// no columns to judge, and a repeated key repeats nothing in a file without the first one. Those
// that another batch has mended by now are left out: they would enter twice, or over what was
// written since.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "intake/mended_rows.h"
#include "scan/table.h"
#include "sql/duckdb.h"
#include "store/store.h"

namespace nguon::intake {

// Threads: after of(), all members concurrently; those below scan_done() once the scan is done.
class SentAgain {
public:
    // What `batch` set aside, and what of it was mended since. Errors: as of Duck.
    static Result<std::shared_ptr<SentAgain>> of(store::Store& store,
                                                 const store::BatchInfo& batch);
    // The input with such rows marked: as damaged with the text they had, or as a repeated key.
    static std::unique_ptr<scan::RecordInput> wrap(std::shared_ptr<SentAgain> again,
                                                   std::unique_ptr<scan::RecordInput> input,
                                                   const scan::Plan& plan);

    // Why a damaged record was set aside then; null for one that was not.
    const Text* reason_of(std::string_view record) const;
    // Whether this record of the file is a repeated key that nobody mended.
    bool is_repeat(std::string_view record) const;

    // No block is of the file itself any more.
    void scan_done() { m_scans = false; }
    // The row that was set aside of the record at this place (scan::Table::place_of); null: none.
    const RowAside* origin_of(std::int64_t place) const;
    // Records of the file that had a row and were not left out; those left out.
    std::int64_t known() const;
    std::int64_t left_out() const { return m_left_out; }
    // The rows of the file whose every record enters, when those at `rejected` places do not.
    std::vector<std::int64_t> entering(const std::vector<std::int64_t>& rejected) const;
    // Rows that nobody mended and that are not in the file, as the batch numbers them.
    std::vector<std::int64_t> not_returned() const;
    // Rows that were mended before this file came, as the batch numbers them.
    std::vector<std::int64_t> mended_before() const;
    // Names of the rows that nobody mended yet, by the number that they have in the batch.
    std::map<std::int64_t, RowAside> open_rows() const;
    // What a row of the batch goes by.
    const RowAside& name_of(std::int64_t row) const;

private:
    class Input;
    struct Aside {
        std::int64_t row = 0;  // in the batch
        RowAside name;
        bool mended = false;
    };
    static constexpr std::int32_t kNone = -1;
    Result<void> read_rows(sql::Duck& duck, const std::filesystem::path& file,
                           const store::BatchInfo& batch);
    std::int32_t find(std::int64_t row) const;  // its place in m_rows, or kNone
    std::int32_t find_id(std::string_view id) const;
    void keep_origins(std::uint64_t block, std::vector<std::int32_t> origins);
    struct Damaged {
        std::string record;
        unsigned flag = 0;
        Text reason;
    };
    void keep_reason(std::string_view record, const Text& reason);  // `reason` must last
    void keep_repeat(std::string_view record);

    std::unordered_map<std::int64_t, Damaged> m_damaged;       // by row
    std::unordered_map<std::int64_t, std::string> m_repeated;  // by row: {"column": text}
    std::vector<Aside> m_rows;                                 // each once, by number
    std::unordered_map<std::string, std::int32_t> m_by_id;
    std::optional<MendedRows> m_mended;
    std::atomic<bool> m_scans = true;
    std::atomic<std::int64_t> m_left_out = 0;
    mutable std::mutex m_mutex;
    std::vector<std::vector<std::int32_t>> m_origins;  // by block and record: places in m_rows
    // Of those that came back, by the hash of the record: a file may have millions.
    std::unordered_map<std::size_t, const Text*> m_reasons;
    std::unordered_set<std::size_t> m_repeats;
};

}  // namespace nguon::intake
