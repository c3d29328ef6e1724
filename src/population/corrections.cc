#include "population/corrections.h"

#include <algorithm>
#include <array>
#include <utility>

namespace nguon::population {
namespace {

constexpr std::array<FaultKind, 5> kFaultsOfCorrections = {
    FaultKind::kWrongCode, FaultKind::kImpossibleDate, FaultKind::kBadSex, FaultKind::kMissingName,
    FaultKind::kFutureBirth};

}  // namespace

CorrectionCounts planned_corrections(std::uint64_t rows) {
    CorrectionCounts counts;
    counts.rows = rows / 100;
    counts.renamed = counts.rows * 20 / 100;
    counts.repaired = counts.rows * 10 / 100;  // with `toned`, as the sample has it
    counts.newborn = counts.rows * 10 / 100;
    counts.identical = counts.rows * 5 / 100;
    counts.faulty = counts.rows >= 50 ? kFaultsOfCorrections.size() : 0;
    counts.moved = counts.rows - counts.renamed - counts.repaired - counts.newborn -
                   counts.identical - counts.faulty;
    return counts;
}

Corrections::Corrections(std::uint64_t rows, std::uint64_t seed)
    : m_plan(planned_corrections(rows)),
      m_right(m_plan.rows, seed, 11),
      m_faulty(m_plan.repaired, seed, 12),
      m_random(seed, 13) {}

Row Corrections::moved(const Row& row, const Places& places, Inhabitants& inhabitants) {
    Row result = row;
    const Ward* ward = &places.pick(m_random);
    while (ward->code == row[Column::kWardCode])
        ward = &places.pick(m_random);
    result[Column::kWardCode] = ward->code;
    result[Column::kAddress] = make_address(*ward, m_random);
    result[Column::kHouseholdId] = inhabitants.new_household_id();
    result[Column::kRelationToHead] = "head";
    if (m_random.percent(50)) result[Column::kPhone] = make_phone(m_random);
    return result;
}

std::vector<Corrections::Made> Corrections::make(const Places& places, Inhabitants& inhabitants) {
    std::vector<Made> rows;
    m_made = {};
    while (!m_faulty.empty()) {
        Faulty faulty = m_faulty.take();
        (faulty.kind == FaultKind::kMissingTones ? m_made.toned : m_made.repaired) += 1;
        rows.push_back({std::move(faulty.right), std::nullopt});
    }
    const auto each_right = [&](std::uint64_t count, std::uint64_t& made, auto&& change) {
        for (; made < count && !m_right.empty(); ++made)
            rows.push_back(change(m_right.take()));
    };
    FaultPlanter planter(places, inhabitants);
    each_right(m_plan.faulty, m_made.faulty, [&](Row row) {
        Row result = moved(row, places, inhabitants);
        auto planted = planter.plant(kFaultsOfCorrections[m_made.faulty], result, m_random);
        return Made{std::move(result), std::move(planted)};
    });
    each_right(m_plan.renamed, m_made.renamed, [&](Row row) {
        row[Column::kFullName] = inhabitants.other_name(row, m_random);
        return Made{std::move(row), std::nullopt};
    });
    each_right(m_plan.newborn, m_made.newborn, [&](const Row& row) {
        return Made{inhabitants.newborn(row, m_random), std::nullopt};
    });
    each_right(m_plan.identical, m_made.identical,
               [](Row row) { return Made{std::move(row), std::nullopt}; });
    const std::uint64_t rest = m_plan.rows - std::min<std::uint64_t>(m_plan.rows, rows.size());
    each_right(rest, m_made.moved,
               [&](const Row& row) { return Made{moved(row, places, inhabitants), std::nullopt}; });
    for (std::size_t i = rows.size(); i > 1; --i) {
        std::swap(rows[i - 1], rows[m_random.below(static_cast<std::uint32_t>(i))]);
    }
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (rows[i].planted) rows[i].planted->row = i + 1;
    }
    m_made.rows = rows.size();
    return rows;
}

}  // namespace nguon::population
