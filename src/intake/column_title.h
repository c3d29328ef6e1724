// What the title of a column says its values are for: names and numbers of rows, or periods.
#pragma once

#include <string_view>

namespace nguon::intake {

enum class TitleKind {
    kOther,
    kOrder,   // "STT": where a row stands in this file, and in no other
    kPeriod,  // "Tháng", "Kỳ báo cáo": many rows share it, in this file or the next
    kCode,    // "Mã đơn vị", "Số CCCD", "id": digits in it are no amounts
};

TitleKind title_kind(std::string_view header);

}  // namespace nguon::intake
