#include "scan/internal/footer.h"

#include <algorithm>
#include <array>
#include <string>

#include "base/text.h"

namespace nguon::scan {
namespace {

constexpr std::size_t kMostSigners = 5;  // side by side

// The words that such cells begin with, in snake case.
constexpr std::array<std::string_view, 27> kSigners{
    "nguoi_lap",    "nguoi_ghi",  "nguoi_kiem", "nguoi_duyet",  "nguoi_bao_cao", "nguoi_tong_hop",
    "nguoi_nhan",   "nguoi_giao", "ky_ten",     "ky_ghi",       "ky_va_ghi",     "ky_dong_dau",
    "thu_truong",   "ke_toan",    "giam_doc",   "pho_giam_doc", "chu_tich",      "pho_chu_tich",
    "truong_phong", "phu_trach",  "thu_quy",    "thu_kho",      "xac_nhan_cua",  "hieu_truong",
    "dai_dien",     "tm_",        "kt_"};

bool names_signer(std::string_view cell) {
    constexpr std::size_t kLongest = 120;
    if (cell.size() > kLongest) return false;
    const std::string words = snake_case(cell);
    return std::ranges::any_of(kSigners, [&](std::string_view start) {
        if (!words.starts_with(start)) return false;
        return words.size() == start.size() || start.ends_with('_') || words[start.size()] == '_';
    });
}

bool is_words(std::string_view cell) {
    const CellKind kind = kind_of(cell);
    return kind == CellKind::kText || kind == CellKind::kWord || cell.starts_with('(');
}

}  // namespace

bool names_signers(const std::vector<std::string_view>& fields) {
    std::size_t filled = 0;
    for (const std::string_view field : fields) {
        const std::string_view cell = trim(field);
        if (cell.empty()) continue;
        if (++filled > kMostSigners || !names_signer(cell)) return false;
    }
    return filled > 1;
}

bool is_row_of_words(const std::vector<std::string_view>& fields) {
    std::size_t filled = 0;
    for (const std::string_view field : fields) {
        const std::string_view cell = trim(field);
        if (cell.empty()) continue;
        if (++filled > kMostSigners || !is_words(cell)) return false;
    }
    return filled > 0;
}

bool is_only_delimiters(std::string_view text, const Dialect& dialect) {
    while (!text.empty()) {
        if (text.starts_with(dialect.delimiter)) {
            text.remove_prefix(dialect.delimiter.size());
        } else if (text.front() == ' ') {
            text.remove_prefix(1);
        } else {
            return false;
        }
    }
    return true;
}

bool is_footer_row(const std::vector<std::string_view>& fields, bool after_gap, bool whole_line,
                   const Dialect& dialect) {
    std::size_t filled = 0;
    std::string_view first;
    for (const std::string_view field : fields) {
        if (trim(field).empty()) continue;
        if (filled++ == 0) first = trim(field);
    }
    if (filled != 1) return false;
    const bool words =
        kind_of(first) == CellKind::kText || first.starts_with('*') || first.ends_with(':');
    if (fields.size() == 1) return after_gap || (whole_line && words && dialect.columns > 2);
    return after_gap && words && dialect.filled_columns > 2;
}

}  // namespace nguon::scan
