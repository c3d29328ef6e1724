// How good a dataset is: scores, their course as a line, and what costs points.
#include <fmt/format.h>

#include <algorithm>

#include "cli/render.h"
#include "cli/requests.h"
#include "cli/table.h"
#include "cli/words.h"

namespace nguon::cli {
namespace {

constexpr std::size_t kMostPoints = 60;
constexpr std::size_t kFindingsShown = 3;

const json::value kNothing;

const json::value& at(const json::value& object, std::string_view name) {
    const json::value* value = member(object, name);
    return value == nullptr ? kNothing : *value;
}

double number_at(const json::value& object, std::string_view name) {
    const json::value& value = at(object, name);
    return value.is_number() ? value.to_number<double>() : 0;
}

std::string in_language(const json::value& text, Language language) {
    return printable(text_at(text, language == Language::kVietnamese ? "vi" : "en"));
}

std::string head_line(const json::value& answer, const Style& style) {
    const json::value& overall = at(at(answer, "scores"), "overall");
    const std::string name = style.ink(Ink::kBold, printable(text_at(answer, "dataset")));
    std::string line;
    if (overall.is_number()) {
        const double score = overall.to_number<double>();
        const Sign sign = score >= 90 ? Sign::kGood : score >= 50 ? Sign::kNote : Sign::kRefused;
        line = fmt::format("{} {} · {} {}", style.sign(sign), name, style.decimal(score),
                           word_of_score(score, style.language));
    } else {
        line = fmt::format("{} {} · {}", style.sign(Sign::kNone), name,
                           words::kNeverLoaded.in(style.language));
    }
    const std::string when =
        say(style.language, words::kAsOfLine, style.time(text_at(answer, "at")));
    return line + " · " + style.ink(Ink::kDim, when) + "\n";
}

std::string course_line(const json::value& answer, const Style& style) {
    const json::array& series = array_at(answer, "series");
    std::vector<double> scores;
    std::string since;
    const std::size_t first = series.size() > kMostPoints ? series.size() - kMostPoints : 0;
    for (std::size_t i = first; i < series.size(); ++i) {
        const json::value& overall = at(series[i], "overall");
        if (!overall.is_number()) continue;
        if (scores.empty()) since = text_at(series[i], "at");
        scores.push_back(overall.to_number<double>());
    }
    // The moment asked for, when the scores have moved since the last point.
    if (const json::value& now = at(at(answer, "scores"), "overall");
        now.is_number() && !scores.empty() && scores.back() != now.to_number<double>()) {
        scores.push_back(now.to_number<double>());
    }
    if (scores.size() < 2) return {};
    const std::string said =
        say(style.language, words::kCourseSince, scores.size(), style.time(since));
    return fmt::format("  {} {} {} {} {} · {}\n", words::kCourse.in(style.language),
                       style.decimal(scores.front()), style.course(scores),
                       style.unicode ? "→" : "->", style.decimal(scores.back()),
                       style.ink(Ink::kDim, said));
}

const Phrase& word_of(std::string_view dimension) {
    if (dimension == "accurate") return words::kAccurate;
    if (dimension == "complete") return words::kComplete;
    if (dimension == "clean") return words::kClean;
    return words::kLive;
}

// "−2,5  12 dòng của lô ngày …", worst first.
std::string why_lines(const json::value& why, const Style& style) {
    const Language language = style.language;
    const std::string dimension = text_at(why, "dimension");
    const json::array& causes = array_at(why, "causes");
    if (causes.empty()) return fmt::format("  {}\n", words::kNothingLost.in(language));
    std::string text =
        "  " +
        (dimension == "overall" ? std::string(words::kWhyOverall.in(language))
                                : say(language, words::kWhyOf, word_of(dimension).in(language))) +
        "\n";
    const int room = style.width > 0 ? style.width : 1'000'000;
    const auto line = [&](double points, const std::string& sentence) {
        // Two decimals: a row of many costs less than a tenth.
        const std::string shown =
            fmt::format("{}{}", style.unicode ? "−" : "-", number_text(points, 2, language));
        text += fmt::format("  {:>{}}{}  {}\n", "", std::max(0, 7 - width_of(shown)),
                            style.ink(Ink::kBold, shown), cut(sentence, room - 12, style));
    };
    for (const json::value& cause : causes)
        line(number_at(cause, "points"), in_language(at(cause, "sentence"), language));
    if (const double rest = number_at(why, "rest"); rest >= 0.005)
        line(rest, std::string(words::kRestOfPoints.in(language)));
    return text;
}

// What was found on the whole dataset or on the batch as one: it costs no points.
std::string noted(const json::value& answer, const Style& style) {
    json::array found;
    for (const json::value& result : array_at(answer, "results")) {
        const std::string rule = text_at(result, "rule");
        const bool of_rows = !array_at(result, "examples").empty();
        if (integer_at(result, "failed") == 0 || of_rows || rule.starts_with("freshness:"))
            continue;
        found.push_back(result);
    }
    if (found.empty()) return {};
    std::string text = fmt::format("  {}\n", words::kAlsoFound.in(style.language));
    for (const std::string& line : render_failures(found, kFindingsShown, style))
        text += "  " + line + "\n";
    return text;
}

}  // namespace

std::string render_quality(const json::value& answer, const Style& style) {
    std::string text = head_line(answer, style);
    const json::value& scores = at(answer, "scores");
    text += fmt::format("  {}\n", render_scores(scores, style,
                                                at(scores, "accurate").is_number()
                                                    ? words::kNotPromised.in(style.language)
                                                    : std::string_view()));
    const json::value& rows = at(answer, "rows");
    text += "  " +
            say(style.language, words::kStandingRows, style.number(integer_at(rows, "standing")),
                style.number(integer_at(rows, "set_aside"))) +
            "\n";
    text += course_line(answer, style);
    if (const json::value& why = at(answer, "why"); why.is_object()) text += why_lines(why, style);
    return text + noted(answer, style);
}

}  // namespace nguon::cli
