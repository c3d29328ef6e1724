#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace nguon::population {

struct FamilyName {
    std::string_view north;
    std::string_view south;  // Hoàng and Huỳnh, Vũ and Võ are one name in two accents
    std::uint32_t per_mille_times_ten = 0;
};

// Shares of the fourteen most frequent: Lê Trung Hoa, "Họ và tên người Việt Nam" (2005).
inline constexpr std::array<FamilyName, 46> kFamilies = {{
    {"Nguyễn", "Nguyễn", 3840}, {"Trần", "Trần", 1100},    {"Lê", "Lê", 950},
    {"Phạm", "Phạm", 700},      {"Hoàng", "Huỳnh", 510},   {"Phan", "Phan", 450},
    {"Vũ", "Võ", 390},          {"Đặng", "Đặng", 210},     {"Bùi", "Bùi", 200},
    {"Đỗ", "Đỗ", 140},          {"Hồ", "Hồ", 130},         {"Ngô", "Ngô", 130},
    {"Dương", "Dương", 100},    {"Lý", "Lý", 50},          {"Đinh", "Đinh", 90},
    {"Đoàn", "Đoàn", 70},       {"Trương", "Trương", 110}, {"Lâm", "Lâm", 50},
    {"Mai", "Mai", 60},         {"Trịnh", "Trịnh", 70},    {"Đào", "Đào", 70},
    {"Cao", "Cao", 70},         {"Hà", "Hà", 60},          {"Lương", "Lương", 60},
    {"Thái", "Thái", 40},       {"Tạ", "Tạ", 40},          {"Phùng", "Phùng", 40},
    {"Châu", "Châu", 30},       {"Tô", "Tô", 40},          {"Chu", "Châu", 30},
    {"Quách", "Quách", 20},     {"Kiều", "Kiều", 20},      {"Vương", "Vương", 20},
    {"Văn", "Văn", 15},         {"Tống", "Tống", 20},      {"Từ", "Từ", 20},
    {"La", "La", 15},           {"Thân", "Thân", 10},      {"Nghiêm", "Nghiêm", 15},
    {"Khổng", "Khổng", 10},     {"Bạch", "Bạch", 10},      {"Lưu", "Lưu", 30},
    {"Tăng", "Tăng", 10},       {"Giang", "Giang", 10},    {"Khuất", "Triệu", 10},
    {"Doãn", "Đàm", 10},
}};

template <std::size_t N>
using List = std::array<std::string_view, N>;

inline constexpr List<34> kMiddleMale = {"Đức",  "Hữu",  "Quang", "Minh",  "Ngọc", "Xuân", "Quốc",
                                         "Công", "Đình", "Thanh", "Hoàng", "Anh",  "Gia",  "Tuấn",
                                         "Duy",  "Mạnh", "Trọng", "Thành", "Hồng", "Viết", "Bá",
                                         "Thế",  "Nhật", "Bảo",   "Trung", "Tiến", "Khắc", "Kim",
                                         "Hải",  "Chí",  "Phúc",  "Thái",  "Việt", "Cao"};
inline constexpr List<30> kMiddleFemale = {
    "Ngọc",  "Thu",  "Kim", "Thanh", "Minh", "Hồng", "Mỹ",    "Phương", "Thùy", "Bích",
    "Xuân",  "Diệu", "Mai", "Quỳnh", "Bảo",  "Hoài", "Khánh", "Tuyết",  "Như",  "Gia",
    "Hoàng", "Ánh",  "Anh", "Lan",   "Tú",   "Cẩm",  "Thảo",  "Tường",  "Trúc", "Yến"};
// After Văn or Thị, or alone: the second middle name of younger people.
inline constexpr List<60> kGivenMaleOld = {
    "Hùng",  "Dũng", "Tuấn",  "Thành", "Hải",  "Long",  "Minh", "Sơn",   "Thắng", "Cường",
    "Hòa",   "Bình", "Tâm",   "Lâm",   "Phúc", "Đức",   "Tài",  "Quang", "Toàn",  "Chiến",
    "Tiến",  "Hà",   "Nam",   "Trung", "Việt", "Lợi",   "Thọ",  "Phú",   "Quý",   "Nhân",
    "Nghĩa", "Trí",  "Tín",   "Bảy",   "Tư",   "Sáu",   "Tám",  "Chín",  "Mười",  "Vinh",
    "Khánh", "Hưng", "Thanh", "Tùng",  "Hiếu", "Hoàng", "Định", "Đông",  "An",    "Sang",
    "Xuân",  "Thi",  "Khải",  "Dân",   "Lộc",  "Hiền",  "Ba",   "Đạt",   "Thảo",  "Huấn"};
inline constexpr List<60> kGivenMaleNew = {
    "Minh",   "Khôi",  "Khang", "Bảo",   "Huy",   "An",    "Đăng",   "Phúc",  "Quân",  "Kiệt",
    "Phong",  "Nam",   "Anh",   "Khoa",  "Duy",   "Thiên", "Nguyên", "Hưng",  "Long",  "Đạt",
    "Lâm",    "Tùng",  "Hiếu",  "Thịnh", "Bách",  "Vinh",  "Khánh",  "Dương", "Trí",   "Tuấn",
    "Hoàng",  "Nhân",  "Quang", "Đức",   "Sơn",   "Thành", "Tú",     "Việt",  "Hải",   "Kỳ",
    "Tâm",    "Trung", "Gia",   "Phát",  "Tài",   "Lộc",   "Nghĩa",  "Bình",  "Cường", "Dũng",
    "Trường", "Thái",  "Vũ",    "Luân",  "Khiêm", "Sang",  "Toàn",   "Linh",  "Hào",   "Quốc"};
inline constexpr List<60> kGivenFemaleOld = {
    "Hoa",   "Lan",    "Hương", "Hồng", "Nga",  "Thu",   "Mai",    "Hằng",  "Hà",     "Thủy",
    "Loan",  "Oanh",   "Bình",  "Hạnh", "Tâm",  "Liên",  "Phượng", "Yến",   "Dung",   "Hiền",
    "Lý",    "Xuân",   "Cúc",   "Đào",  "Mận",  "Nhung", "Vân",    "Thanh", "Huệ",    "Bích",
    "Ngọc",  "Kim",    "Sáu",   "Bảy",  "Tư",   "Út",    "Năm",    "Chín",  "Tuyết",  "Lệ",
    "Ánh",   "Nguyệt", "Sen",   "Lành", "Thơm", "Thắm",  "Hòa",    "Minh",  "Phương", "Thúy",
    "Hường", "Tươi",   "Ba",    "Gái",  "Nụ",   "Chi",   "Thoa",   "Tính",  "Nhàn",   "Thuận"};
inline constexpr List<60> kGivenFemaleNew = {
    "Linh",   "Anh",    "Trang", "Ngọc", "Nhi",  "Vy",    "My",    "Hân",  "Châu",  "Trâm",
    "Thảo",   "Phương", "Quỳnh", "Thư",  "Ngân", "Hà",    "Mai",   "Chi",  "Giang", "An",
    "Nguyên", "Khánh",  "Uyên",  "Yến",  "Như",  "Tiên",  "Trinh", "Diệp", "Diễm",  "Hiền",
    "Hương",  "Huyền",  "Lan",   "Ly",   "Nga",  "Nhung", "Oanh",  "Tâm",  "Thanh", "Thùy",
    "Thủy",   "Trúc",   "Tú",    "Vân",  "Vi",   "Xuân",  "Thi",   "Dung", "Minh",  "Bình",
    "Đan",    "Hạnh",   "Hằng",  "Loan", "Ánh",  "Quyên", "Nương", "San",  "Băng",  "Kim"};

inline constexpr List<16> kGivenGiaRaiEDe = {"Blŏ",   "Hnhan", "Thút", "Khương", "Djuêñ", "Klot",
                                             "Sương", "Phiên", "Brôi", "Lan",    "Wơn",   "Hen",
                                             "Bik",   "Săn",   "Rin",  "Nhơn"};
inline constexpr List<12> kGivenBaNa = {"Thút", "Biên", "Nhui", "Lơng", "Hyưh", "Byơk",
                                        "Đen",  "Khơm", "Lun",  "Tuân", "Glar", "Sinh"};
inline constexpr List<12> kGivenCoHo = {"Brôi", "Tèo",  "Hoa", "Sáu",  "Rin", "Thương",
                                        "Jin",  "Đơng", "Lim", "Bình", "Dĩm", "Lang"};
inline constexpr List<12> kGivenForeign = {"Min Jun", "Seo Yeon", "Yuki",  "Haruto",
                                           "Wei",     "John",     "Anna",  "Pierre",
                                           "Maria",   "Olga",     "David", "Zoë"};

}  // namespace nguon::population
