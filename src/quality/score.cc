#include "quality/score.h"

#include <cmath>

namespace nguon::quality {
namespace {

double percent(double failed, std::int64_t rows) {
    if (rows == 0) return 100.0;
    return cut_score(100.0 * (1.0 - failed / static_cast<double>(rows)), failed > 0);
}

}  // namespace

double cut_score(double score, bool any_fault) {
    // The last bits of a division must not turn 97 into 96.9.
    const double cut = std::floor(std::max(0.0, score) * 10.0 + 1e-7) / 10.0;
    return any_fault ? std::min(cut, 99.9) : cut;
}

json::object to_json(const RuleResult& result) {
    json::array examples;
    for (const Example& example : result.examples) {
        json::object one;
        if (example.row > 0) one["row"] = example.row;
        one["value"] = example.value;
        if (!example.reason.empty())
            one["reason"] = {{"vi", example.reason.vi}, {"en", example.reason.en}};
        examples.push_back(std::move(one));
    }
    return {{"rule", result.rule},
            {"dimension", contract::name_of(result.dimension)},
            {"column", result.column.empty() ? json::value(nullptr) : json::value(result.column)},
            {"severity", contract::name_of(result.severity)},
            {"description", {{"vi", result.description.vi}, {"en", result.description.en}}},
            {"checked", result.checked},
            {"failed", result.failed},
            {"examples", std::move(examples)},
            {"fix", nullptr}};
}

json::object score(const DimensionCounts& counts, double failed_in_any,
                   std::optional<double> live) {
    json::object scores;
    scores["overall"] = percent(failed_in_any, counts.rows);
    for (const auto dimension : {contract::Dimension::kAccurate, contract::Dimension::kComplete,
                                 contract::Dimension::kClean}) {
        scores[contract::name_of(dimension)] =
            percent(counts.failed[static_cast<std::size_t>(dimension)], counts.rows);
    }
    scores["live"] = live ? json::value(*live) : json::value(nullptr);
    return scores;
}

std::string mask(std::string_view value) {
    constexpr std::size_t kLongest = 40;
    std::string masked;
    std::size_t characters = 0, shown = 0;
    for (std::size_t i = 0; i < value.size();) {
        const auto lead = static_cast<unsigned char>(value[i]);
        const std::size_t length = lead < 0x80    ? 1
                                   : lead >= 0xF0 ? 4
                                   : lead >= 0xE0 ? 3
                                   : lead >= 0xC0 ? 2
                                                  : 1;
        const std::string_view character = value.substr(i, length);
        i += length;
        if (++characters > kLongest) return masked + "…";
        const bool is_word = lead >= 0x80 || (lead >= '0' && lead <= '9') ||
                             (lead >= 'A' && lead <= 'Z') || (lead >= 'a' && lead <= 'z');
        if (!is_word) {
            masked += lead < 0x20 ? std::string_view("·") : character;
        } else if (shown < 2) {
            masked += character.size() == length && is_utf8(character) ? character : "*";
            ++shown;
        } else {
            masked += '*';
        }
    }
    return masked;
}

}  // namespace nguon::quality
