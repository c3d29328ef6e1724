// SQL as tokens with their lines: what the data definitions of PostgreSQL, MySQL, SQL Server,
// Oracle and SQLite have in common, and how each of them quotes.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace nguon::forms::internal {

struct Token {
    enum class Kind {
        kWord,    // bare: keyword or name, as written
        kName,    // quoted: "a", `a`, [a], without the quotes
        kText,    // 'a', without the quotes
        kNumber,  // 12, 1.5, 0x1F
        kSign,    // ( ) , ; . = <> :: and the like
    };
    Kind kind{};
    std::string text;
    std::string lower;  // of a word; else as text
    int line = 0;

    bool is(std::string_view word) const { return kind == Kind::kWord && lower == word; }
    bool is_sign(std::string_view sign) const { return kind == Kind::kSign && text == sign; }
    bool is_name() const { return kind == Kind::kWord || kind == Kind::kName; }
};

inline constexpr std::size_t kMostTokens = 1'000'000;

// Comments go. Errors: invalid when a quote or a comment never ends, with its line; too_large.
Result<std::vector<Token>> sql_words(std::string_view sql);

// A statement's tokens, without the ';' or GO that ends it.
struct Statement {
    const Token* first = nullptr;
    const Token* last = nullptr;  // one past
};
std::vector<Statement> statements_of(const std::vector<Token>& tokens);

}  // namespace nguon::forms::internal
