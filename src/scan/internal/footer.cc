#include "scan/internal/footer.h"

#include <algorithm>
#include <array>
#include <string>

#include "base/ascii.h"
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

// In snake case: what stands before the colon of a note, and what a signer's cell says as a whole.
constexpr std::array<std::string_view, 10> kNotes{
    "bang_chu",      "so_tien_bang_chu", "viet_bang_chu", "tong_so_tien_bang_chu",
    "noi_nhan",      "ghi_chu",          "luu_y",         "nguon",
    "nguon_so_lieu", "chu_thich"};
constexpr std::array<std::string_view, 11> kSigning{
    "nguoi_lap",        "nguoi_lap_bieu",    "nguoi_lap_bang", "nguoi_lap_bao_cao",
    "nguoi_tong_hop",   "thu_truong_don_vi", "ky_ten",         "ky_ten_dong_dau",
    "ky_ghi_ro_ho_ten", "nguoi_kiem_tra",    "nguoi_bao_cao"};

bool names_signer(std::string_view cell) {
    constexpr std::size_t kLongest = 120;
    if (cell.size() > kLongest) return false;
    const std::string words = snake_case(cell);
    return std::ranges::any_of(kSigners, [&](std::string_view start) {
        if (!words.starts_with(start)) return false;
        return words.size() == start.size() || start.ends_with('_') || words[start.size()] == '_';
    });
}

// "- Như trên;" is words, too.
bool is_words(std::string_view cell) {
    while (cell.size() > 1 && (cell.back() == ';' || cell.back() == ',' || cell.back() == '.'))
        cell.remove_suffix(1);
    const CellKind kind = kind_of(cell);
    return kind == CellKind::kText || kind == CellKind::kWord || cell.starts_with('(');
}

// A record whose delimiters are others, or are quoted with it: as many values side by side as there
// are columns, or a date among fewer. A blank after each of them is of a sentence, save that values
// follow.
bool is_record_within(std::string_view text, const Dialect& dialect) {
    for (const char delimiter : {',', ';', '\t', '|'}) {
        std::size_t parts = 0;
        bool spaced = false, date = false, value = false;
        for (std::string_view rest = text;;) {
            const std::size_t end = std::min(rest.find(delimiter), rest.size());
            const std::string_view part = rest.substr(0, end);
            const CellKind kind = kind_of(part);
            spaced = spaced || part.starts_with(' ');
            date = date || kind == CellKind::kTime;
            value = value || (parts > 0 && (kind == CellKind::kTime || kind == CellKind::kNumber));
            ++parts;
            if (end == rest.size()) break;
            rest.remove_prefix(end + 1);
        }
        if (parts < 2) continue;
        if (parts == dialect.columns ? !spaced || value : !spaced && date) return true;
    }
    return false;
}

// Words with a number, without what marks a note: the first field of a record that was cut.
bool may_be_cut(std::string_view text) {
    return std::ranges::any_of(text, is_digit) && text.find(':') == std::string_view::npos &&
           text.front() != '*' && text.front() != '(';
}

}  // namespace

bool begins_notes(const std::vector<std::string_view>& fields) {
    constexpr std::size_t kLongest = 400;
    std::string_view only;
    for (const std::string_view field : fields) {
        const std::string_view cell = trim(field);
        if (cell.empty()) continue;
        if (!only.empty()) return false;
        only = cell;
    }
    if (only.size() < 6 || only.size() > kLongest || kind_of(only) == CellKind::kNumber)
        return false;
    const std::size_t colon = only.find(':');
    const std::string words = snake_case(only.substr(0, std::min(colon, only.size())));
    const auto is_one_of = [&](const auto& list) {
        return std::ranges::find(list, words) != std::end(list);
    };
    if (is_one_of(kSigning)) return true;
    if (colon != std::string_view::npos && is_one_of(kNotes)) return true;
    // "Đà Nẵng, ngày … tháng … năm 2026"
    const std::size_t day = words.find("ngay_"), month = words.find("_thang_");
    const std::size_t year = words.find("_nam_");
    return day != words.npos && month != words.npos && year != words.npos && day < month &&
           month < year;
}

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
    if (filled != 1 || is_record_within(first, dialect)) return false;
    const CellKind kind = kind_of(first);
    const bool marked = first.starts_with('*') || first.ends_with(':');
    const bool words = kind == CellKind::kText || marked;
    if (fields.size() > 1) return after_gap && words && dialect.filled_columns > 2;
    const bool value =
        kind == CellKind::kNumber || kind == CellKind::kTime || kind == CellKind::kCode;
    if (after_gap) return !value || marked;
    return whole_line && words && dialect.columns > 2 && !may_be_cut(first);
}

}  // namespace nguon::scan
