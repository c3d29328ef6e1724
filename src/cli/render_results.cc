// What was found, how good it is and what mends it: the RESULTs, scores and fixes of a receipt, a
// check or a dataset.
#include <fmt/format.h>

#include <set>

#include "cli/render.h"
#include "cli/requests.h"
#include "cli/table.h"
#include "cli/words.h"

namespace nguon::cli {
namespace {

struct Failure {
    Sign sign = Sign::kRefused;
    std::string sentence, example;
    std::int64_t failed = 0;
    bool of_rows = true;  // false: judged once, on the file as a whole
};

std::string in_language(const json::value* text, Language language) {
    if (text == nullptr || !text->is_object()) return {};
    return text_at(*text, language == Language::kVietnamese ? "vi" : "en");
}

// The sentence in the reader's language; the rule's name where there is none.
std::string sentence_of(const json::value& result, Language language) {
    const json::value* description = member(result, "description");
    std::string text;
    if (description != nullptr && description->is_string()) text = text_of(description);
    if (description != nullptr && description->is_object()) {
        const bool vietnamese = language == Language::kVietnamese;
        text = text_at(*description, vietnamese ? "vi" : "en");
        if (text.empty()) text = text_at(*description, vietnamese ? "en" : "vi");
    }
    if (text.empty()) text = text_at(result, "rule");
    // What was found beside the rules names its column itself.
    if (text == in_language(member(result, "sentence"), language)) return printable(text);
    // As the file calls it.
    std::string column = text_at(result, "header");
    if (column.empty()) column = text_at(result, "column");
    return printable(column.empty() ? text : column + ": " + text);
}

// A row that fails and what is wrong with it: in words where the node has them, else its value.
std::string example_of(const json::value& example, const Style& style) {
    if (!example.is_object()) return printable(cell_text(example));
    const json::value* reason = member(example, "reason");
    const bool vietnamese = style.language == Language::kVietnamese;
    const std::string said = reason != nullptr && reason->is_object()
                                 ? text_at(*reason, vietnamese ? "vi" : "en")
                                 : text_at(example, "value");
    if (member(example, "row") == nullptr)  // of rows that stand, not of the file's
        return say(style.language, words::kExampleValue, printable(said));
    const std::string row = style.number(integer_at(example, "row"));
    if (said.empty()) return say(style.language, words::kExampleRowOnly, row);
    return say(style.language, words::kExampleRow, row, printable(said));
}

std::vector<Failure> failures_of(const json::array& results, const Style& style) {
    std::vector<Failure> failures;
    for (const json::value& result : results) {
        Failure failure;
        failure.failed = integer_at(result, "failed");
        if (failure.failed == 0) continue;
        failure.sign = text_at(result, "severity") == "warning" ? Sign::kNote : Sign::kRefused;
        failure.sentence = sentence_of(result, style.language);
        const json::array& examples = array_at(result, "examples");
        if (!examples.empty()) failure.example = example_of(examples.front(), style);
        // What is said in whole sentences has its count in them, if it is of rows at all.
        const std::string whole = in_language(member(result, "sentence"), style.language);
        const bool counts_itself = !whole.empty() && failure.sentence == printable(whole);
        failure.of_rows = text_at(result, "rule").starts_with("snapshot:") ||
                          (!counts_itself && (!examples.empty() || whole.empty()) &&
                           integer_at(result, "checked") > 1);
        failures.push_back(std::move(failure));
    }
    std::stable_sort(failures.begin(), failures.end(), [](const Failure& a, const Failure& b) {
        if (a.sign != b.sign) return a.sign == Sign::kRefused;
        return a.failed > b.failed;
    });
    return failures;
}

}  // namespace

std::vector<std::string> render_refusal(const json::value& receipt, std::size_t most,
                                        const Style& style) {
    std::vector<std::string> lines;
    std::set<std::string> advised;
    std::size_t reasons = 0;
    for (const json::value& result : array_at(receipt, "results")) {
        if (member(result, "refuses") == nullptr) continue;
        if (++reasons > most) break;
        std::string sentence = in_language(member(result, "sentence"), style.language);
        if (sentence.empty()) sentence = sentence_of(result, style.language);
        lines.push_back(fmt::format("  {} {}", style.sign(Sign::kRefused), printable(sentence)));
        if (const json::array& examples = array_at(result, "examples"); !examples.empty())
            lines.push_back("    " + style.ink(Ink::kDim, example_of(examples.front(), style)));
        const std::string advice = in_language(member(result, "advice"), style.language);
        if (advice.empty() || !advised.insert(advice).second) continue;
        lines.push_back(fmt::format("    {} {}", style.unicode ? "→" : "->", printable(advice)));
    }
    return lines;
}

std::vector<std::string> render_failures(const json::array& results, std::size_t most,
                                         const Style& style) {
    std::vector<std::string> lines;
    const std::vector<Failure> failures = failures_of(results, style);
    const int room = style.width > 0 ? style.width : 1'000'000;
    std::int64_t others = 0;
    std::size_t rules = 0, remarks = 0;  // that are not shown
    for (std::size_t i = 0; i < failures.size(); ++i) {
        const Failure& failure = failures[i];
        if (i >= most) {
            const bool fails = failure.sign == Sign::kRefused;
            others += fails ? failure.failed : 0;
            ++(fails ? rules : remarks);
            continue;
        }
        std::string count;
        if (failure.of_rows) count = style.rows(failure.failed) + "  ";
        const std::string sentence = cut(failure.sentence, room - width_of(count) - 5, style);
        lines.push_back(fmt::format("  {} {}{}", style.sign(failure.sign),
                                    style.ink(Ink::kBold, count), sentence));
        if (failure.example.empty()) continue;
        lines.push_back("    " + style.ink(Ink::kDim, cut(failure.example, room - 5, style)));
    }
    std::string more;
    if (rules > 0) {
        more = say(style.language, rules == 1 ? words::kOneMoreRule : words::kMoreRules, rules) +
               ", " +
               say(style.language, others == 1 ? words::kOneFailure : words::kFailures,
                   style.number(others));
    }
    if (remarks > 0) {
        more += (more.empty() ? "" : ", ") +
                say(style.language, remarks == 1 ? words::kOneMoreRemark : words::kMoreRemarks,
                    remarks);
    }
    if (!more.empty()) lines.push_back(fmt::format("  {} {}", style.ellipsis(), more));
    return lines;
}

std::string_view word_of_score(double overall, Language language) {
    if (overall >= 90) return words::kGoodWord.in(language);
    if (overall >= 75) return words::kUsable.in(language);
    return (overall >= 50 ? words::kCareful : words::kPoor).in(language);
}

std::string render_scores(const json::value& scores, const Style& style,
                          std::string_view unscored) {
    struct Dimension {
        std::string_view name;
        const Phrase& word;
    };
    static constexpr Dimension kDimensions[] = {{"accurate", words::kAccurate},
                                                {"complete", words::kComplete},
                                                {"clean", words::kClean},
                                                {"live", words::kLive}};
    std::string line;
    for (const Dimension& dimension : kDimensions) {
        const json::value* score = member(scores, dimension.name);
        line += line.empty() ? "" : "   ";
        line += dimension.word.in(style.language);
        if (score != nullptr && score->is_number()) {
            const double value = score->to_number<double>();
            line += fmt::format(" {} {}", style.bar(value), style.decimal(value));
        } else {
            line += fmt::format(" {} {}", style.sign(Sign::kNone),
                                unscored.empty() ? words::kNotScored.in(style.language) : unscored);
        }
    }
    return line;
}

std::string render_fixes(const json::value& answer, const std::string& command,
                         const Style& style) {
    const Language language = style.language;
    std::string text;
    std::vector<std::string> codes;
    bool safe = false;
    std::vector<const json::value*> fixes;
    for (const json::value& result : array_at(answer, "results")) {
        if (const json::array& all = array_at(result, "fixes"); !all.empty()) {
            for (const json::value& fix : all)
                fixes.push_back(&fix);
        } else if (const json::value* fix = member(result, "fix");
                   fix != nullptr && fix->is_object()) {
            fixes.push_back(fix);
        }
    }
    for (const json::value* fix : fixes) {
        const std::string code = text_at(*fix, "code");
        if (std::ranges::find(codes, code) != codes.end()) continue;
        const json::value* sentence = member(*fix, "description");
        if (codes.empty()) text += fmt::format("  {}\n", words::kCanBeMended.in(language));
        text += fmt::format(
            "    {} {}", style.unicode ? "→" : "->",
            printable(text_at(*sentence, language == Language::kVietnamese ? "vi" : "en")));
        const json::value* is_safe = member(*fix, "safe");
        const bool certain = is_safe != nullptr && is_safe->is_bool() && is_safe->get_bool();
        safe = safe || certain;
        text += certain ? "\n"
                        : fmt::format(" ({} --accept {})\n", words::kWhenSure.in(language), code);
        codes.push_back(code);
    }
    if (safe) text += fmt::format("    {}\n", style.ink(Ink::kBlue, printable(command)));
    return text;
}

}  // namespace nguon::cli
