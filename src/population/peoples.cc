#include "population/peoples.h"

#include <algorithm>
#include <cstddef>

namespace nguon::population {
namespace {

constexpr unsigned bit(Region region) {
    return 1U << static_cast<unsigned>(region);
}

constexpr unsigned kAnywhere = 31;
constexpr unsigned kMountains = bit(Region::kNorthMountains);
constexpr unsigned kCentral = bit(Region::kCentre);
constexpr unsigned kPlateau = bit(Region::kHighlands);
constexpr unsigned kSouthern = bit(Region::kSouth);

using Families = std::vector<std::string_view>;
const Families kTay = {"Nông", "Hoàng",  "Lý",  "Triệu", "Vi",  "Lương", "Ma",
                       "Hà",   "Nguyễn", "Đàm", "Bế",    "Chu", "La",    "Dương"};
const Families kThai = {"Lò", "Cầm", "Quàng", "Tòng",  "Lường", "Cà",
                        "Hà", "Vi",  "Lô",    "Lương", "Đèo"};
const Families kMuong = {"Bùi", "Đinh", "Quách", "Hà", "Bạch", "Phạm", "Trương", "Nguyễn"};
const Families kHmong = {"Giàng", "Vàng", "Sùng", "Thào", "Lầu", "Mùa",
                         "Hạng",  "Vừ",   "Lý",   "Cứ",   "Ly"};
const Families kDao = {"Triệu", "Đặng", "Bàn", "Lý", "Phùng", "Chảo", "Tẩn", "Dương"};
const Families kKhmer = {"Thạch", "Sơn", "Kim", "Danh", "Châu", "Lâm", "Kiên", "Lý", "Trà", "Ngô"};
const Families kHoa = {"Trần",  "Lý",  "Quách",  "Huỳnh", "Lâm",
                       "Vương", "Lưu", "Trương", "La",    "Tăng"};
const Families kCham = {"Đàng", "Bá", "Thành", "Qua", "Lưu", "Từ", "Trượng", "Kiều", "Châu", "Lộ"};
const Families kGiaRai = {"Siu",     "Ksor",   "Rmah",   "Kpă",   "Nay",
                          "Rơ Châm", "Rơ Mah", "Rahlan", "Kpuih", "Rcom"};
const Families kEDe = {"Niê",  "Êban", "Ayŭn", "Mlô",    "Kbuôr",
                       "Ktla", "Byă",  "Hđơk", "Adrơng", "Kđoh"};
const Families kCentralPeoples = {"Hồ",       "Đinh",  "Phạm",  "Pinăng",
                                  "Chamaléa", "Katơr", "Hoàng", "Lê"};
const Families kNorthPeoples = {"Lò",    "Vàng", "Lý",  "Chang", "Sìn",
                                "Hoàng", "Lù",   "Phù", "Tao",   "Hù"};
const Families kForeign = {"Kim",    "Lee",    "Park",   "Tanaka", "Sato",
                           "Wang",   "Chen",   "Smith",  "Martin", "Müller",
                           "Nguyen", "Garcia", "Ivanov", "Brown",  "Robert"};

// In the order of the codes, 01 Kinh to 55 foreign origin.
const std::array<People, 55> kPeoples = {{
    {853'200, kAnywhere, NameStyle::kVietnamese, nullptr},          // 01 Kinh
    {19'200, kMountains, NameStyle::kVietnamese, &kTay},            // 02 Tày
    {18'900, kMountains, NameStyle::kVietnamese, &kThai},           // 03 Thái
    {7'800, kSouthern, NameStyle::kVietnamese, &kHoa},              // 04 Hoa
    {13'700, kSouthern, NameStyle::kVietnamese, &kKhmer},           // 05 Khơ-me
    {15'100, kMountains, NameStyle::kVietnamese, &kMuong},          // 06 Mường
    {11'300, kMountains, NameStyle::kVietnamese, &kTay},            // 07 Nùng
    {14'500, kMountains, NameStyle::kVietnamese, &kHmong},          // 08 Hmông
    {9'300, kMountains, NameStyle::kVietnamese, &kDao},             // 09 Dao
    {5'300, kPlateau, NameStyle::kGiaRai, &kGiaRai},                // 10 Gia-rai
    {20, kMountains, NameStyle::kVietnamese, &kHoa},                // 11 Ngái
    {4'100, kPlateau, NameStyle::kEDe, &kEDe},                      // 12 Ê-đê
    {3'000, kPlateau, NameStyle::kBaNa, nullptr},                   // 13 Ba-na
    {2'200, kPlateau, NameStyle::kBaNa, nullptr},                   // 14 Xơ-đăng
    {2'100, kMountains, NameStyle::kVietnamese, &kTay},             // 15 Sán Chay
    {2'100, kPlateau, NameStyle::kCoHo, nullptr},                   // 16 Cơ-ho
    {1'900, kCentral | kSouthern, NameStyle::kVietnamese, &kCham},  // 17 Chăm
    {1'900, kMountains, NameStyle::kVietnamese, &kDao},             // 18 Sán Dìu
    {1'600, kCentral, NameStyle::kVietnamese, &kCentralPeoples},    // 19 Hrê
    {1'300, kPlateau, NameStyle::kEDe, &kEDe},                      // 20 Mnông
    {1'500, kCentral, NameStyle::kVietnamese, &kCentralPeoples},    // 21 Ra-glai
    {1'000, kSouthern, NameStyle::kVietnamese, &kCentralPeoples},   // 22 Xtiêng
    {1'000, kCentral, NameStyle::kVietnamese, &kCentralPeoples},    // 23 Bru-Vân Kiều
    {950, kCentral, NameStyle::kVietnamese, &kMuong},               // 24 Thổ
    {710, kMountains, NameStyle::kVietnamese, &kNorthPeoples},      // 25 Giáy
    {770, kCentral, NameStyle::kVietnamese, &kCentralPeoples},      // 26 Cơ-tu
    {660, kCentral, NameStyle::kBaNa, nullptr},                     // 27 Gié-Triêng
    {520, kPlateau, NameStyle::kCoHo, nullptr},                     // 28 Mạ
    {940, kMountains, NameStyle::kVietnamese, &kThai},              // 29 Khơ-mú
    {420, kCentral, NameStyle::kVietnamese, &kCentralPeoples},      // 30 Co
    {540, kCentral, NameStyle::kVietnamese, &kCentralPeoples},      // 31 Tà-ôi
    {300, kSouthern, NameStyle::kVietnamese, &kCentralPeoples},     // 32 Chơ-ro
    {170, kMountains, NameStyle::kVietnamese, &kThai},              // 33 Kháng
    {300, kMountains, NameStyle::kVietnamese, &kThai},              // 34 Xinh-mun
    {260, kMountains, NameStyle::kVietnamese, &kNorthPeoples},      // 35 Hà Nhì
    {240, kPlateau, NameStyle::kVietnamese, &kCentralPeoples},      // 36 Chu-ru
    {180, kMountains, NameStyle::kVietnamese, &kThai},              // 37 Lào
    {160, kMountains, NameStyle::kVietnamese, &kNorthPeoples},      // 38 La Chí
    {100, kMountains, NameStyle::kVietnamese, &kThai},              // 39 La Ha
    {130, kMountains, NameStyle::kVietnamese, &kNorthPeoples},      // 40 Phù Lá
    {130, kMountains, NameStyle::kVietnamese, &kNorthPeoples},      // 41 La Hủ
    {70, kMountains, NameStyle::kVietnamese, &kThai},               // 42 Lự
    {50, kMountains, NameStyle::kVietnamese, &kNorthPeoples},       // 43 Lô Lô
    {80, kCentral, NameStyle::kVietnamese, &kCentralPeoples},       // 44 Chứt
    {50, kMountains, NameStyle::kVietnamese, &kNorthPeoples},       // 45 Mảng
    {85, kMountains, NameStyle::kVietnamese, &kNorthPeoples},       // 46 Pà Thẻn
    {40, kMountains, NameStyle::kVietnamese, &kNorthPeoples},       // 47 Cờ Lao
    {30, kMountains, NameStyle::kVietnamese, &kNorthPeoples},       // 48 Cống
    {30, kMountains, NameStyle::kVietnamese, &kNorthPeoples},       // 49 Bố Y
    {10, kMountains, NameStyle::kVietnamese, &kNorthPeoples},       // 50 Si La
    {10, kMountains, NameStyle::kVietnamese, &kNorthPeoples},       // 51 Pu Péo
    {10, kPlateau, NameStyle::kBaNa, nullptr},                      // 52 Brâu
    {10, kCentral, NameStyle::kVietnamese, &kThai},                 // 53 Ơ-đu
    {10, kPlateau, NameStyle::kBaNa, nullptr},                      // 54 Rơ-măm
    {40, kAnywhere, NameStyle::kForeign, &kForeign},                // 55 foreign origin
}};

}  // namespace

const People& people_of(int code) {
    return kPeoples[static_cast<std::size_t>(code - 1)];
}

PeopleTable::PeopleTable() {
    for (std::size_t region = 0; region < kRegionCount; ++region) {
        std::uint32_t weight = 0;
        for (std::size_t i = 0; i < kPeoples.size(); ++i) {
            const bool everywhere = kPeoples[i].home == kAnywhere;
            const bool home = (kPeoples[i].home >> region & 1U) != 0;
            weight += kPeoples[i].per_million * (everywhere ? 10 : home ? 50 : 1);
            m_weight_up_to[region][i] = weight;
        }
    }
}

int PeopleTable::pick(Region region, Random& random) const {
    const auto& table = m_weight_up_to[static_cast<std::size_t>(region)];
    const auto found = std::ranges::upper_bound(table, random.below(table.back()));
    return static_cast<int>(found - table.begin()) + 1;
}

}  // namespace nguon::population
