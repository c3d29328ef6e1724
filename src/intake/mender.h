// Applies a recipe's steps to the cells of an input before they are judged, and keeps what each
// was.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "contract/contract.h"
#include "intake/personal.h"
#include "intake/recipe.h"
#include "intake/row_spool.h"
#include "scan/table.h"

namespace nguon::intake {

// Codes that became exactly one other: former -> present.
using Successors = std::unordered_map<std::string, std::string>;

// One step over one column, ready to run. Threads: const, from anywhere.
class CellStep {
public:
    CellStep(const Step& step, const contract::Column& column, Successors successors);
    // The mended text; nothing when the step does not concern it.
    std::optional<std::string> apply(std::string_view text) const;
    const Step& step() const { return m_step; }

private:
    Step m_step;
    std::string m_date_format;
    std::unordered_map<std::string, std::string> m_values;  // labels or successors
    Personal m_pads{};                                      // the numbers that zeros were lost of
    bool m_is_moment = false, m_zone_required = false;
    bool m_separators_known = false;  // the contract names the column's
    bool m_by_shape = false;          // m_values is looked up in snake case
};

// Threads: mend() concurrently on different blocks.
class Mender final : public scan::CellMender {
public:
    // `originals` (null: nothing is kept) gets one entry for each mended cell and each row left
    // out: mask 0 is the column's place, or -1 of a row; the record is "steps\0original\0value".
    Mender(const contract::Dataset& dataset, const std::vector<Step>& steps,
           std::vector<Successors> successors, RowSpool* originals);

    void mend(scan::Block& block, std::span<const std::ptrdiff_t> field_of) override;
    Result<void> failure();  // of writing the originals
    std::int64_t cells() const { return m_cells; }
    std::int64_t dropped() const { return m_dropped; }

private:
    void mend_column(scan::Block& block, std::size_t record, std::size_t column,
                     std::string_view& cell);
    void keep(std::int64_t row, std::int64_t column, std::string_view steps,
              std::string_view original, std::string_view value);

    const contract::Dataset& m_dataset;
    std::vector<std::vector<CellStep>> m_steps;  // by column
    bool m_drops_totals = false;
    RowSpool* m_originals;
    std::atomic<std::int64_t> m_cells = 0, m_dropped = 0;
    std::mutex m_lock;
    Result<void> m_failure = {};
};

}  // namespace nguon::intake
