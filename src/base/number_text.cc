#include "base/number_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace nguon {
namespace {

enum class Zeros { kStay, kGo };  // at the end of decimals

std::string grouped(double value, int decimals, Zeros zeros, Language language) {
    if (!std::isfinite(value)) return fmt::format("{}", value);
    std::string digits = fmt::format("{:.{}f}", std::fabs(value), decimals);
    const std::size_t point = std::min(digits.find('.'), digits.size());
    std::string whole = digits.substr(0, point), rest = digits.substr(point);
    while (zeros == Zeros::kGo && !rest.empty() && (rest.back() == '0' || rest.back() == '.'))
        rest.pop_back();
    const bool vietnamese = language == Language::kVietnamese;
    if (!rest.empty() && vietnamese) rest[0] = ',';
    for (std::size_t end = whole.size(); end > 3; end -= 3)
        whole.insert(end - 3, 1, vietnamese ? '.' : ',');
    const bool is_zero = (whole + rest).find_first_of("123456789") == std::string::npos;
    return (value < 0 && !is_zero ? "-" : "") + whole + rest;
}

}  // namespace

std::string number_text(double value, int decimals, Language language) {
    return grouped(value, decimals, Zeros::kStay, language);
}

std::string number_text(double value, Language language) {
    constexpr int kDigits = 6;
    constexpr double kMostPlain = 1e15, kLeastPlain = 1e-6;
    const double size = std::fabs(value);
    if (!std::isfinite(value) || size == 0) return grouped(value, 0, Zeros::kGo, language);
    const int power = static_cast<int>(std::floor(std::log10(size)));
    if (size >= kMostPlain || size < kLeastPlain) {
        return fmt::format(
            "{} × 10^{}", grouped(value / std::pow(10.0, power), kDigits - 1, Zeros::kGo, language),
            power);
    }
    return grouped(value, std::max(0, kDigits - 1 - power), Zeros::kGo, language);
}

}  // namespace nguon
