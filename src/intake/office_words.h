// What the headers of office files mean: titles in both languages, for a first contract.
#pragma once

#include <string>
#include <string_view>

#include "base/text.h"

namespace nguon::intake {

// "Họ và tên" -> {"Họ và tên", "Full name"}; "birth_date" -> {"Ngày sinh", "Date of birth"};
// "Số hồ sơ" -> {"Số hồ sơ", "File number"}; "Số hộ nghèo" -> {"Số hộ nghèo", "Poor households"}.
// What is in no list keeps its own words in both: there is no English for it.
Text title_for(std::string_view header);

}  // namespace nguon::intake
