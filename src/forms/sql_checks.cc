// CHECK constraints as what a contract says: a list, bounds, lengths, a pattern; else a rule.
#include <fmt/format.h>

#include <array>

#include "forms/internal/columns.h"
#include "forms/internal/sql_import.h"

namespace nguon::forms::internal {
namespace {

using contract::Column;
using contract::LogicalType;

constexpr int kDeepest = 16;  // parentheses around one name or value; pg_dump writes three
constexpr std::size_t kMostRules = 500;  // of one table

// Words of an expression that are no names of columns.
bool is_expression_word(std::string_view word) {
    static constexpr std::array<std::string_view, 24> kWords = {
        "and",         "or",    "not",   "is",   "null", "in",           "between",  "like",
        "case",        "when",  "then",  "else", "end",  "true",         "false",    "length",
        "char_length", "lower", "upper", "trim", "abs",  "current_date", "coalesce", "extract"};
    return std::ranges::find(kWords, word) != kWords.end();
}

class Check {
public:
    Check(Cursor expression, contract::Dataset& dataset, const std::string& path, Draft& draft)
        : m_expression(expression), m_dataset(dataset), m_path(path), m_draft(draft) {}

    void read() {
        // a AND b are two checks; within OR or BETWEEN they are not taken apart.
        for (const Cursor& part : conjuncts(stripped(m_expression))) {
            if (!take_list(part) && !take_between(part) && !take_pattern(part) &&
                !take_comparison(part))
                as_rule(part);
        }
    }

private:
    // Without the parentheses that stand around all of it.
    static Cursor stripped(Cursor expression) {
        for (int depth = 0; depth < kDeepest; ++depth) {
            if (!expression.peek().is_sign("(")) return expression;
            Cursor rest = expression;
            const Cursor inside = rest.parentheses();
            if (!rest.done()) return expression;
            expression = inside;
        }
        return expression;
    }

    static std::vector<Cursor> conjuncts(const Cursor& expression) {
        std::vector<Cursor> parts;
        Cursor walk = expression;
        const Token* start = walk.position();
        bool between = false;
        while (!walk.done()) {
            const Token* here = walk.position();
            if (walk.peek().is_sign("(")) {
                walk.parentheses();
                continue;
            }
            const Token& token = walk.next();
            if (token.is("or") || token.is("case")) return {expression};
            if (token.is("between")) between = true;
            if (!token.is("and")) continue;
            if (between) {
                between = false;
                continue;
            }
            parts.push_back(stripped(expression.from(start).until(here)));
            start = walk.position();
        }
        parts.push_back(stripped(expression.from(start)));
        return parts;
    }

    // The column that stands here, with PostgreSQL's cast behind it: "sex", "(sex)::text".
    Column* take_column(Cursor& cursor, int depth = 0) {
        const Cursor before = cursor;
        Column* column = nullptr;
        if (cursor.peek().is_sign("(") && depth < kDeepest) {
            Cursor inside = cursor.parentheses();
            column = take_column(inside, depth + 1);
            if (!inside.done()) column = nullptr;
        } else if (cursor.peek().is_name()) {
            column = m_draft.column(m_dataset, cursor.name());
        }
        if (column == nullptr) {
            cursor = before;
            return nullptr;
        }
        take_cast(cursor);
        return column;
    }

    static void take_cast(Cursor& cursor) {
        while (cursor.take_sign("::")) {
            cursor.name();
            cursor.take("varying");
            cursor.take("precision");
            if (cursor.take_all({"without", "time", "zone"}) ||
                cursor.take_all({"with", "time", "zone"})) {
            }
            cursor.parentheses();
            if (cursor.take_sign("[")) cursor.take_sign("]");
        }
    }

    // A literal: 'a', 12, -1.5, DATE '2020-01-01', with a cast behind it or parentheses around it.
    static std::optional<std::string> take_literal(Cursor& cursor, int depth = 0) {
        if (cursor.peek().is_sign("(") && depth < kDeepest) {
            Cursor inside = cursor.parentheses();
            const auto literal = take_literal(inside, depth + 1);
            take_cast(cursor);
            return inside.done() ? literal : std::nullopt;
        }
        if (cursor.peek().is("date") || cursor.peek().is("timestamp")) cursor.next();
        const std::string minus = cursor.take_sign("-") ? "-" : "";
        const Token& token = cursor.next();
        const bool word = token.is("true") || token.is("false");
        if (token.kind != Token::Kind::kText && token.kind != Token::Kind::kNumber && !word)
            return std::nullopt;
        take_cast(cursor);
        return minus + (word ? token.lower : token.text);
    }

    // IN ('a', 'b'), = ANY (ARRAY['a', 'b']), and the same in one more pair of parentheses.
    bool take_list(Cursor cursor) {
        Column* column = take_column(cursor);
        if (column == nullptr || !column->enumeration.empty()) return false;
        Cursor inside = cursor;
        if (cursor.take("in")) {
            inside = cursor.parentheses();
        } else if (cursor.take_sign("=") && cursor.take("any")) {
            inside = cursor.parentheses();
            if (inside.peek().is_sign("(")) {  // ((ARRAY[…])::text[])
                Cursor rest = inside;
                inside = rest.parentheses();
            }
            if (!inside.take("array") || !inside.take_sign("[")) return false;
            const Token* end = inside.position();
            for (Cursor walk = inside; !walk.done() && !walk.peek().is_sign("]"); walk.next())
                end = walk.position() + 1;
            inside = inside.until(end);
        } else {
            return false;
        }
        if (!cursor.done()) return false;
        std::vector<contract::EnumValue> values;
        for (Cursor item : inside.items()) {
            const auto literal = take_literal(item);
            if (!literal || literal->empty() || !item.done()) return false;
            values.push_back({*literal, Text::same(*literal)});
        }
        if (values.empty()) return false;
        column->enumeration = std::move(values);
        return true;
    }

    bool has_bounds(const Column& column) const {
        return column.type != LogicalType::kString && column.type != LogicalType::kBoolean;
    }

    bool take_between(Cursor cursor) {
        bool of_length = false;
        Column* column = take_measured(cursor, of_length);
        if (column == nullptr || !cursor.take("between")) return false;
        const auto low = take_literal(cursor);
        if (!low || !cursor.take("and")) return false;
        const auto high = take_literal(cursor);
        if (!high || !cursor.done()) return false;
        return set(*column, of_length, ">=", *low) && set(*column, of_length, "<=", *high);
    }

    // The column, or the length of one.
    Column* take_measured(Cursor& cursor, bool& of_length) {
        const Cursor before = cursor;
        const Token& word = cursor.peek();
        if (word.is("length") || word.is("char_length") || word.is("len") ||
            word.is("character_length")) {
            cursor.next();
            Cursor inside = cursor.parentheses();
            Column* column = take_column(inside);
            if (column != nullptr && inside.done()) {
                of_length = true;
                return column;
            }
            cursor = before;
        }
        return take_column(cursor);
    }

    bool set(Column& column, bool of_length, std::string_view op, const std::string& value) {
        if (of_length) {
            const json::value count = typed(LogicalType::kInteger, value);
            if (!count.is_int64() || column.type != LogicalType::kString) return false;
            const std::int64_t length = count.get_int64();
            if (op == ">=" || op == "=") column.options.min_length = length;
            if (op == ">") column.options.min_length = length + 1;
            if (op == "<=" || op == "=") column.options.max_length = length;
            if (op == "<") column.options.max_length = length - 1;
            return op != "<>" && op != "!=";
        }
        if (!has_bounds(column)) return false;
        contract::TypeOptions& options = column.options;
        if (op == ">=") options.minimum = value;
        if (op == "<=") options.maximum = value;
        if (op == ">") options.exclusive_minimum = value;
        if (op == "<") options.exclusive_maximum = value;
        return op == ">=" || op == "<=" || op == ">" || op == "<";
    }

    bool take_comparison(Cursor cursor) {
        bool of_length = false;
        Column* column = take_measured(cursor, of_length);
        if (column == nullptr || cursor.peek().kind != Token::Kind::kSign) return false;
        const std::string op = cursor.next().text;
        const auto value = take_literal(cursor);
        return value && cursor.done() && set(*column, of_length, op, *value);
    }

    // col ~ '…' (PostgreSQL), REGEXP_LIKE(col, '…') (Oracle, MySQL), col REGEXP '…' (MySQL).
    bool take_pattern(Cursor cursor) {
        Column* column = nullptr;
        std::optional<std::string> pattern;
        if (cursor.take("regexp_like")) {
            const std::vector<Cursor> given = cursor.parentheses().items();
            if (given.size() != 2) return false;
            Cursor first = given[0], second = given[1];
            column = take_column(first);
            pattern = take_literal(second);
        } else {
            column = take_column(cursor);
            if (column == nullptr || !(cursor.take_sign("~") || cursor.take("regexp")))
                return false;
            pattern = take_literal(cursor);
        }
        if (column == nullptr || !pattern || !cursor.done() || column->type != LogicalType::kString)
            return false;
        // These search; a contract's pattern is of the whole value.
        std::string whole = *pattern;
        whole = whole.starts_with('^') ? whole.substr(1) : ".*" + whole;
        if (whole.ends_with('$') && !whole.ends_with("\\$")) {
            whole.pop_back();
        } else {
            whole += ".*";
        }
        column->options.pattern =
            whole.find('|') == std::string::npos ? whole : "(?:" + whole + ")";
        return true;
    }

    // With the names of the contract's columns. Whether it runs is found out by who applies it.
    void as_rule(Cursor part) {
        const int line = part.line();
        const std::string shown = part.shown();
        if (m_dataset.rules.size() >= kMostRules) return not_taken(line, shown);
        std::string expression;
        while (!part.done()) {
            const Token& token = part.next();
            const bool calls = part.peek().is_sign("(");
            std::string text = token.text;
            if (token.kind == Token::Kind::kText) {
                text = "'";
                for (const char c : token.text)
                    text += c == '\'' ? "''" : std::string(1, c);
                text += "'";
            } else if (token.is_name()) {
                const Column* column = m_draft.column(m_dataset, token.text);
                if (column != nullptr && !calls) text = column->name;
                if (column == nullptr && !calls && !is_expression_word(token.lower)) {
                    return not_taken(line, shown);
                }
            }
            const bool tight = expression.empty() || token.is_sign(")") || token.is_sign(",") ||
                               token.is_sign("(") || expression.ends_with("(");
            expression += (tight ? "" : " ") + text;
        }
        contract::Rule rule;
        rule.name = fmt::format("check_{}", m_dataset.rules.size() + 1);
        rule.description = Text::same(shown);
        rule.expression = std::move(expression);
        m_dataset.rules.push_back(std::move(rule));
        m_draft.note(line, m_path,
                     {fmt::format("CHECK ({}) thành một quy tắc; hãy xem lại", shown),
                      fmt::format("CHECK ({}) became a rule; look it over", shown)});
    }

    void not_taken(int line, const std::string& shown) {
        m_draft.note(line, m_path,
                     {fmt::format("bỏ qua CHECK ({})", shown),
                      fmt::format("CHECK ({}) is left out", shown)});
    }

    Cursor m_expression;
    contract::Dataset& m_dataset;
    const std::string& m_path;
    Draft& m_draft;
};

}  // namespace

void read_sql_check(Cursor expression, contract::Dataset& dataset, const std::string& path,
                    Draft& draft) {
    Check(expression, dataset, path, draft).read();
}

}  // namespace nguon::forms::internal
