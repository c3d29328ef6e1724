#include "intake/column_title.h"

#include <algorithm>
#include <string>

#include "base/text.h"

namespace nguon::intake {
namespace {

// In snake case. Titles that may count things ("Số thẻ cấp mới", "Số tài khoản mở") are no codes
// unless they are nothing else.
constexpr std::string_view kOrders[] = {"stt", "tt",    "so_tt", "so_thu_tu", "thu_tu",
                                        "no",  "order", "row",   "row_no",    "row_number"};
constexpr std::string_view kPeriods[] = {"thang",  "nam",   "quy",    "ky",   "tuan",
                                         "ngay",   "month", "year",   "week", "date",
                                         "period", "day",   "quarter"};
constexpr std::string_view kCodeWords[] = {"id",   "code", "uuid", "guid", "cccd",
                                           "cmnd", "mst",  "sdt",  "stk",  "identifier"};
constexpr std::string_view kCodes[] = {
    "so_the",     "so_the_bhyt",   "so_tai_khoan", "so_bhxh",      "so_bhyt",
    "bien_so",    "bien_so_xe",    "phone",        "phone_number", "account_number",
    "dinh_danh",  "passport",      "so_ho_chieu",  "ho_chieu",     "so_ky_hieu",
    "dien_thoai", "can_cuoc",      "so_seri",      "so_serial",    "so_can_cuoc",
    "tax_number", "serial_number", "telephone",    "mobile",       "passport_number"};
constexpr std::string_view kCodeStarts[] = {"so_hieu", "ky_hieu", "so_dinh_danh", "so_dien_thoai",
                                            "so_can_cuoc_cong_dan"};

bool is_one_of(std::string_view word, const auto& list) {
    return std::ranges::find(list, word) != std::end(list);
}

bool starts_with_words(std::string_view title, std::string_view start) {
    return title.starts_with(start) && (title.size() == start.size() || title[start.size()] == '_');
}

bool is_code(std::string_view title) {
    const bool is_power = starts_with_words(title, "ma_luc");  // horsepower
    if (starts_with_words(title, "ma") && !is_power) return true;
    const auto starts = [&](std::string_view start) { return starts_with_words(title, start); };
    if (is_one_of(title, kCodes) || std::ranges::any_of(kCodeStarts, starts)) return true;
    for (std::string_view rest = title; !rest.empty();) {
        const std::size_t end = std::min(rest.find('_'), rest.size());
        if (is_one_of(rest.substr(0, end), kCodeWords)) return true;
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return false;
}

}  // namespace

TitleKind title_kind(std::string_view header) {
    const std::string title = snake_case(header);
    if (is_one_of(title, kOrders)) return TitleKind::kOrder;
    if (is_code(title)) return TitleKind::kCode;
    const std::string_view first = std::string_view(title).substr(0, title.find('_'));
    return is_one_of(first, kPeriods) ? TitleKind::kPeriod : TitleKind::kOther;
}

}  // namespace nguon::intake
