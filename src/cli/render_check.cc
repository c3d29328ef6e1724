// A file looked at, as a page that a person reads from top to bottom: what it is, its columns, what
// to know, what to do next.
#include <fmt/format.h>

#include <array>
#include <cmath>
#include <map>

#include "cli/render.h"
#include "cli/requests.h"
#include "cli/table.h"
#include "cli/words.h"

namespace nguon::cli {
namespace {

constexpr int kPage = 80, kWidestPage = 110;
constexpr std::size_t kColumnsShown = 24, kFindingsShown = 12;

std::string word(const Phrase& phrase, const Style& style) {
    return std::string(phrase.in(style.language));
}

double real_at(const json::value& object, std::string_view name) {
    const json::value* value = member(object, name);
    return value != nullptr && value->is_number() ? value->to_number<double>() : 0;
}

bool true_at(const json::value& object, std::string_view name) {
    const json::value* value = member(object, name);
    return value != nullptr && value->is_bool() && value->get_bool();
}

std::string text_in(const json::value& object, std::string_view name, const Style& style) {
    const json::value* text = member(object, name);
    if (text == nullptr || !text->is_object()) return text_of(text);
    return text_at(*text, style.language == Language::kVietnamese ? "vi" : "en");
}

std::string_view word_of_type(std::string_view type, Language language) {
    if (type == "string") return words::kTypeText.in(language);
    if (type == "integer") return words::kTypeInteger.in(language);
    if (type == "number") return words::kTypeNumber.in(language);
    if (type == "boolean") return words::kTypeBoolean.in(language);
    if (type == "date") return words::kTypeDate.in(language);
    if (type == "timestamp") return words::kTypeTimestamp.in(language);
    return type == "time" ? words::kTypeTime.in(language) : type;
}

std::string_view word_of_personal(std::string_view kind, Language language) {
    static const std::map<std::string_view, const Phrase*> kWords = {
        {"citizen_id", &words::kOfCitizen}, {"old_citizen_id", &words::kOfOldCitizen},
        {"phone", &words::kOfPhone},        {"email", &words::kOfEmail},
        {"tax_code", &words::kOfTax},       {"licence_plate", &words::kOfPlate},
        {"bank_account", &words::kOfBank},  {"name", &words::kOfName},
        {"address", &words::kOfAddress},    {"birth_date", &words::kOfBirth},
        {"passport", &words::kOfPassport},  {"health_insurance", &words::kOfHealth}};
    const auto found = kWords.find(kind);
    return found == kWords.end() ? kind : found->second->in(language);
}

std::string_view word_of_list(std::string_view kind, Language language) {
    if (kind == "province") return words::kToProvince.in(language);
    if (kind == "ward") return words::kToWard.in(language);
    if (kind == "former_province") return words::kToFormerProvince.in(language);
    if (kind == "former_district") return words::kToFormerDistrict.in(language);
    return kind == "former_ward" ? words::kToFormerWard.in(language) : kind;
}

// One sign for each bin, as high as its count.
std::string spark(const json::array& bins, const Style& style) {
    static constexpr std::array<std::string_view, 8> kLevels = {"▁", "▂", "▃", "▄",
                                                                "▅", "▆", "▇", "█"};
    static constexpr std::string_view kAscii = ".:-=+*%#";
    double most = 0;
    for (const json::value& bin : bins)
        most = std::max(most, real_at(bin, "count"));
    std::string text;
    for (const json::value& bin : bins) {
        const double count = real_at(bin, "count");
        if (count == 0 || most == 0) {
            text += ' ';
            continue;
        }
        const auto level = static_cast<std::size_t>(std::min(7.0, count / most * 8.0));
        text += style.unicode ? std::string(kLevels[level]) : std::string(1, kAscii[level]);
    }
    return text;
}

std::string shown_number(const json::value* value, const Style& style) {
    if (value == nullptr) return {};
    if (value->is_int64()) return style.number(value->get_int64());
    if (!value->is_number()) {
        // 1990-12-31 as people of this language write it.
        const std::string text = text_of(value);
        if (style.language != Language::kVietnamese || text.size() != 10) return text;
        return text.substr(8, 2) + "/" + text.substr(5, 2) + "/" + text.substr(0, 4);
    }
    return style.real(value->to_number<double>());
}

// How the values are spread: a small histogram with its ends, the values when they are few, or the
// shape that most of them have.
std::string spread(const json::value& column, const Style& style) {
    const json::array& bins = array_at(column, "histogram");
    if (!bins.empty()) {
        const json::value *low = member(column, "min"), *high = member(column, "max");
        std::string text = bins.size() > 1 ? spark(bins, style) : "";
        if (low == nullptr || low->is_null()) return text;
        if (!text.empty()) text += ' ';
        const std::string from = shown_number(low, style), to = shown_number(high, style);
        return text + (from == to ? from : fmt::format("{} {} {}", from, style.dash(), to));
    }
    std::string values;
    std::int64_t times = 0;
    for (const json::value& value : array_at(column, "values")) {
        times += integer_at(value, "count");
        values += (values.empty() ? "" : ", ") + printable(text_at(value, "value"));
    }
    // Values that come again and again are what the column is; others are only its first ones.
    if (times >= 2 * static_cast<std::int64_t>(array_at(column, "values").size()) && times > 0)
        return values;
    const json::array& shapes = array_at(column, "patterns");
    return shapes.empty() ? "" : printable(text_at(shapes.front(), "pattern"));
}

// Key, person, list of codes: what a column is besides its type.
std::string marks(const json::value& column, const std::map<std::string, std::string>& references,
                  const Style& style) {
    std::string text;
    const auto add = [&](std::string_view sign, std::string_view plain, std::string_view said) {
        text += fmt::format("{}{} {}", text.empty() ? "" : " ", style.unicode ? sign : plain, said);
    };
    if (true_at(column, "likely_key")) add("◆", "*", words::kMarkKey.in(style.language));
    if (const std::string kind = text_at(column, "personal"); !kind.empty())
        add("●", "@", word_of_personal(kind, style.language));
    if (const auto found = references.find(text_at(column, "column")); found != references.end())
        add("→", ">", found->second);
    return text;
}

// Rows of which no cell was looked at.
std::int64_t unreadable_in(const json::value& answer) {
    std::int64_t count = 0;
    for (const json::value& result : array_at(answer, "results")) {
        if (text_at(result, "rule").starts_with("record:")) count += integer_at(result, "failed");
    }
    return count;
}

std::string share_filled(std::int64_t nulls, std::int64_t rows, const Style& style) {
    if (rows == 0) return "";
    const double filled = 100.0 * static_cast<double>(rows - nulls) / static_cast<double>(rows);
    Style plain = style;
    plain.colour = false;  // the table counts columns itself
    return plain.bar(filled) + fmt::format(" {:>4}%", style.decimal(filled));
}

std::string render_columns(const json::value& answer, const Style& style) {
    const json::array& columns = array_at(answer, "columns");
    std::map<std::string, std::string> references;
    for (const json::value& reference : array_at(answer, "references"))
        references[text_at(reference, "column")] =
            word_of_list(text_at(reference, "kind"), style.language);
    const std::int64_t rows = integer_at(answer, "rows") - unreadable_in(answer);
    Style page = style;
    page.width = style.width > 0 ? std::min(style.width, kWidestPage) : kPage;
    Table table({{word(words::kColumn, style)},
                 {word(words::kType, style)},
                 {word(words::kFilled, style)},
                 {word(words::kDistinct, style), Align::kRight},
                 {word(words::kSpread, style)}});
    std::map<std::string, std::size_t> folded;
    for (std::size_t c = 0; c < columns.size(); ++c) {
        const json::value& column = columns[c];
        const std::string type(word_of_type(text_at(column, "type"), style.language));
        if (columns.size() > kColumnsShown + 1 && c >= kColumnsShown) {
            ++folded[type];
            continue;
        }
        const std::string mark = marks(column, references, style), seen = spread(column, style);
        table.add({{cut(printable(text_at(column, "name")), 22, style)},
                   {type},
                   {share_filled(integer_at(column, "nulls"), rows, style)},
                   {style.number(integer_at(column, "distinct"))},
                   {mark.empty()   ? seen
                    : seen.empty() ? mark
                                   : mark + " · " + seen}});
    }
    std::string text = table.render(page, 2);
    if (folded.empty()) return text;
    std::string kinds;
    for (const auto& [type, count] : folded)
        kinds += fmt::format("{}{} {}", kinds.empty() ? "" : ", ", count, type);
    return text + "  " +
           style.ink(Ink::kDim, fmt::format("{} {}", style.ellipsis(),
                                            say(style.language, words::kMoreColumns,
                                                columns.size() - kColumnsShown, kinds))) +
           "\n";
}

// The file itself: how it is written and which part of it is the table.
std::string render_file(const json::value& answer, const Style& style) {
    const Language language = style.language;
    std::string facts = text_at(answer, "format");
    std::string encoding = text_at(answer, "encoding");
    if (encoding == "unknown") encoding = word(words::kNotUtf8, style);
    if (!encoding.empty()) facts += " · " + encoding;
    if (std::string delimiter = text_at(answer, "delimiter"); !delimiter.empty())
        facts += " · " + say(language, words::kDelimitedBy,
                             delimiter == "\t" ? std::string("tab") : printable(delimiter));
    if (const json::value* dialect = member(answer, "dialect");
        dialect != nullptr && dialect->is_object())
        facts += " · " + say(language, words::kSure,
                             style.decimal(100.0 * real_at(*dialect, "confidence")));
    const json::value* range = member(answer, "range");
    if (range != nullptr && range->is_object() && integer_at(*range, "last_line") > 0) {
        const std::int64_t header = integer_at(*range, "header_line");
        facts += " · " + say(language, words::kTableLines,
                             style.number(header > 0 ? header : integer_at(*range, "first_line")),
                             style.number(integer_at(*range, "last_line")));
    }
    return facts;
}

// Several sheets, files or tables, the one that was read in bold: "Bìa (1) · Hộ (5)".
std::string parts_line(const json::value& answer, const char* name, const Phrase& title,
                       const Style& style) {
    constexpr std::size_t kMostShown = 12;
    const json::array& parts = array_at(answer, name);
    if (parts.size() < 2) return "";
    std::string text;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        if (!text.empty()) text += " · ";
        if (i == kMostShown) {
            text += "…";
            break;
        }
        std::string one = printable(text_at(parts[i], "name"));
        if (one.empty())
            one = say(style.language, words::kLine, style.number(integer_at(parts[i], "line")));
        const json::value* rows = member(parts[i], "rows");
        if (rows != nullptr && rows->is_int64())
            one += fmt::format(" ({})", style.number(rows->get_int64()));
        text += style.ink(true_at(parts[i], "chosen") ? Ink::kBold : Ink::kDim, one);
    }
    return "  " + word(title, style) + ": " + text + "\n";
}

// Words on lines of at most `width`, the later ones indented.
std::string wrapped(std::string_view text, int width, int indent) {
    std::string out, line;
    const std::string margin(static_cast<std::size_t>(indent), ' ');
    for (std::size_t at = 0; at < text.size();) {
        std::size_t end = text.find(' ', at);
        if (end == std::string_view::npos) end = text.size();
        const std::string_view one = text.substr(at, end - at);
        if (!line.empty() && width_of(line) + 1 + width_of(one) > width - indent) {
            out += line + "\n" + margin;
            line.clear();
        }
        line += (line.empty() ? "" : " ") + std::string(one);
        at = end + 1;
    }
    return out + line;
}

// Errors, then what changes the meaning of the whole file or of its sums: these are always shown.
constexpr int kError = 0, kGrave = 1, kSmall = 2;
int rank(const json::value& result) {
    static constexpr std::array<std::string_view, 12> kGraveCodes = {
        "total_row",    "likely_total",   "other_tables", "other_sheets",
        "footer_lines", "merged_numbers", "digits_lost",  "zeros_lost",
        "garbled_text", "missing_column", "wrong_file",   "column_numbers"};
    if (text_at(result, "severity") != "warning") return kError;
    const std::string code = text_at(result, "code");
    return std::ranges::find(kGraveCodes, code) != kGraveCodes.end() ? kGrave : kSmall;
}

std::string render_findings(const json::value& answer, const Style& style) {
    const int width = style.width > 0 ? std::min(style.width, kWidestPage) : kPage;
    std::vector<const json::value*> found;
    for (const json::value& result : array_at(answer, "results")) {
        if (integer_at(result, "failed") > 0) found.push_back(&result);
    }
    std::ranges::stable_sort(found, {}, [](const json::value* one) { return rank(*one); });
    std::string text;
    // Which columns are personal stands in the table: it is said once what follows from it.
    const auto is_personal = [](const json::value* result) {
        return text_at(*result, "code") == "personal_data";
    };
    const auto personal = std::ranges::count_if(found, is_personal);
    if (personal > 1) {
        std::erase_if(found, is_personal);
        text += fmt::format("  {} {}\n", style.sign(Sign::kNote),
                            wrapped(say(style.language, words::kPersonalColumns, personal,
                                        style.unicode ? "●" : "@"),
                                    width, 4));
    }
    for (std::size_t i = 0; i < found.size(); ++i) {
        const bool is_small = rank(*found[i]) == kSmall;
        if (i >= kFindingsShown && is_small && found.size() > i + 1) {
            text += fmt::format("  {} {}\n", style.ellipsis(),
                                say(style.language, words::kMoreFindings, found.size() - i));
            break;
        }
        const json::value& result = *found[i];
        const bool is_note = text_at(result, "severity") == "warning";
        std::string sentence = text_in(result, "sentence", style);
        if (sentence.empty()) sentence = text_in(result, "description", style);
        text += fmt::format("  {} {}\n", style.sign(is_note ? Sign::kNote : Sign::kRefused),
                            wrapped(printable(sentence), width, 4));
        const json::array& examples = array_at(result, "examples");
        if (is_note || examples.empty()) continue;
        const json::value* reason = member(examples.front(), "reason");
        const std::string said = reason != nullptr ? text_in(examples.front(), "reason", style)
                                                   : text_at(examples.front(), "value");
        const std::string row = style.number(integer_at(examples.front(), "row"));
        text += "    " +
                style.ink(Ink::kDim,
                          cut(said.empty()
                                  ? say(style.language, words::kExampleRowOnly, row)
                                  : say(style.language, words::kExampleRow, row, printable(said)),
                              width - 5, style)) +
                "\n";
    }
    return text;
}

}  // namespace

std::string render_check(const json::value& answer, const Style& style) {
    const Language language = style.language;
    const std::int64_t rejected = integer_at(answer, "rejected");
    const std::string file = text_at(answer, "file");
    const std::size_t columns = array_at(answer, "columns").size();
    std::string text =
        fmt::format("{} {} · {} · {}\n  {}\n",
                    style.sign(true_at(answer, "refused") ? Sign::kRefused
                               : rejected > 0             ? Sign::kNote
                                                          : Sign::kGood),
                    style.ink(Ink::kBold, printable(file)), style.rows(integer_at(answer, "rows")),
                    say(language, columns == 1 ? words::kOneColumn : words::kColumnCount,
                        style.number(static_cast<std::int64_t>(columns))),
                    style.ink(Ink::kDim, render_file(answer, style)));
    text += parts_line(answer, "sheets", words::kSheets, style);
    text += parts_line(answer, "entries", words::kFilesInside, style);
    text += parts_line(answer, "tables", words::kTables, style);
    text += parts_line(answer, "lists", words::kLists, style);
    text += "\n" + render_columns(answer, style) + "\n";
    text += render_findings(answer, style);
    if (const json::value* mended = member(answer, "mended");
        mended != nullptr && mended->is_object())
        text += render_mended(*mended, words::kWouldMend, style);
    const json::value* scores = member(answer, "scores");
    if (scores != nullptr && scores->is_object())
        text += "  " + render_scores(*scores, style) + "\n";
    text += render_fixes(
        answer, fmt::format("nguon check {} --contract … --fix -o …", shell_word(file)), style);
    for (const json::value& one : array_at(answer, "not_judged"))
        text += fmt::format(
            "  {} {}\n", style.sign(Sign::kNone),
            say(language, words::kNotJudged, text_at(one, "column"), text_at(one, "to")));
    // Without a contract nothing was judged but whether rows can be read.
    const bool judged = scores != nullptr;
    if (true_at(answer, "refused")) {
        text +=
            fmt::format("{} {}\n", style.sign(Sign::kRefused), word(words::kWouldBeRefused, style));
    } else {
        text +=
            fmt::format("{} {}\n", style.sign(rejected > 0 ? Sign::kNote : Sign::kGood),
                        rejected > 0 ? say(language, words::kUnreadable, style.number(rejected))
                                     : word(judged ? words::kAllPass : words::kAllReadable, style));
    }
    if (!judged && member(answer, "contract") != nullptr)
        text += fmt::format("  {}: {}\n", word(words::kNext, style),
                            style.ink(Ink::kBlue, fmt::format("nguon check {} --write-contract {}",
                                                              printable(shell_word(file)),
                                                              word(words::kContractFile, style))));
    return text;
}

}  // namespace nguon::cli
