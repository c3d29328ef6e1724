#include "intake/findings.h"

#include <fmt/format.h>

namespace nguon::intake {
namespace {

std::string_view text_at(const json::object& object, std::string_view name) {
    const json::value* member = object.if_contains(name);
    return member != nullptr && member->is_string() ? std::string_view(member->as_string())
                                                    : std::string_view();
}

json::value text_json(const Text& text) {
    return json::object{{"vi", text.vi}, {"en", text.en}};
}

// A description as the middle of a sentence: its first letter small, no full stop.
std::string inside(std::string_view words) {
    while (!words.empty() && (words.back() == '.' || words.back() == ' '))
        words.remove_suffix(1);
    std::string text(words);
    const bool is_word = text.size() > 1 && text[0] >= 'A' && text[0] <= 'Z' && text[1] >= 'a';
    if (is_word) text[0] = static_cast<char>(text[0] - 'A' + 'a');
    return text;
}

struct Said {
    std::string_view code;
    const char *vi, *en;  // {0}: the column, {1}: the rows
};

// Of rules of our own making; others speak by their description.
constexpr Said kSaid[] = {
    {"required", "Cột «{0}»: {1} thiếu giá trị bắt buộc.",
     "\"{0}\": {1} without the value that is required."},
    {"unique", "Cột «{0}»: {1} có giá trị đã đứng ở dòng khác.",
     "\"{0}\": {1} with a value that another row has."},
    {"key", "{1} trùng khóa «{0}» với một dòng phía trên; dòng đầu tiên được giữ.",
     "{1} with a key \"{0}\" that a row above has; the first one stays."},
    {"reference", "Cột «{0}»: {1} có mã không tìm thấy trong danh mục.",
     "\"{0}\": {1} with a code that its list does not have."},
    {"enum", "Cột «{0}»: {1} có giá trị ngoài danh sách.",
     "\"{0}\": {1} with a value outside its list."},
};

}  // namespace

Text rows_text(std::int64_t count) {
    return {fmt::format("{} dòng", with_separators(count, Language::kVietnamese)),
            fmt::format("{} {}", with_separators(count, Language::kEnglish),
                        count == 1 ? "row" : "rows")};
}

Text cells_text(std::int64_t count) {
    return {fmt::format("{} ô", with_separators(count, Language::kVietnamese)),
            fmt::format("{} {}", with_separators(count, Language::kEnglish),
                        count == 1 ? "cell" : "cells")};
}

json::object to_json(const Finding& finding) {
    quality::RuleResult result;
    result.rule = finding.column.empty() ? finding.code : finding.code + ":" + finding.column;
    result.column = finding.column;
    result.dimension = finding.dimension;
    result.severity = finding.severity;
    result.description = finding.sentence;
    result.checked = finding.checked;
    result.failed = finding.count;
    result.examples = finding.examples;
    json::object value = quality::to_json(result);
    json::array first;
    for (const std::int64_t row : finding.rows)
        first.push_back(row);
    value["code"] = finding.code;
    value["rows"] = {{"count", finding.count}, {"first", std::move(first)}};
    const auto lines = static_cast<std::int64_t>(finding.lines.size());
    if (lines > 0)
        value["lines"] =
            lines_json(finding.line_count > 0 ? finding.line_count : lines, finding.lines);
    value["sentence"] = text_json(finding.sentence);
    if (!finding.fix.is_null()) value["fix"] = finding.fix;
    return value;
}

json::object lines_json(std::int64_t count, std::span<const std::int64_t> first) {
    return {{"count", count}, {"first", json::array(first.begin(), first.end())}};
}

json::object refusal(std::string_view rule, const Text& description, std::string_view column,
                     contract::Dimension dimension) {
    quality::RuleResult result;
    result.rule = rule;
    result.column = column;
    result.dimension = dimension;
    result.description = description;
    result.failed = 1;
    return quality::to_json(result);
}

void refuse_for(json::object& result, const Text& advice) {
    result["refuses"] = true;
    if (!advice.empty()) result["advice"] = text_json(advice);
}

void describe(json::object& result, const Headers& headers) {
    const json::value* failed = result.if_contains("failed");
    const std::int64_t count =
        failed != nullptr && failed->is_int64() ? failed->as_int64() : std::int64_t{0};
    if (count == 0 || result.contains("code")) return;
    const std::string rule(text_at(result, "rule")), column(text_at(result, "column"));
    std::string code = rule.substr(0, rule.find(':'));
    if (code == "record") code = rule;
    json::array first;
    if (const json::value* examples = result.if_contains("examples");
        examples != nullptr && examples->is_array()) {
        for (const json::value& example : examples->as_array()) {
            if (example.is_object() && example.as_object().contains("row"))
                first.push_back(example.as_object().at("row"));
        }
    }
    const std::string header = headers.of(column);
    const Text rows = rows_text(count);
    Text sentence;
    for (const Said& said : kSaid) {
        if (said.code != code || column.empty()) continue;
        sentence = {fmt::format(fmt::runtime(said.vi), header, rows.vi),
                    fmt::format(fmt::runtime(said.en), header, rows.en)};
    }
    if (sentence.empty()) {
        Text description;
        if (const json::value* words = result.if_contains("description");
            words != nullptr && words->is_object())
            description = {std::string(text_at(words->as_object(), "vi")),
                           std::string(text_at(words->as_object(), "en"))};
        if (first.empty() && code == "anomaly" && !column.empty()) {
            sentence = {fmt::format("Cột «{}»: {}.", header, inside(description.vi)),
                        fmt::format("\"{}\": {}.", header, inside(description.en))};
        } else if (first.empty()) {  // said of the file as a whole
            sentence = description;
        } else if (column.empty()) {
            sentence = {fmt::format("{}: {}.", rows.vi, inside(description.vi)),
                        fmt::format("{}: {}.", rows.en, inside(description.en))};
        } else {
            sentence = {fmt::format("Cột «{}»: {}, {}.", header, rows.vi, inside(description.vi)),
                        fmt::format("\"{}\": {}, {}.", header, rows.en, inside(description.en))};
        }
    }
    if (header != column) result["header"] = header;
    result["code"] = code;
    result["rows"] = {{"count", count}, {"first", std::move(first)}};
    result["sentence"] = text_json(sentence);
}

}  // namespace nguon::intake
