// The codes of provinces, communes and wards that the country uses, and those it used until 30 June
// 2025. They are part of the program, so that a file is understood without a node: the lists are
// those of the pack administrative-units, taken in at build (cmake/code_lists.cmake).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/text.h"

namespace nguon::intake {

enum class CodeList { kProvince, kWard, kFormerProvince, kFormerDistrict, kFormerWard };
inline constexpr std::size_t kCodeLists = 5;

struct CodeListInfo {
    std::string_view kind;    // "ward"
    std::string_view target;  // "administrative.ward.code"
    std::size_t length = 0;   // digits of each code
    Text name;
};
const CodeListInfo& info_of(CodeList list);

// Threads: from anywhere. Errors: none; what is no code is not known.
bool is_known(CodeList list, std::string_view code);

// Counts, over the values of a column, those that stand in each list.
class CodeVotes {
public:
    void see(std::string_view text);
    struct Guess {
        CodeList list{};
        double share = 0;     // of the values
        bool padded = false;  // once zeros lost at the front are put back
    };
    // `column` in snake case; `distinct`: how many values there are.
    std::optional<Guess> guess(std::string_view column, std::int64_t distinct) const;

private:
    std::int64_t m_values = 0, m_shorter = 0;
    std::array<std::int64_t, kCodeLists> m_found{}, m_padded{};
    bool m_digits = true;
};

}  // namespace nguon::intake
