#include "population/people.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <utility>

namespace nguon::population {
namespace {

constexpr int kDaysOfYear = 365;
constexpr int kFirstWorkingSecond = 30 * 60;      // 07:30 in Viet Nam is 00:30 UTC
constexpr int kLastWorkingSecond = 10 * 60 * 60;  // 17:00

const Day kLastDay = day_of(2026, 6, 30);
const Day kFirstBirth = day_of(1925, 1, 1);
const Day kRegisterOpened = day_of(2016, 1, 1);

int household_size(Random& random) {
    static constexpr std::array<std::uint32_t, 5> kPercentUpTo = {11, 28, 50, 76, 90};
    const auto found = std::ranges::upper_bound(kPercentUpTo, random.below(100));
    return static_cast<int>(found - kPercentUpTo.begin()) + 1;
}

int age_of_head(Random& random, int size) {
    if (size == 1 && random.percent(45)) return random.between(56, 90);
    const std::uint32_t group = random.below(100);
    if (group < 7) return random.between(22, 27);
    if (group < 34) return random.between(28, 38);
    if (group < 64) return random.between(39, 51);
    if (group < 88) return random.between(52, 64);
    return random.between(65, 84);
}

std::string sex_text(Sex sex) {
    return sex == Sex::kFemale ? "female" : "male";
}

int number(std::string_view digits) {
    int value = 0;
    for (const char c : digits)
        value = value * 10 + (c - '0');
    return value;
}

}  // namespace

Day last_day() {
    return kLastDay;
}

std::string make_phone(Random& random) {
    static constexpr std::array<std::string_view, 30> kPrefixes = {
        "032", "033", "034", "035", "036", "037", "038", "039", "052", "056",
        "058", "059", "070", "076", "077", "078", "079", "081", "082", "083",
        "084", "085", "086", "088", "089", "090", "091", "096", "097", "098"};
    std::string phone(random.one_of(kPrefixes));
    std::uint32_t rest = random.below(10'000'000);
    for (int i = 0; i < 7; ++i, rest /= 10)
        phone += static_cast<char>('0' + rest % 10);
    return phone;
}

Inhabitants::Inhabitants(const Places& places, std::uint64_t seed)
    : m_places(places), m_random(seed, 1) {}

std::string Inhabitants::new_household_id() {
    // Multiplying by a number without a common divisor with 10^9 visits every number once.
    constexpr std::uint64_t kNumbers = 1'000'000'000;
    return fmt::format("H{:09}", (++m_households * 618'033'989 + 141'421'356) % kNumbers);
}

Sex Inhabitants::any_sex() {
    return m_random.percent(50) ? Sex::kMale : Sex::kFemale;
}

Inhabitants::Member Inhabitants::relative(std::string_view relation, int age, Sex sex) {
    const int years = std::clamp(age, 0, 100);
    return {years * kDaysOfYear + years / 4 + m_random.between(0, kDaysOfYear - 1), sex, relation,
            m_family_of_head, m_people};
}

void Inhabitants::begin_household() {
    m_ward = &m_places.pick(m_random);
    m_address = make_address(*m_ward, m_random);
    m_household_id = new_household_id();
    const Region region = region_of(m_ward->province);
    m_people = m_peoples.pick(region, m_random);
    m_family_of_head = m_names.family({m_people, Sex::kMale, 1970, region}, m_random);
    m_family_of_children = m_family_of_head;

    const int size = household_size(m_random);
    const int age = age_of_head(m_random, size);
    // Women live longer: most old heads are widows.
    const std::uint32_t men = age < 56 ? 74 : age < 66 ? 56 : size == 1 ? 25 : 42;
    const Sex sex = m_random.percent(men) ? Sex::kMale : Sex::kFemale;
    const Member head = relative("head", age, sex);
    m_members.push_back(head);
    const bool has_spouse = size > 1 && m_random.percent(age < 56            ? 86
                                                         : sex == Sex::kMale ? 84
                                                                             : 30);
    if (has_spouse) {
        const bool older = sex == Sex::kFemale;
        const int gap = m_random.between(-2, 7) * (older ? 1 : -1);
        Member spouse =
            relative("spouse", std::max(age + gap, 18), older ? Sex::kMale : Sex::kFemale);
        if (m_random.percent(10)) spouse.people = m_peoples.pick(region, m_random);
        spouse.family = m_names.family({spouse.people, spouse.sex, 1970, region}, m_random);
        if (older && spouse.people == m_people) m_family_of_children = spouse.family;
        m_members.push_back(spouse);
    }
    while (std::cmp_less(m_members.size(), size))
        add_relative(head, has_spouse);
    std::ranges::reverse(m_members);
}

void Inhabitants::add_relative(const Member& head, bool has_spouse) {
    const int age = head.age_days / kDaysOfYear;
    const Region region = region_of(m_ward->province);
    const std::uint32_t draw = m_random.below(100);
    const std::uint32_t children = age < 30 && !has_spouse ? 8 : age < 52 ? 84 : age < 62 ? 62 : 40;
    const std::uint32_t parents = age < 60 ? 10 : 2;
    if (draw < children && age >= 21) {
        const int oldest = age < 45 ? age - 21 : age - 23;
        const int youngest = std::max(0, age - 37);
        Member child = relative("child", m_random.between(std::min(youngest, oldest), oldest),
                                m_random.percent(52) ? Sex::kMale : Sex::kFemale);
        child.family = m_family_of_children;
        // Two births of one mother are nine months apart, or they are twins.
        const auto too_close = [&child](const Member& other) {
            return other.relation == "child" && std::abs(other.age_days - child.age_days) < 300;
        };
        for (int tries = 0; tries < 4 && std::ranges::any_of(m_members, too_close); ++tries) {
            child.age_days = std::max(child.age_days - 320, 10);
        }
        m_members.push_back(child);
    } else if (draw < children + parents) {
        Member parent = relative("parent", std::min(age + m_random.between(21, 36), 97),
                                 m_random.percent(36) ? Sex::kMale : Sex::kFemale);
        const NameTraits traits{m_people, parent.sex, 1940, region};
        if (parent.sex == Sex::kFemale) parent.family = m_names.family(traits, m_random);
        m_members.push_back(parent);
    } else if (age >= 46 && m_random.percent(76)) {
        Member grandchild =
            relative("grandchild", m_random.between(0, std::min(age - 43, 24)), any_sex());
        const NameTraits traits{m_people, grandchild.sex, 2015, region};
        grandchild.family =
            m_random.percent(70) ? m_family_of_children : m_names.family(traits, m_random);
        m_members.push_back(grandchild);
    } else if (m_random.percent(50)) {
        m_members.push_back(
            relative("sibling", std::max(1, age + m_random.between(-12, 10)), any_sex()));
    } else {
        Member other = relative("other", m_random.between(3, 70), any_sex());
        other.family = m_names.family({m_people, other.sex, 1990, region}, m_random);
        m_members.push_back(other);
    }
}

void Inhabitants::next(Row& row) {
    if (m_members.empty()) begin_household();
    const Member member = m_members.back();
    m_members.pop_back();

    const Day birth = std::max(kLastDay - 1 - member.age_days, kFirstBirth);
    const int year = year_of(birth);
    const Region region = region_of(m_ward->province);
    const NameTraits traits{member.people, member.sex, year, region};
    const IdPrefix prefix{m_places.birth_province(*m_ward, m_random),
                          century_sex_digit(year, member.sex), year % 100};
    row[Column::kCitizenId] = m_ids.next(prefix);
    row[Column::kFullName] = m_names.full_name(traits, member.family, m_random);
    row[Column::kBirthDate] = iso_date(birth);
    row[Column::kSex] = sex_text(member.sex);
    row[Column::kEthnicity] = fmt::format("{:02}", member.people);
    row[Column::kWardCode] = m_ward->code;
    row[Column::kAddress] = m_address;
    row[Column::kHouseholdId] = m_household_id;
    row[Column::kRelationToHead] = member.relation;
    const int age = member.age_days / kDaysOfYear;
    const std::uint32_t reachable = age < 12 ? 0 : age < 16 ? 40 : age < 65 ? 84 : 62;
    row[Column::kPhone].clear();
    if (m_random.percent(reachable)) row[Column::kPhone] = make_phone(m_random);
    const Day registered = m_random.between(std::max(kRegisterOpened, birth + 1), kLastDay);
    row[Column::kRegisteredAt] =
        iso_time(registered, m_random.between(kFirstWorkingSecond, kLastWorkingSecond));
}

NameTraits Inhabitants::traits_of(const Row& row) const {
    const int province = number(row[Column::kCitizenId].substr(1, 2));
    return {number(row[Column::kEthnicity]),
            row[Column::kSex] == "female" ? Sex::kFemale : Sex::kMale,
            number(row[Column::kBirthDate].substr(0, 4)), region_of(province)};
}

Row Inhabitants::newborn(const Row& of, Random& random) {
    NameTraits traits = traits_of(of);
    traits.sex = random.percent(52) ? Sex::kMale : Sex::kFemale;
    traits.birth_year = 2026;
    const Day birth = kLastDay + random.between(1, 45);
    const int province = number(of[Column::kCitizenId].substr(1, 2));
    Row row = of;
    row[Column::kCitizenId] = m_ids.next({province, century_sex_digit(2026, traits.sex), 26});
    const std::string family = Names::family_in(of[Column::kFullName], traits.people);
    row[Column::kFullName] = m_names.full_name(traits, family, random);
    row[Column::kBirthDate] = iso_date(birth);
    row[Column::kSex] = sex_text(traits.sex);
    row[Column::kRelationToHead] = of[Column::kRelationToHead] == "head" ? "child" : "other";
    row[Column::kPhone].clear();
    row[Column::kRegisteredAt] = iso_time(birth + random.between(1, 15), kFirstWorkingSecond);
    return row;
}

std::string Inhabitants::other_name(const Row& row, Random& random) const {
    const NameTraits traits = traits_of(row);
    const std::string family = Names::family_in(row[Column::kFullName], traits.people);
    while (true) {
        std::string name = m_names.full_name(traits, family, random);
        if (name != row[Column::kFullName]) return name;
    }
}

}  // namespace nguon::population
