#include "sql/allow_list.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <optional>

#include "base/json.h"
#include "base/spoken.h"
#include "sql/engine_words.h"
#include "sql/internal/tree_check.h"

namespace nguon::sql {
namespace {

// The first word of the text, comments skipped: names the statement in a refusal.
std::string first_word(std::string_view text) {
    for (;;) {
        text = trim(text);
        if (text.starts_with("--")) {
            text.remove_prefix(std::min(text.size(), text.find('\n')));
        } else if (text.starts_with("/*")) {
            const std::size_t end = text.find("*/", 2);
            text.remove_prefix(end == std::string_view::npos ? text.size() : end + 2);
        } else {
            break;
        }
    }
    std::size_t length = 0;
    while (length < text.size() && length < 20 && (text[length] | 32) >= 'a' &&
           (text[length] | 32) <= 'z') {
        ++length;
    }
    std::string word(text.substr(0, length));
    std::ranges::transform(word, word.begin(), [](char c) { return static_cast<char>(c & ~32); });
    return word;
}

Error with_place(Error error, std::string_view text, std::size_t offset) {
    if (offset > text.size()) return error;
    const Place place = place_of(text, offset);
    error.errors.push_back({"", place.line, place.column, "", error.detail, error.fix});
    return error;
}

Error not_a_select(std::string_view text) {
    const std::string word = first_word(text);
    const bool reads =
        word.empty() || word == "SELECT" || word == "WITH" || word == "FROM" || word == "VALUES";
    Error error{Code::kDenied, {}, {}, {}, {}};
    if (reads) {
        error.detail = {"Chỉ được gửi đúng một câu SELECT.", "Only one SELECT is allowed."};
    } else {
        error.detail = {
            fmt::format("Không được phép dùng câu lệnh {}: chỉ được đọc bằng SELECT.", word),
            fmt::format("A {} statement is not allowed: SQL only reads, with SELECT.", word)};
    }
    const std::string load = spoken::route("POST /api/v1/datasets/{dataset}/batches");
    error.fix = {
        fmt::format("Gửi một câu SELECT; PIVOT cần danh sách IN. Để ghi dữ liệu: {}.", load),
        fmt::format("Send one SELECT; PIVOT needs an IN list. To write data: {}.", load)};
    return error;
}

Result<void> check_text(std::string_view text, std::size_t limit) {
    if (text.size() > limit) {
        return fail(Code::kTooLarge,
                    {fmt::format("Câu SQL dài {} byte, giới hạn là {}.", text.size(), limit),
                     fmt::format("The SQL has {} bytes, the limit is {}.", text.size(), limit)},
                    {"Viết ngắn lại; danh sách dài thì nên là một tập dữ liệu.",
                     "Shorten it; a long list is better loaded as a dataset."});
    }
    if (text.find('\0') != std::string_view::npos || !is_utf8(text)) {
        return fail(Code::kInvalid,
                    {"Câu SQL không phải UTF-8 hoặc có byte 0.",
                     "The SQL is not UTF-8 or holds a zero byte."},
                    {"Gửi SQL dưới dạng văn bản UTF-8.", "Send the SQL as UTF-8 text."});
    }
    return {};
}

Error too_deep() {
    return {Code::kInvalid,
            {"Câu SQL lồng quá sâu.", "The SQL is nested too deeply."},
            {"Tách thành các bước WITH, hoặc dùng IN thay cho chuỗi OR dài.",
             "Split it into WITH steps, or use IN in place of a long chain of OR."},
            {},
            {}};
}

// In memory that is dropped whole: a deep tree is not destroyed level by level.
struct Tree {
    json::monotonic_resource memory;
    std::optional<json::value> root;
};

// The SELECT statements of the text as DuckDB's parse tree: {"statements":[{"node":…}]}.
Result<std::unique_ptr<Tree>> parse(Duck& duck, std::string_view text) {
    Result<DuckResult> rows = duck.query("select json_serialize_sql(" + quote_literal(text) + ")");
    if (!rows) {
        // Such as the depth of expressions; "Parser Error: …".
        Error error = std::move(rows).error();
        if (error.code == Code::kInternal || error.code == Code::kCorrupt)
            error.code = Code::kInvalid;
        return std::unexpected(std::move(error));
    }
    TRY_ASSIGN(const std::size_t count, rows->next());
    if (count != 1 || rows->is_null(0, 0))
        return fail(Code::kInternal, Text::same("no parse tree"));

    auto tree = std::make_unique<Tree>();
    json::parse_options options;
    options.max_depth = kMaxTreeDepth;
    options.allow_invalid_utf8 = true;
    json::error_code failed;
    tree->root.emplace(json::parse(rows->text(0, 0), failed, &tree->memory, options));
    if (failed) return std::unexpected(too_deep());
    const json::object& answer = tree->root->as_object();
    if (!answer.at("error").as_bool()) return tree;

    const auto text_of = [&](std::string_view key) {
        const json::value* member = answer.if_contains(key);
        return member != nullptr && member->is_string() ? std::string(member->get_string())
                                                        : std::string();
    };
    const std::string message = text_of("error_message");
    if (message.starts_with("Only SELECT")) return std::unexpected(not_a_select(text));
    const bool deep = message.starts_with("Max expression depth") ||
                      message.starts_with("memory exhausted") ||
                      message.starts_with("Maximum call stack");
    if (deep) return std::unexpected(too_deep());
    Error error{Code::kInvalid,
                syntax_words(message),
                {"Sửa tại dòng và cột đã nêu.", "Mend it at the line and column given."},
                {},
                {}};
    const std::string position = text_of("position");
    std::size_t offset = text.size() + 1;
    if (!position.empty() && position.size() < 10) offset = std::stoul(position);
    return std::unexpected(with_place(std::move(error), text, offset));
}

Result<const json::object*> only_statement(const Tree& tree) {
    const json::array& statements = tree.root->at("statements").as_array();
    if (statements.empty()) {
        return fail(Code::kInvalid, {"Không có câu SQL nào.", "There is no SQL."},
                    {"Gửi một câu SELECT.", "Send one SELECT."});
    }
    if (statements.size() > 1) {
        return fail(
            Code::kInvalid,
            {fmt::format("Có {} câu SQL, chỉ được một.", statements.size()),
             fmt::format("There are {} statements, only one is allowed.", statements.size())},
            {"Gửi từng câu một.", "Send them one by one."});
    }
    return &statements.front().at("node").as_object();
}

// The single expression of `select EXPRESSION` with nothing else around it, or null.
const json::value* only_expression(const json::object& node) {
    if (node.at("type").as_string() != "SELECT_NODE") return nullptr;
    const json::array& list = node.at("select_list").as_array();
    if (list.size() != 1 || !list.front().at("alias").as_string().empty()) return nullptr;
    for (const auto& [key, value] : node) {
        if (key == "type" || key == "select_list" || key == "aggregate_handling") continue;
        const bool nothing = value.is_null() || (value.is_array() && value.get_array().empty()) ||
                             (key == "cte_map" && value.at("map").as_array().empty()) ||
                             (key == "from_table" && value.at("type").as_string() == "EMPTY");
        if (!nothing) return nullptr;
    }
    return &list.front();
}

Result<void> check_expression_in(Duck& duck, std::string_view before, std::string_view expression,
                                 std::string_view after, const std::vector<std::string>& columns) {
    const std::string text = fmt::format("{}{}{}", before, expression, after);
    TRY_ASSIGN(const std::unique_ptr<Tree> tree, parse(duck, text));
    TRY_ASSIGN(const json::object* node, only_statement(*tree));
    const json::value* only = only_expression(*node);
    if (only == nullptr) {
        return fail(Code::kInvalid,
                    {"Quy tắc phải là đúng một biểu thức trên các cột của dòng.",
                     "A rule must be exactly one expression over the row's columns."},
                    {"Bỏ FROM, bí danh, dấu phẩy và dấu chấm phẩy ở ngoài cùng.",
                     "Remove FROM, aliases, commas and semicolons at the outer level."});
    }
    TreeCheck check(columns);
    if (Result<void> done = check.visit(*only); !done) {
        return std::unexpected(with_place(std::move(done).error(), text, check.offset()));
    }
    return {};
}

}  // namespace

Place place_of(std::string_view text, std::size_t offset) {
    Place place{1, 1};
    for (const char c : text.substr(0, offset)) {
        if (c == '\n') {
            ++place.line;
            place.column = 1;
        } else if ((static_cast<unsigned char>(c) & 0xC0) != 0x80) {
            ++place.column;
        }
    }
    return place;
}

Result<std::vector<std::string>> check_select(Duck& duck, std::string_view text) try {
    TRY(check_text(text, kMaxQueryBytes));
    TRY_ASSIGN(const std::unique_ptr<Tree> tree, parse(duck, text));
    Result<const json::object*> node = only_statement(*tree);
    if (!node) return std::unexpected(std::move(node).error());
    TreeCheck check;
    if (Result<void> done = check.query_node(**node); !done) {
        return std::unexpected(with_place(std::move(done).error(), text, check.offset()));
    }
    return check.take_datasets();
} catch (const std::exception& unknown_tree) {
    return fail(Code::kInternal, Text::same(fmt::format("parse tree: {}", unknown_tree.what())));
}

Result<void> check_row_expression(Duck& duck, std::string_view expression,
                                  const std::vector<std::string>& columns) try {
    TRY(check_text(expression, kMaxExpressionBytes));
    // Bare first: brackets cannot be closed early there. On a line of its own, so that lines count
    // from 1.
    if (Result<void> bare = check_expression_in(duck, "select\n", expression, "\n", columns);
        !bare) {
        for (Problem& problem : bare.error().errors)
            --problem.line;
        return bare;
    }
    return check_expression_in(duck, "select (", expression, "\n)", columns);
} catch (const std::exception& unknown_tree) {
    return fail(Code::kInternal, Text::same(fmt::format("parse tree: {}", unknown_tree.what())));
}

Result<void> check_row_expression(std::string_view expression,
                                  const std::vector<std::string>& columns) {
    TRY_ASSIGN(const std::unique_ptr<Duck> duck, Duck::open({.memory_limit = "256MB",
                                                             .threads = 1,
                                                             .temporary_folder = {},
                                                             .preserve_order = true}));
    return check_row_expression(*duck, expression, columns);
}

}  // namespace nguon::sql
