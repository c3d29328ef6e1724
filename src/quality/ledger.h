// The score of a dataset over time, from nothing but what its receipts say:
// docs/concepts/quality.md has the formula. The same batches in the same order give the same
// numbers, whenever asked.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/json.h"
#include "base/time.h"
#include "contract/contract.h"

namespace nguon::quality {

// Rows with a fault: by dimension, and in any. A row that only breaks warnings counts half.
struct Faults {
    std::array<double, 4> by{};  // by contract::Dimension
    double any = 0;

    Faults& operator+=(const Faults& other);
    Faults& operator-=(const Faults& other);
    Faults& operator*=(double factor);
};

// What one accepted batch did to the score.
struct BatchFacts {
    std::string id, corrects;
    Micros at = 0;
    contract::Mode mode = contract::Mode::kUpsert;
    std::int64_t read = 0, rejected = 0;
    // Rows of `corrects` that it sent again; absent: all that it read.
    std::optional<std::int64_t> sent_again;
    std::int64_t inserted = 0, updated = 0, deleted = 0, unchanged = 0;
    std::int64_t last_seq = 0;           // of its last change; 0 when it changed nothing
    Faults aside;                        // of the rows set aside
    Faults entered;                      // of those that entered with warnings
    bool judged = false;                 // false: no rule was, as in a deletion
    std::optional<bool> has_live_rules;  // absent where the receipt does not say
    // Of columns that a promise of freshness names: the newest value, not later than `at`.
    std::map<std::string, Micros, std::less<>> newest;
};

// The member "faults" of a receipt, which facts_of() reads.
json::object faults_json(const Faults& aside, const Faults& entered, bool has_live_rules);
// Of an accepted batch's receipt. A receipt without "faults" (none were written once) is read by
// its scores. Errors: corrupt when it is no receipt.
Result<BatchFacts> facts_of(const json::value& receipt);

struct Scores {
    std::optional<double> overall, accurate, complete, clean, live;
    bool operator==(const Scores&) const = default;
};
json::object to_json(const Scores& scores);

// What of a batch still counts.
struct OpenFaults {
    std::string batch;
    double rows_aside = 0;
    Faults aside, entered;
};

// The batches up to a moment, one after the other.
class Ledger {
public:
    // In the order of acceptance. Costs constant time; a correction also looks through the batches
    // that corrected the same one.
    void add(const BatchFacts& facts);

    // `freshness`: 0 to 100, nothing where nothing is promised. Without a batch only that is
    // scored.
    Scores scores(std::optional<double> freshness) const;

    std::vector<OpenFaults> open() const;  // in the order of acceptance
    double rows() const;                   // that stand or are set aside
    std::int64_t standing() const { return m_standing; }
    Micros last_at() const { return m_last_at; }
    const std::map<std::string, Micros, std::less<>>& newest() const { return m_newest; }

private:
    // Values are divided by the factor of their kind: one multiplication fades all of them.
    struct Entry {
        std::string batch;
        double rows_aside = 0;
        Faults aside, entered;
    };
    void fade(double aside, double entered);
    double take_over(const std::string& batch, double rows);
    double take_from(Entry& entry, double rows);

    std::vector<Entry> m_entries;
    std::unordered_map<std::string, std::size_t> m_place;                  // in m_entries
    std::unordered_map<std::string, std::vector<std::string>> m_children;  // by corrected batch
    double m_aside_factor = 1, m_entered_factor = 1;
    Faults m_aside, m_entered;  // sums, as they count now
    double m_rows_aside = 0;    // likewise
    std::int64_t m_standing = 0;
    Micros m_last_at = 0;
    std::map<std::string, Micros, std::less<>> m_newest;
    bool m_any = false, m_live_rules = false;
};

// The part of the overall score that lost freshness costs: it is one of four dimensions.
inline constexpr double kFreshnessShare = 0.25;

}  // namespace nguon::quality
