#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "population/faults.h"
#include "population/people.h"
#include "population/places.h"
#include "population/random.h"
#include "population/row.h"
#include "population/sample.h"

namespace nguon::population {

// How many rows of the second file do what. Loaded in mode upsert after the first file,
// `moved + renamed + toned` are updates, `newborn + repaired` are inserts.
struct CorrectionCounts {
    std::uint64_t rows = 0;
    std::uint64_t moved = 0;      // another ward, address and household; half with another phone
    std::uint64_t renamed = 0;    // a corrected full name
    std::uint64_t toned = 0;      // a name that had lost its tones
    std::uint64_t repaired = 0;   // the right form of a row that was rejected
    std::uint64_t newborn = 0;    // a new number
    std::uint64_t identical = 0;  // nothing changed
    std::uint64_t faulty = 0;     // planted in rows that would else be `moved`
};

// A hundredth of the rows of the first file, about half of them people who moved.
CorrectionCounts planned_corrections(std::uint64_t rows);

// Collects its subjects while the first file is written, then makes the second.
// Memory: the rows of the second file. No key appears in it twice.
class Corrections {
public:
    Corrections(std::uint64_t rows, std::uint64_t seed);

    void offer_right(const Row& row) { m_right.offer(row); }
    // `right` is the row as it should have been.
    void offer_faulty(FaultKind kind, const Row& right) { m_faulty.offer({kind, right}); }

    struct Made {
        Row row;
        std::optional<Planted> planted;
    };
    // In random order. Fewer rows than planned when there were too few subjects.
    std::vector<Made> make(const Places& places, Inhabitants& inhabitants);

    // What make() made.
    const CorrectionCounts& made() const { return m_made; }

private:
    struct Faulty {
        FaultKind kind;
        Row right;
    };
    Row moved(const Row& row, const Places& places, Inhabitants& inhabitants);

    CorrectionCounts m_plan;
    CorrectionCounts m_made;
    Sample<Row> m_right;
    Sample<Faulty> m_faulty;
    Random m_random;
};

}  // namespace nguon::population
