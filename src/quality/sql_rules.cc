#include "quality/sql_rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/number_text.h"
#include "sql/duckdb.h"

namespace nguon::quality {
namespace {

using contract::Operator;

constexpr std::array<std::string_view, 4> kOfDataset{"table", "object", "model", "schema"};
constexpr std::array<std::string_view, 3> kOfColumn{"column", "property", "field"};

// Above this a count is told as so many all the same.
constexpr double kMostFailed = 1e15;

RuleResult blank(const contract::Rule& rule) {
    RuleResult result;
    result.rule = rule.name;
    result.column = rule.column;
    result.dimension = rule.dimension;
    result.severity = rule.severity;
    result.checked = 1;
    return result;
}

Text with_words(const contract::Rule& rule, const Text& said) {
    const auto joined = [](const std::string& words, const std::string& detail) {
        return words.empty() ? detail : fmt::format("{} ({})", words, detail);
    };
    return {joined(rule.description.vi, said.vi), joined(rule.description.en, said.en)};
}

}  // namespace

std::string query_of(const contract::Dataset& dataset, const contract::Rule& rule) {
    const std::string table = fmt::format("{}.{}", sql::quote_identifier(dataset.domain),
                                          sql::quote_identifier(dataset.schema));
    const std::string& query = rule.sql->query;
    std::string filled;
    for (std::size_t i = 0; i < query.size();) {
        const bool dollar = query[i] == '$';
        const std::size_t open = dollar ? i + 1 : i;
        const std::size_t close =
            open < query.size() && query[open] == '{' ? query.find('}', open) : std::string::npos;
        if (close == std::string::npos) {
            filled += query[i++];
            continue;
        }
        const std::string name =
            to_lower_ascii(trim(std::string_view(query).substr(open + 1, close - open - 1)));
        if (std::ranges::find(kOfDataset, name) != kOfDataset.end()) {
            filled += table;
        } else if (std::ranges::find(kOfColumn, name) != kOfColumn.end() && !rule.column.empty()) {
            filled += sql::quote_identifier(rule.column);
        } else {
            filled += query.substr(i, close + 1 - i);
        }
        i = close + 1;
    }
    return filled;
}

bool holds(Operator op, double low, double high, double value) {
    switch (op) {
        case Operator::kMustBe: return value == low;
        case Operator::kMustNotBe: return value != low;
        case Operator::kMustBeGreaterThan: return value > low;
        case Operator::kMustBeGreaterOrEqualTo: return value >= low;
        case Operator::kMustBeLessThan: return value < low;
        case Operator::kMustBeLessOrEqualTo: return value <= low;
        case Operator::kMustBeBetween: return value >= low && value <= high;
        case Operator::kMustNotBeBetween: return value < low || value > high;
    }
    return false;
}

bool holds(const contract::SqlRule& rule, const SqlValue& value) {
    if (!rule.text.empty()) {
        const bool same = value.text == rule.text;
        return rule.op == Operator::kMustNotBe ? !same : same;
    }
    return value.number && holds(rule.op, rule.low, rule.high, *value.number);
}

Text bound_text(Operator op, double low, double high, std::string_view unit) {
    struct Words {
        Operator op;
        const char *vi, *en;
    };
    static constexpr std::array<Words, 8> kWords{{
        {Operator::kMustBe, "phải là {}", "must be {}"},
        {Operator::kMustNotBe, "không được là {}", "must not be {}"},
        {Operator::kMustBeGreaterThan, "phải lớn hơn {}", "must be more than {}"},
        {Operator::kMustBeGreaterOrEqualTo, "phải từ {} trở lên", "must be at least {}"},
        {Operator::kMustBeLessThan, "phải nhỏ hơn {}", "must be less than {}"},
        {Operator::kMustBeLessOrEqualTo, "nhiều nhất là {}", "must be at most {}"},
        {Operator::kMustBeBetween, "phải từ {} đến {}", "must be from {} to {}"},
        {Operator::kMustNotBeBetween, "không được từ {} đến {}", "must not be from {} to {}"},
    }};
    const Words& words = *std::ranges::find(kWords, op, &Words::op);
    const auto said = [&](double value, Language language) {
        return number_text(value, language) + std::string(unit);
    };
    const Language vi = Language::kVietnamese, en = Language::kEnglish;
    return {fmt::format(fmt::runtime(words.vi), said(low, vi), said(high, vi)),
            fmt::format(fmt::runtime(words.en), said(low, en), said(high, en))};
}

RuleResult result_of(const contract::Rule& rule, const SqlValue& value) {
    RuleResult result = blank(rule);
    const contract::SqlRule& sql = *rule.sql;
    const bool differs = sql.op == Operator::kMustNotBe;
    const Text bound = sql.text.empty() ? bound_text(sql.op, sql.low, sql.high)
                                        : Text{(differs ? "không được là " : "phải là ") + sql.text,
                                               (differs ? "must not be " : "must be ") + sql.text};
    // A text may be a value of a row.
    const auto seen = [&](Language language) {
        if (value.number) return number_text(*value.number, language);
        if (value.text.empty()) return std::string("NULL");
        return sql.text == value.text ? value.text : mask(value.text);
    };
    result.description = with_words(
        rule, {fmt::format("SQL cho {}, {}", seen(Language::kVietnamese), bound.vi),
               fmt::format("the SQL gives {}, it {}", seen(Language::kEnglish), bound.en)});
    if (!holds(sql, value)) {
        const double count = std::clamp(value.number.value_or(1), 1.0, kMostFailed);
        result.failed = static_cast<std::int64_t>(count);
    }
    return result;
}

// What the engine says may quote a value of a row, and results are read by everybody.
RuleResult result_of(const contract::Rule& rule, const Error& error) {
    RuleResult result = blank(rule);
    result.failed = 1;
    const auto ours = [](const std::string& said, std::string_view detail) {
        const std::string sentence = said.substr(0, said.find(detail));
        return sentence.substr(0, sentence.find('\''));
    };
    result.description =
        with_words(rule, {"không chạy được: " + ours(error.detail.vi, ". Chi tiết (tiếng Anh): "),
                          "could not be run: " + ours(error.detail.en, ". Detail: ")});
    return result;
}

bool has_sql_rules(const contract::Dataset& dataset) {
    return std::ranges::any_of(dataset.rules,
                               [](const auto& rule) { return rule.sql.has_value(); });
}

}  // namespace nguon::quality
