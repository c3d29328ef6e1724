#include "population/names.h"

#include <fmt/format.h>

#include <algorithm>

#include "population/name_lists.h"
#include "population/peoples.h"

namespace nguon::population {
namespace {

bool is_southern(Region region) {
    return region != Region::kNorth && region != Region::kNorthMountains;
}

// Percent of a cohort that carries Văn or Thị: nearly all women once, few girls today.
std::uint32_t traditional_percent(const NameTraits& traits) {
    const bool female = traits.sex == Sex::kFemale;
    if (traits.birth_year < 1960) return female ? 92 : 66;
    if (traits.birth_year < 1980) return female ? 84 : 56;
    if (traits.birth_year < 1995) return female ? 68 : 40;
    if (traits.birth_year < 2008) return female ? 38 : 20;
    return female ? 15 : 6;
}

std::string_view given(const NameTraits& traits, Random& random) {
    const auto old_share =
        static_cast<std::uint32_t>(std::clamp((2010 - traits.birth_year) * 2, 0, 100));
    const bool old_style = random.percent(old_share);
    if (traits.sex == Sex::kMale) return random.one_of(old_style ? kGivenMaleOld : kGivenMaleNew);
    return random.one_of(old_style ? kGivenFemaleOld : kGivenFemaleNew);
}

}  // namespace

Names::Names() {
    std::uint32_t weight = 0;
    for (const FamilyName& name : kFamilies) {
        weight += name.per_mille_times_ten;
        m_family_weight_up_to.push_back(weight);
    }
}

std::string_view Names::family(const NameTraits& traits, Random& random) const {
    const People& people = people_of(traits.people);
    if (people.families != nullptr) return random.one_of(*people.families);
    if (people.style == NameStyle::kBaNa || people.style == NameStyle::kCoHo) return "";
    const std::uint32_t at = random.below(m_family_weight_up_to.back());
    const auto found = std::ranges::upper_bound(m_family_weight_up_to, at);
    const auto& name = kFamilies[static_cast<std::size_t>(found - m_family_weight_up_to.begin())];
    return is_southern(traits.region) ? name.south : name.north;
}

std::string_view Names::middle(const NameTraits& traits, Random& random) const {
    return traits.sex == Sex::kMale ? random.one_of(kMiddleMale) : random.one_of(kMiddleFemale);
}

std::string Names::full_name(const NameTraits& traits, std::string_view family,
                             Random& random) const {
    const bool male = traits.sex == Sex::kMale;
    switch (people_of(traits.people).style) {
        case NameStyle::kGiaRai:
            if (male) return fmt::format("{} {}", family, random.one_of(kGivenGiaRaiEDe));
            return fmt::format("{} H'{}", family, random.one_of(kGivenGiaRaiEDe));
        case NameStyle::kEDe:
            return fmt::format("{}{} {}", male ? "Y " : "H'", random.one_of(kGivenGiaRaiEDe),
                               family);
        case NameStyle::kBaNa:
            return fmt::format("{} {}", male ? "A" : "Y", random.one_of(kGivenBaNa));
        case NameStyle::kCoHo:
            return fmt::format("{}{}", male ? "K'" : "Ka ", random.one_of(kGivenCoHo));
        case NameStyle::kForeign: return fmt::format("{} {}", family, random.one_of(kGivenForeign));
        case NameStyle::kVietnamese: break;
    }
    std::string name(family);
    const auto add = [&name](std::string_view syllable) {
        name += ' ';
        name += syllable;
    };
    const bool traditional = random.percent(traditional_percent(traits));
    if (traditional) add(male ? "Văn" : "Thị");
    const auto second = static_cast<std::uint32_t>(traits.birth_year < 1985 ? 18 : 40);
    if (!traditional || random.percent(second)) add(middle(traits, random));
    const std::string_view last = given(traits, random);
    if (!name.ends_with(last)) {
        add(last);
    } else {
        add(male ? "Khoa" : "Quyên");
    }
    return name;
}

std::string Names::family_in(std::string_view full_name, int people) {
    switch (people_of(people).style) {
        case NameStyle::kBaNa:
        case NameStyle::kCoHo: return "";
        case NameStyle::kEDe: return std::string(full_name.substr(full_name.rfind(' ') + 1));
        case NameStyle::kGiaRai: return std::string(full_name.substr(0, full_name.rfind(' ')));
        case NameStyle::kForeign:
        case NameStyle::kVietnamese: break;
    }
    return std::string(full_name.substr(0, full_name.find(' ')));
}

}  // namespace nguon::population
