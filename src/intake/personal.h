// What in a column looks like data of persons: told by the form of its values, each kind by the
// structure that the law or the issuer gives it, and by the name of the column where the form alone
// proves nothing.
// Sources: Decree 137/2015/ND-CP article 13 (personal identification number: 3 digits of province,
// 1 of century and sex, 2 of the year of birth, 6 of chance); Circular 105/2020/TT-BTC article 5
// (tax codes of 10 and 13 digits; the check digit's weights 31, 29, 23, 19, 17, 13, 7, 5, 3 modulo
// 11 are those of the General Department of Taxation's coding table); Circular 24/2023/TT-BCA
// (number plates); Decision 595/QD-BHXH and 1351/QD-BHXH (health insurance cards of 15 signs);
// Circular 22/2014/TT-BTTTT and its successors (mobile prefixes 03, 05, 07, 08, 09).
#pragma once

#include <array>
#include <bitset>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/text.h"
#include "base/time.h"

namespace nguon::intake {

enum class Personal {
    kNone,
    kCitizenId,
    kOldCitizenId,  // 9 digits, until 2024
    kPhone,
    kEmail,
    kTaxCode,
    kLicencePlate,
    kBankAccount,
    kName,
    kAddress,
    kBirthDate,
    kPassport,
    kHealthInsurance,
};
inline constexpr std::size_t kPersonalKinds = 13;
std::string_view name_of(Personal kind);  // "citizen_id"; empty for kNone

Text words_for(Personal kind);  // "số căn cước", "citizen numbers"

int year_of(Micros now);
// The structure of one value. `year`: the present one, for years of birth.
bool is_citizen_id(std::string_view text, int year);
bool is_phone(std::string_view text);
bool is_email(std::string_view text);
bool is_tax_code(std::string_view text);
bool is_licence_plate(std::string_view text);
bool is_person_name(std::string_view text);
bool is_address(std::string_view text);
bool is_health_insurance(std::string_view text);

// A citizen number or a telephone number of which a spreadsheet took the zeros at the front, with
// them again; nothing where that gives no such number.
std::optional<std::string> with_zeros(std::string_view text, Personal kind, int year);

// Counts, over the values of a column, those that have each structure.
class PersonalVotes {
public:
    explicit PersonalVotes(int year) : m_year(year) {}
    void see(std::string_view text);

    struct Guess {
        Personal kind = Personal::kNone;
        double confidence = 0;    // share of values with that structure; 0.5 by the name alone
        bool zeros_lost = false;  // some have it once zeros are put back
    };
    // `column` in snake case. `is_date`: its values are dates.
    Guess guess(std::string_view column, bool is_date) const;

private:
    std::int64_t& of(Personal kind) { return m_counts[static_cast<std::size_t>(kind)]; }
    double share(Personal kind) const;
    std::int64_t shorter(Personal kind) const;
    bool are_shorter(Personal kind) const;

    int m_year;
    std::int64_t m_values = 0, m_plain_plates = 0;
    std::array<std::int64_t, kPersonalKinds> m_counts{};
    // Of those that lost zeros: how many, the years of birth and the networks that they tell.
    std::int64_t m_short_citizens = 0, m_short_phones = 0;
    std::bitset<1'000> m_births;
    std::bitset<10> m_networks;
};

}  // namespace nguon::intake
