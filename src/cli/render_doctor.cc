// The report of `nguon doctor`: a line for what is well, more for what is not.
#include <fmt/format.h>

#include "cli/render.h"
#include "cli/requests.h"
#include "cli/table.h"
#include "cli/words.h"

namespace nguon::cli {
namespace {

constexpr int kNarrowest = 40;

// Words of `text` in lines of at most `width` columns; 0: one line.
std::vector<std::string> wrapped(std::string_view text, int width) {
    std::vector<std::string> lines{""};
    for (const std::string& word : split(text, ' ')) {
        std::string& line = lines.back();
        if (line.empty()) {
            line = word;
        } else if (width > 0 && width_of(line) + 1 + width_of(word) > width) {
            lines.push_back(word);
        } else {
            line += " " + word;
        }
    }
    return lines;
}

// The text under itself, `indent` columns in; the first line goes on where the caller stands.
std::string hanging(std::string_view text, int indent, const Style& style) {
    const int width = style.width > 0 ? std::max(style.width - indent, kNarrowest) : 0;
    std::string out;
    for (const std::string& line : wrapped(printable(text), width)) {
        if (!out.empty()) out += std::string(static_cast<std::size_t>(indent), ' ');
        out += line + "\n";
    }
    return out;
}

Sign sign_of(std::string_view verdict) {
    if (verdict == "ok") return Sign::kGood;
    return verdict == "warning" ? Sign::kNote : Sign::kRefused;
}

}  // namespace

std::string render_doctor(const json::value& answer, const Style& style) {
    const json::array& findings = array_at(answer, "findings");
    int widest = 0;
    for (const json::value& finding : findings)
        widest = std::max(widest, width_of(text_at(finding, "title")));
    const int indent = widest + 4;
    std::string text;
    for (const json::value& finding : findings) {
        const Sign sign = sign_of(text_at(finding, "verdict"));
        const std::string title = printable(text_at(finding, "title"));
        const auto blanks = static_cast<std::size_t>(widest - width_of(title) + 2);
        text += fmt::format("{} {}{}{}", style.sign(sign),
                            sign == Sign::kGood ? title : style.ink(Ink::kBold, title),
                            std::string(blanks, ' '),
                            hanging(text_at(finding, "found"), indent, style));
        const std::string fix = text_at(finding, "fix");
        if (fix.empty()) continue;
        const std::string_view arrow = style.unicode ? "→" : "->";
        text += fmt::format("{}{} {}", std::string(static_cast<std::size_t>(indent), ' '),
                            style.ink(Ink::kBlue, arrow),
                            hanging(fix, indent + width_of(arrow) + 1, style));
    }
    const std::int64_t wrong = integer_at(answer, "wrong"),
                       warnings = integer_at(answer, "warnings");
    const Sign sign = wrong > 0 ? Sign::kRefused : warnings > 0 ? Sign::kNote : Sign::kGood;
    const std::string sum =
        wrong + warnings == 0
            ? std::string(words::kFit.in(style.language))
            : say(style.language, words::kFindings, style.number(wrong), style.number(warnings));
    return text + fmt::format("\n{} {}\n", style.sign(sign), style.ink(Ink::kBold, sum));
}

}  // namespace nguon::cli
