#include "intake/personal.h"

#include <algorithm>
#include <charconv>
#include <initializer_list>
#include <span>

#include "base/ascii.h"
#include "base/text.h"
#include "intake/known_codes.h"

namespace nguon::intake {
namespace {

// Of the values that are there, for a column to look personal by its values alone.
constexpr double kMost = 0.9;
// With a name of the column that says so, half of them is enough.
constexpr double kHalf = 0.5;
// A few values prove little where chance alone would pass one in ten.
constexpr std::int64_t kEnough = 8;

constexpr std::array<std::string_view, kPersonalKinds> kNames = {
    "",           "citizen_id",    "old_citizen_id",  "phone", "email",
    "tax_code",   "licence_plate", "bank_account",    "name",  "address",
    "birth_date", "passport",      "health_insurance"};

int number_of(std::string_view digits) {
    int value = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return value;
}

// Without the separators that people put into numbers. Long texts are no numbers.
std::string bare_digits(std::string_view text) {
    std::string out;
    if (text.size() > 24) return out;
    for (const char c : text) {
        if (c == ' ' || c == '.' || c == '-') continue;
        if (!is_digit(c) && !(c == '+' && out.empty())) return {};
        out += c;
    }
    return out;
}

bool has_word(std::string_view column, std::initializer_list<std::string_view> words) {
    for (const std::string_view word : words) {
        for (std::size_t at = column.find(word); at != std::string_view::npos;
             at = column.find(word, at + 1)) {
            const std::size_t end = at + word.size();
            if ((at == 0 || column[at - 1] == '_') && (end == column.size() || column[end] == '_'))
                return true;
        }
    }
    return false;
}

// The family names of nine Vietnamese in ten, and others that are not rare.
constexpr std::string_view kFamilyNames[] = {
    "Nguyễn", "Trần",  "Lê",     "Phạm",  "Hoàng", "Huỳnh", "Phan", "Vũ",    "Võ",    "Đặng",
    "Bùi",    "Đỗ",    "Hồ",     "Ngô",   "Dương", "Lý",    "Đào",  "Đinh",  "Đoàn",  "Lâm",
    "Trịnh",  "Mai",   "Trương", "Cao",   "Hà",    "Tạ",    "Tô",   "Vương", "Lương", "Châu",
    "Phùng",  "Chu",   "Quách",  "Thạch", "Kiều",  "Nông",  "Hứa",  "La",    "Lò",    "Quàng",
    "Giàng",  "Triệu", "Tống",   "Thái",  "Tăng",  "Từ",    "Đàm",  "Lục",   "Bế",    "Ma"};

// Of those, the ones that no other word is once the marks are gone.
constexpr std::string_view kPlainNames[] = {"nguyen", "tran", "le",  "pham", "hoang",
                                            "huynh",  "phan", "vu",  "vo",   "dang",
                                            "bui",    "do",   "ngo", "duong"};

}  // namespace

std::string_view name_of(Personal kind) {
    return kNames[static_cast<std::size_t>(kind)];
}

Text words_for(Personal kind) {
    switch (kind) {
        case Personal::kCitizenId: return {"số căn cước", "citizen numbers"};
        case Personal::kOldCitizenId:
            return {"số chứng minh nhân dân", "numbers of identity cards"};
        case Personal::kPhone: return {"số điện thoại", "telephone numbers"};
        case Personal::kEmail: return {"thư điện tử", "e-mail addresses"};
        case Personal::kTaxCode: return {"mã số thuế", "tax codes"};
        case Personal::kLicencePlate: return {"biển số xe", "licence plates"};
        case Personal::kBankAccount: return {"số tài khoản ngân hàng", "bank accounts"};
        case Personal::kName: return {"họ tên người", "names of persons"};
        case Personal::kAddress: return {"địa chỉ", "addresses"};
        case Personal::kBirthDate: return {"ngày sinh", "dates of birth"};
        case Personal::kPassport: return {"số hộ chiếu", "passport numbers"};
        case Personal::kHealthInsurance:
            return {"số thẻ bảo hiểm y tế", "health insurance numbers"};
        case Personal::kNone: break;
    }
    return {};
}

int year_of(Micros now) {
    return number_of(format_time(now).substr(0, 4));
}

bool is_citizen_id(std::string_view text, int year) {
    if (text.size() != 12 || !all_digits(text) || text[0] != '0') return false;
    if (!is_known(CodeList::kFormerProvince, text.substr(1, 2))) return false;
    // Even digits are men, odd ones women: 0 and 1 of the 20th century, 2 and 3 of the 21st.
    const int century = 1900 + 100 * ((text[3] - '0') / 2);
    return century + number_of(text.substr(4, 2)) <= year;
}

bool is_phone(std::string_view text) {
    std::string digits = bare_digits(text);
    if (digits.starts_with("+84")) digits.replace(0, 3, "0");
    if (digits.starts_with("84") && digits.size() == 11) digits.replace(0, 2, "0");
    if (digits.size() == 11) return digits.starts_with("02");  // fixed lines since 2017
    return digits.size() == 10 && digits[0] == '0' &&
           std::string_view("235789").find(digits[1]) != std::string_view::npos;
}

bool is_email(std::string_view text) {
    const std::size_t at = text.find('@');
    if (at == std::string_view::npos || at == 0 || text.find('@', at + 1) != text.npos)
        return false;
    const std::size_t dot = text.rfind('.');
    return dot != std::string_view::npos && dot > at + 1 && dot + 2 < text.size() &&
           text.find_first_of(" ,;<>") == std::string_view::npos;
}

bool is_tax_code(std::string_view text) {
    if (text.size() == 14 && text[10] == '-' && all_digits(text.substr(11))) {
        text = text.substr(0, 10);
    } else if (text.size() == 13 && all_digits(text)) {
        text = text.substr(0, 10);
    }
    if (text.size() != 10 || !all_digits(text)) return false;
    constexpr std::array<int, 9> kWeights = {31, 29, 23, 19, 17, 13, 7, 5, 3};
    int sum = 0;
    for (std::size_t i = 0; i < kWeights.size(); ++i)
        sum += (text[i] - '0') * kWeights[i];
    return 10 - sum % 11 == text[9] - '0';
}

bool is_licence_plate(std::string_view text) {
    if (text.size() < 7 || text.size() > 14) return false;
    std::string plate;
    for (const char c : text) {
        if (c == ' ' || c == '-' || c == '.') continue;
        plate += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    }
    // 2 digits of the province (11 to 99), a letter, at most one sign of the series, 4 or 5 digits.
    if (plate.size() < 7 || plate.size() > 9 || !all_digits(plate.substr(0, 2)) || plate < "11")
        return false;
    const auto is_letter = [](char c) { return c >= 'A' && c <= 'Z'; };
    if (!is_letter(plate[2])) return false;
    const std::size_t serial = is_letter(plate[3]) || plate.size() == 9 ? 4 : 3;
    const std::string_view rest = std::string_view(plate).substr(serial);
    return all_digits(rest) && (rest.size() == 4 || rest.size() == 5);
}

bool is_person_name(std::string_view text) {
    constexpr std::size_t kLongest = 60, kMostWords = 6;
    if (text.size() > kLongest) return false;
    const std::size_t first = text.find(' ');
    if (first == std::string_view::npos) return false;
    if (text.find_first_of("0123456789,;/()") != std::string_view::npos) return false;
    if (std::ranges::count(text, ' ') >= static_cast<std::ptrdiff_t>(kMostWords)) return false;
    const std::string_view family = text.substr(0, first);
    const auto is_family = [&](std::string_view known) { return known == family; };
    if (std::ranges::any_of(kFamilyNames, is_family)) return true;
    // In capitals, or without marks.
    if (text[0] < 'A' || text[0] > 'Z') return false;
    const std::string shape = snake_case(family);
    return std::ranges::find(kPlainNames, shape) != std::end(kPlainNames);
}

bool is_address(std::string_view text) {
    constexpr std::size_t kShortest = 12, kLongest = 300;
    if (text.size() < kShortest || text.size() > kLongest) return false;
    int words = 0;
    for (const std::string_view word :
         {"đường ",  "phố ",    "Đường ",    "Phố ",  "thôn ",  "Thôn ",  "xã ",   "Xã ",
          "phường ", "Phường ", "quận ",     "Quận ", "huyện ", "Huyện ", "tỉnh ", "Tỉnh ",
          "tổ ",     "Tổ ",     "ngõ ",      "Ngõ ",  "hẻm ",   "ấp ",    "Ấp ",   "khu phố ",
          "Số ",     "số ",     "thị trấn ", "TP ",   "TP."}) {
        if (text.find(word) != std::string_view::npos && ++words == 2) return true;
    }
    return words == 1 && text.find(',') != std::string_view::npos && is_digit(text[0]);
}

bool is_health_insurance(std::string_view text) {
    // Two letters of the group, 1 to 5 of the benefit, 2 of the province, 10 of social insurance.
    if (text.size() != 15 || !all_digits(text.substr(2))) return false;
    const auto is_letter = [](char c) { return c >= 'A' && c <= 'Z'; };
    return is_letter(text[0]) && is_letter(text[1]) && text[2] >= '1' && text[2] <= '5' &&
           is_known(CodeList::kFormerProvince, text.substr(3, 2));
}

std::optional<std::string> with_zeros(std::string_view text, Personal kind, int year) {
    // The provinces are 001 to 096: one zero is lost, or two. Mobile numbers lose one.
    constexpr std::size_t kCitizen = 12, kMostZeros = 2, kPhone = 10;
    if (text.size() < kPhone - 1 || text.size() >= kCitizen || text[0] == '0' || !all_digits(text))
        return std::nullopt;
    std::string number;
    if (kind == Personal::kCitizenId && text.size() >= kCitizen - kMostZeros) {
        number = std::string(kCitizen - text.size(), '0') + std::string(text);
        if (is_citizen_id(number, year)) return number;
    } else if (kind == Personal::kPhone && text.size() == kPhone - 1 && text[0] != '2') {
        number = "0" + std::string(text);
        if (is_phone(number)) return number;
    }
    return std::nullopt;
}

void PersonalVotes::see(std::string_view text) {
    if (text.empty()) return;
    ++m_values;
    if (const auto id = with_zeros(text, Personal::kCitizenId, m_year)) {
        ++m_short_citizens;
        m_births.set(static_cast<std::size_t>(number_of(std::string_view(*id).substr(3, 3))));
    } else if (with_zeros(text, Personal::kPhone, m_year)) {
        ++m_short_phones;
        m_networks.set(static_cast<std::size_t>(text[0] - '0'));
    }
    const bool begins_with_digit = is_digit(text[0]);
    if (begins_with_digit || text[0] == '+') {
        of(Personal::kCitizenId) += is_citizen_id(text, m_year) ? 1 : 0;
        of(Personal::kOldCitizenId) += text.size() == 9 && all_digits(text) ? 1 : 0;
        of(Personal::kPhone) += is_phone(text) ? 1 : 0;
        of(Personal::kTaxCode) += is_tax_code(text) ? 1 : 0;
        of(Personal::kBankAccount) +=
            text.size() >= 6 && text.size() <= 19 && all_digits(text) ? 1 : 0;
        if (is_licence_plate(text)) {
            ++of(Personal::kLicencePlate);
            m_plain_plates += text.find_first_of("-. ") == std::string_view::npos ? 1 : 0;
        }
    } else if (text.size() <= 20) {
        const bool letter = text[0] >= 'A' && text[0] <= 'Z';
        of(Personal::kPassport) +=
            letter && (text.size() == 8 || text.size() == 9) && all_digits(text.substr(1)) ? 1 : 0;
        of(Personal::kHealthInsurance) += is_health_insurance(text) ? 1 : 0;
    }
    of(Personal::kEmail) += is_email(text) ? 1 : 0;
    if (!begins_with_digit) of(Personal::kName) += is_person_name(text) ? 1 : 0;
    of(Personal::kAddress) += is_address(text) ? 1 : 0;
}

double PersonalVotes::share(Personal kind) const {
    return m_values == 0 ? 0
                         : static_cast<double>(m_counts[static_cast<std::size_t>(kind)]) /
                               static_cast<double>(m_values);
}

std::int64_t PersonalVotes::shorter(Personal kind) const {
    return kind == Personal::kCitizenId ? m_short_citizens
           : kind == Personal::kPhone   ? m_short_phones
                                        : 0;
}

// Without a name that says so: numbers of one run (10012345678, 10012345679, …) have a structure
// all or none, so that they must be of several years or networks, too.
bool PersonalVotes::are_shorter(Personal kind) const {
    constexpr double kNearlyAll = 0.95;
    constexpr std::int64_t kManyPhones = 20;
    constexpr std::size_t kFewestYears = 5, kFewestNetworks = 3;
    const std::int64_t found = shorter(kind);
    if (found == 0) return false;
    const double all = share(kind) + static_cast<double>(found) / static_cast<double>(m_values);
    if (share(kind) >= kHalf) return all >= kMost;
    return kind == Personal::kCitizenId
               ? all >= kMost && m_values >= kEnough && m_births.count() >= kFewestYears
               : all >= kNearlyAll && m_values >= kManyPhones &&
                     m_networks.count() >= kFewestNetworks;
}

PersonalVotes::Guess PersonalVotes::guess(std::string_view column, bool is_date) const {
    struct Hint {
        Personal kind;
        std::initializer_list<std::string_view> words;
        bool alone;  // the name is enough, whatever the values are
    };
    static const Hint kHints[] = {
        {Personal::kCitizenId,
         {"cccd", "can_cuoc", "so_dinh_danh", "dinh_danh_ca_nhan", "citizen_id", "cmnd_cccd",
          "cccd_cmnd", "ma_dinh_danh", "personal_id", "national_id"},
         false},
        {Personal::kOldCitizenId, {"cmnd", "cmt", "chung_minh", "cmtnd"}, false},
        {Personal::kHealthInsurance, {"bhyt", "bao_hiem_y_te", "health_insurance"}, true},
        {Personal::kTaxCode, {"mst", "ma_so_thue", "tax_code", "tax_id"}, false},
        {Personal::kBankAccount,
         {"so_tai_khoan", "stk", "tai_khoan_ngan_hang", "bank_account", "so_tk", "account_number"},
         false},
        {Personal::kPassport, {"ho_chieu", "passport"}, false},
        {Personal::kLicencePlate,
         {"bien_so", "bien_kiem_soat", "bks", "licence_plate", "license_plate", "plate"},
         false},
        {Personal::kPhone,
         {"dien_thoai", "sdt", "so_dt", "dt", "phone", "mobile", "di_dong", "tel"},
         false},
        {Personal::kEmail, {"email", "e_mail", "thu_dien_tu"}, false},
        {Personal::kName,
         {"ho_ten", "ho_va_ten", "full_name", "ho_va_ten_dem", "ho_dem", "ten_chu_ho", "chu_ho",
          "nguoi_dai_dien", "ten_benh_nhan", "ten_hoc_sinh", "hoten", "nguoi_lien_he"},
         true},
        {Personal::kAddress,
         {"dia_chi", "address", "noi_o", "cho_o", "thuong_tru", "tam_tru", "noi_thuong_tru",
          "diachi"},
         true},
    };
    if (is_date && (has_word(column, {"ngay_sinh", "birth_date", "date_of_birth", "dob", "birth",
                                      "ngaysinh", "sinh_ngay"}) ||
                    column.find("birth") != std::string_view::npos))
        return {Personal::kBirthDate, 1};
    if (has_word(column, {"ngay_sinh", "nam_sinh", "birth_date", "date_of_birth"}))
        return {Personal::kBirthDate, kHalf};
    for (const Hint& hint : kHints) {
        if (!has_word(column, hint.words)) continue;
        const std::int64_t shorter_ones = shorter(hint.kind);
        const double found =
            share(hint.kind) +
            (m_values == 0 ? 0 : static_cast<double>(shorter_ones) / static_cast<double>(m_values));
        if (found >= kHalf) return {hint.kind, found, shorter_ones > 0};
        if (hint.alone && m_values > 0) return {hint.kind, std::max(found, kHalf)};
    }
    if (m_values == 0) return {};
    // Without a word: by structures that chance does not make, the strictest first.
    for (const Personal kind :
         {Personal::kCitizenId, Personal::kHealthInsurance, Personal::kEmail, Personal::kTaxCode,
          Personal::kPhone, Personal::kLicencePlate, Personal::kName, Personal::kAddress}) {
        const double found = share(kind);
        if (are_shorter(kind)) {
            return {kind,
                    found + static_cast<double>(shorter(kind)) / static_cast<double>(m_values),
                    true};
        }
        if (found < kMost) continue;
        if (kind == Personal::kTaxCode && m_values < kEnough) continue;
        if (kind == Personal::kLicencePlate && m_plain_plates * 2 > m_values) continue;
        const bool of_a_place =
            has_word(column, {"duong", "pho", "truong", "xa", "phuong", "street", "ward", "school",
                              "cong_ty", "company", "tinh", "province", "district", "huyen"});
        if (kind == Personal::kName && of_a_place) continue;
        return {kind, found};
    }
    return {};
}

}  // namespace nguon::intake
