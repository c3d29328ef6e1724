#include "intake/known_codes.h"

#include <algorithm>
#include <bitset>
#include <charconv>

namespace nguon::intake {
namespace {

constexpr std::size_t kMostCodes = 100'000;  // of five digits

// One bit for each code of a list: 12.5 KB for five digits.
using Codes = std::bitset<kMostCodes>;

// Codes one after the other, without anything between: "000040000800016…".
#include "intake/code_lists.inc"

std::optional<std::size_t> number_of(std::string_view digits) {
    std::size_t value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
    return value;
}

const Codes& codes_of(CodeList list) {
    static const std::array<Codes, kCodeLists> kAll = [] {
        constexpr std::array<std::string_view, kCodeLists> kTexts = {
            kProvinceCodes, kWardCodes, kFormerProvinceCodes, kFormerDistrictCodes,
            kFormerWardCodes};
        std::array<Codes, kCodeLists> all;
        for (std::size_t i = 0; i < kCodeLists; ++i) {
            const std::size_t length = info_of(static_cast<CodeList>(i)).length;
            for (std::size_t at = 0; at + length <= kTexts[i].size(); at += length)
                all[i].set(number_of(kTexts[i].substr(at, length)).value_or(0));
        }
        return all;
    }();
    return kAll[static_cast<std::size_t>(list)];
}

bool mentions(std::string_view column, std::initializer_list<std::string_view> words) {
    return std::ranges::any_of(
        words, [&](std::string_view word) { return column.find(word) != std::string_view::npos; });
}

}  // namespace

const CodeListInfo& info_of(CodeList list) {
    static const std::array<CodeListInfo, kCodeLists> kInfos = {
        CodeListInfo{"province", "administrative.province.code", 2, {"mã tỉnh", "province codes"}},
        CodeListInfo{"ward", "administrative.ward.code", 5, {"mã xã, phường", "commune codes"}},
        CodeListInfo{"former_province",
                     "administrative.former_province.code",
                     2,
                     {"mã tỉnh trước 01/7/2025", "province codes until 30 June 2025"}},
        CodeListInfo{"former_district",
                     "administrative.former_district.code",
                     3,
                     {"mã huyện trước 01/7/2025", "district codes until 30 June 2025"}},
        CodeListInfo{"former_ward",
                     "administrative.former_ward.code",
                     5,
                     {"mã xã, phường trước 01/7/2025", "commune codes until 30 June 2025"}}};
    return kInfos[static_cast<std::size_t>(list)];
}

bool is_known(CodeList list, std::string_view code) {
    if (code.size() != info_of(list).length) return false;
    const auto number = number_of(code);
    return number && codes_of(list).test(*number);
}

void CodeVotes::see(std::string_view text) {
    constexpr std::size_t kLongest = 5;
    if (text.empty() || !m_digits) return;
    ++m_values;
    const auto number = text.size() > kLongest ? std::nullopt : number_of(text);
    if (!number) {
        m_digits = false;  // one name among the codes, and it is no column of codes
        return;
    }
    for (std::size_t i = 0; i < kCodeLists; ++i) {
        const CodeList list = static_cast<CodeList>(i);
        const std::size_t length = info_of(list).length;
        if (text.size() > length || !codes_of(list).test(*number)) continue;
        ++(text.size() == length ? m_found : m_padded)[i];
    }
}

std::optional<CodeVotes::Guess> CodeVotes::guess(std::string_view column,
                                                 std::int64_t distinct) const {
    constexpr double kMost = 0.9;
    constexpr std::int64_t kEnough = 3;
    if (!m_digits || m_values == 0) return std::nullopt;
    const bool says_province = mentions(column, {"tinh", "province", "thanh_pho"});
    const bool says_district = mentions(column, {"huyen", "quan", "district"});
    const bool says_ward = mentions(column, {"xa", "phuong", "ward", "commune", "dvhc"});
    std::optional<Guess> best;
    // The present lists come first: of equal shares they win.
    for (std::size_t i = 0; i < kCodeLists; ++i) {
        const CodeList list = static_cast<CodeList>(i);
        const bool says = list == CodeList::kProvince || list == CodeList::kFormerProvince
                              ? says_province
                          : list == CodeList::kFormerDistrict ? says_district
                                                              : says_ward;
        // Chance puts two numbers of two or three digits in three into a list, and one of five
        // digits in ten: the short ones need a name that says it.
        const bool is_long = info_of(list).length == 5;
        if (!says && (!is_long || distinct < kEnough)) continue;
        const bool padded = m_padded[i] > 0;
        if (padded && !says) continue;  // plain small numbers are no codes
        const double share =
            static_cast<double>(m_found[i] + m_padded[i]) / static_cast<double>(m_values);
        if (share < kMost && !(says && is_long && share >= 0.5)) continue;
        if (!best || share > best->share) best = Guess{list, share, padded};
    }
    return best;
}

}  // namespace nguon::intake
