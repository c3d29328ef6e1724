// The parts of the reader of data definitions.
#pragma once

#include <string>
#include <string_view>

#include "forms/internal/draft.h"
#include "forms/internal/sql_words.h"

namespace nguon::forms::internal {

// Walks the tokens of one statement. Past the end there is an empty sign.
class Cursor {
public:
    Cursor(const Token* first, const Token* last) : m_at(first), m_last(last) {}
    explicit Cursor(const Statement& statement) : Cursor(statement.first, statement.last) {}

    bool done() const { return m_at >= m_last; }
    const Token& peek(std::size_t ahead = 0) const {
        return static_cast<std::size_t>(m_last - m_at) > ahead ? m_at[ahead] : end_token();
    }
    const Token& next() {
        const Token& token = peek();
        if (!done()) ++m_at;
        return token;
    }
    int line() const { return done() && m_at > m_start ? m_at[-1].line : peek().line; }

    bool take(std::string_view word);  // a keyword
    bool take_sign(std::string_view sign);
    // All of them in this order, or none.
    bool take_all(std::initializer_list<std::string_view> words);
    // "(" … its ")": what is between, and the cursor stands behind it. Empty when there is none.
    Cursor parentheses();
    // The items that commas part at this level.
    std::vector<Cursor> items() const;
    // a.b.c: the last part; empty when no name stands here.
    std::string name();
    // (a, b DESC): the names; empty when there is no parenthesis.
    std::vector<std::string> names();
    // Everything as it was written, for messages; at most 80 characters.
    std::string shown() const;
    const Token* position() const { return m_at; }
    Cursor until(const Token* end) const { return {m_at, end}; }
    Cursor from(const Token* start) const { return {start, m_last}; }

private:
    static const Token& end_token();
    const Token* m_at;
    const Token* m_last;
    const Token* m_start = m_at;
};

// The type at the cursor, behind the column's name, into the column. `path`: "person.sex", for
// notes.
void read_sql_type(Cursor& cursor, contract::Column& column, const std::string& path, Draft& draft);

// CHECK's expression: an enumeration, bounds, lengths or a pattern where it says one, else a rule
// of the dataset.
void read_sql_check(Cursor expression, contract::Dataset& dataset, const std::string& path,
                    Draft& draft);

}  // namespace nguon::forms::internal
