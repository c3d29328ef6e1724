// One value inside of a nested column, judged against what its contract says: type, options,
// enumeration, parts. Made once per column; reading is const.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "contract/contract.h"
#include "quality/geometry.h"
#include "quality/json_tree.h"
#include "scan/moment_format.h"
#include "scan/value.h"

namespace re2 {
class RE2;
}

namespace nguon::quality {

scan::Moment moment_kind(contract::LogicalType type);  // kNone for what is no date or time

// Threads: const members run concurrently.
class Part {
public:
    // `column` must outlive this.
    explicit Part(const contract::Column& column);
    ~Part();
    Part(const Part&) = delete;
    Part& operator=(const Part&) = delete;

    // False: it breaks the contract; `fault` says where and why.
    bool check(const Json& value, Fault& fault) const;
    // Compact JSON: declared members in the contract's order, then the others as written.
    void write(std::string& out, const Json& value) const;

private:
    bool check_present(const Json& value, Fault& fault) const;
    bool check_text(const std::string& text, Fault& fault) const;
    bool check_format(const std::string& text, Fault& fault) const;
    bool check_number(const std::string& text, Fault& fault) const;
    bool check_moment(const std::string& text, Fault& fault) const;
    bool check_range(scan::Wide value, double number, Fault& fault) const;
    bool check_object(const Json& value, Fault& fault) const;
    bool check_members(const Json& value, Fault& fault) const;
    bool check_array(const Json& value, Fault& fault) const;
    bool check_map(const Json& value, Fault& fault) const;
    bool check_key(const std::string& key, Fault& fault) const;
    bool check_vector(const Json& value, Fault& fault) const;
    bool is_enumerated(std::string_view text) const;

    // A bound as the engine's number, and as a double where the column is one.
    struct Bound {
        scan::Wide value = 0;
        double number = 0;
        std::string text;
    };
    std::optional<Bound> bound_of(const std::string& text) const;
    // The scaled whole number that stands for a value in comparisons; microseconds, days, digits.
    bool to_wide(std::string_view text, scan::Wide& value) const;

    const contract::Column& m_column;  // of the owner of the root
    std::unique_ptr<re2::RE2> m_pattern, m_format;
    scan::MomentFormat m_moment;
    std::optional<Bound> m_low, m_high, m_above, m_below, m_low_format, m_high_format;
    std::optional<scan::Wide> m_multiple;        // scaled by 10^9
    std::vector<std::unique_ptr<Part>> m_parts;  // properties; or the item; or key and value
};

}  // namespace nguon::quality
