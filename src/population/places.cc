#include "population/places.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace nguon::population {
namespace {

// The 63 provinces and cities until 30 June 2025: Decision 124/2004/QĐ-TTg as amended.
constexpr std::array<int, 63> kFormerProvinces = {
    1,  2,  4,  6,  8,  10, 11, 12, 14, 15, 17, 19, 20, 22, 24, 25, 26, 27, 30, 31, 33,
    34, 35, 36, 37, 38, 40, 42, 44, 45, 46, 48, 49, 51, 52, 54, 56, 58, 60, 62, 64, 66,
    67, 68, 70, 72, 74, 75, 77, 79, 80, 82, 83, 84, 86, 87, 89, 91, 92, 93, 94, 95, 96};

// 1 to 99, or 0.
int province_number(std::string_view code) {
    int value = 0;
    const auto [end, error] = std::from_chars(code.data(), code.data() + code.size(), value);
    const bool whole = error == std::errc{} && end == code.data() + code.size();
    return whole && value >= 1 && value <= 99 ? value : 0;
}

Error no_column(const std::filesystem::path& file, std::string_view column) {
    return {2, fmt::format("{}: has no column {}", file.string(), column)};
}

bool is_urban(std::string_view name, std::string_view division_type) {
    return division_type == "ward" || name.starts_with("Phường");
}

}  // namespace

Region region_of(int province) {
    if (province >= 70) return Region::kSouth;
    if (province >= 62 || province == 52) return Region::kHighlands;
    if (province >= 38) return Region::kCentre;
    constexpr std::array<int, 14> kLowland = {1, 22, 24, 26, 27, 30, 31, 33, 34, 35, 36, 37, 0, 0};
    return std::ranges::find(kLowland, province) != kLowland.end() ? Region::kNorth
                                                                   : Region::kNorthMountains;
}

std::expected<Places, Error> Places::open(
    const std::filesystem::path& wards,
    const std::optional<std::filesystem::path>& former_provinces) {
    const auto table = CsvTable::open(wards);
    if (!table) return std::unexpected(table.error());
    const auto code = table->column("code");
    const auto name = table->column("name");
    const auto type = table->column("division_type");
    const auto province = table->column("province_code");
    if (!code) return std::unexpected(no_column(wards, "code"));
    if (!name) return std::unexpected(no_column(wards, "name"));
    if (!province) return std::unexpected(no_column(wards, "province_code"));
    if (table->size() < 2) {
        return std::unexpected(Error{2, fmt::format("{}: has fewer than two wards; moving needs "
                                                    "two",
                                                    wards.string())});
    }
    Places places;
    std::uint32_t weight = 0;
    for (std::size_t i = 0; i < table->size(); ++i) {
        const auto& record = table->record(i);
        Ward ward{record[*code], province_number(record[*province]), false};
        ward.urban = is_urban(record[*name], type ? record[*type] : "");
        if (ward.province == 0) {
            return std::unexpected(
                Error{2, fmt::format("{}: record {}: province_code {:?} is not 01 to 99",
                                     wards.string(), i + 1, record[*province])});
        }
        weight += ward.urban ? 3 : 1;
        places.m_weight_up_to.push_back(weight);
        places.m_sorted_codes.push_back(ward.code);
        places.m_wards.push_back(std::move(ward));
    }
    std::ranges::sort(places.m_sorted_codes);
    const auto beside = wards.parent_path() / "former_province.csv";
    if (former_provinces || std::filesystem::exists(beside)) {
        const auto read = places.read_former(former_provinces.value_or(beside));
        if (!read) return std::unexpected(read.error());
    }
    return places;
}

std::expected<void, Error> Places::read_former(const std::filesystem::path& file) {
    const auto table = CsvTable::open(file);
    if (!table) return std::unexpected(table.error());
    const auto code = table->column("code");
    const auto successor = table->column("successor_province_code");
    if (!code) return std::unexpected(no_column(file, "code"));
    if (!successor) return std::unexpected(no_column(file, "successor_province_code"));
    for (std::size_t i = 0; i < table->size(); ++i) {
        const int former = province_number(table->record(i)[*code]);
        const int present = province_number(table->record(i)[*successor]);
        if (former == 0 || present == 0) {
            return std::unexpected(Error{
                2,
                fmt::format("{}: record {}: both codes must be 01 to 99", file.string(), i + 1)});
        }
        m_former_by_present[static_cast<std::size_t>(present)].push_back(former);
    }
    return {};
}

const Ward& Places::pick(Random& random) const {
    const std::uint32_t at = random.below(m_weight_up_to.back());
    const auto found = std::ranges::upper_bound(m_weight_up_to, at);
    return m_wards[static_cast<std::size_t>(found - m_weight_up_to.begin())];
}

int Places::birth_province(const Ward& ward, Random& random) const {
    const auto& here = m_former_by_present[static_cast<std::size_t>(ward.province)];
    if (!random.percent(80)) return random.one_of(kFormerProvinces);
    return here.empty() ? ward.province : random.one_of(here);
}

std::string Places::code_of_no_ward(Random& random) const {
    while (true) {
        std::string code = fmt::format("{:05}", random.between(1, 99'999));
        if (!has_ward(code)) return code;
    }
}

bool Places::has_ward(std::string_view code) const {
    return std::ranges::binary_search(m_sorted_codes, code);
}

std::string make_address(const Ward& ward, Random& random) {
    static constexpr std::array<std::string_view, 40> kStreets = {"Lê Lợi",
                                                                  "Trần Hưng Đạo",
                                                                  "Nguyễn Huệ",
                                                                  "Hai Bà Trưng",
                                                                  "Quang Trung",
                                                                  "Lý Thường Kiệt",
                                                                  "Nguyễn Trãi",
                                                                  "Lê Duẩn",
                                                                  "Phan Chu Trinh",
                                                                  "Phan Bội Châu",
                                                                  "Hoàng Diệu",
                                                                  "Ngô Quyền",
                                                                  "Hùng Vương",
                                                                  "Điện Biên Phủ",
                                                                  "Cách Mạng Tháng Tám",
                                                                  "Nguyễn Văn Linh",
                                                                  "Võ Văn Kiệt",
                                                                  "Võ Nguyên Giáp",
                                                                  "Phạm Văn Đồng",
                                                                  "Trường Chinh",
                                                                  "Nguyễn Du",
                                                                  "Lê Thánh Tông",
                                                                  "Bà Triệu",
                                                                  "Nguyễn Thị Minh Khai",
                                                                  "Đinh Tiên Hoàng",
                                                                  "Lý Thái Tổ",
                                                                  "Nguyễn Công Trứ",
                                                                  "Tôn Đức Thắng",
                                                                  "Hoàng Hoa Thám",
                                                                  "Phan Đình Phùng",
                                                                  "Nguyễn Đình Chiểu",
                                                                  "Trần Phú",
                                                                  "Lê Hồng Phong",
                                                                  "Nguyễn Văn Cừ",
                                                                  "Xô Viết Nghệ Tĩnh",
                                                                  "30 tháng 4",
                                                                  "Hòa Bình",
                                                                  "Thống Nhất",
                                                                  "Huỳnh Thúc Kháng",
                                                                  "Lạc Long Quân"};
    static constexpr std::array<std::string_view, 8> kEstates = {
        "Sao Mai",    "Hoàng Anh", "Bình Minh", "Hương Sen",
        "Thanh Xuân", "Phú Mỹ",    "An Phú",    "Sông Hàn"};
    static constexpr std::array<std::string_view, 10> kHamlets = {
        "An Bình",  "Tân Lập",    "Phú Thạnh", "Hòa Thuận", "Mỹ Long",
        "Bình Hòa", "Đông Thành", "Tây Hồ",    "Nà Lồi",    "Thanh Sơn"};
    const int number = random.between(1, 450);
    if (ward.urban) {
        const auto street = random.one_of(kStreets);
        const std::uint32_t form = random.below(100);
        if (form < 62) return fmt::format("Số {} đường {}", number, street);
        if (form < 80) return fmt::format("{}/{} {}", number, random.between(1, 60), street);
        if (form < 93) {
            return fmt::format("Số {} {}, tổ dân phố {}", number, street, random.between(1, 25));
        }
        return fmt::format("Căn {}, chung cư \"{}\"", random.between(101, 2412),
                           random.one_of(kEstates));
    }
    const Region region = region_of(ward.province);
    std::string_view kind = "Thôn";
    if (region == Region::kSouth) kind = "Ấp";
    if (region == Region::kNorthMountains) kind = random.percent(50) ? "Bản" : "Xóm";
    if (region == Region::kHighlands && random.percent(40)) kind = "Buôn";
    const std::uint32_t form = random.below(100);
    if (form < 55) return fmt::format("{} {}", kind, random.between(1, 15));
    if (form < 85) return fmt::format("{} {}", kind, random.one_of(kHamlets));
    return fmt::format("Đội {}, {} {}", random.between(1, 9), kind == "Thôn" ? "thôn" : kind,
                       random.one_of(kHamlets));
}

}  // namespace nguon::population
