// What SQL from people may do: one SELECT over datasets, with functions that only compute. Text is
// parsed by DuckDB and its parse tree is held against lists of what is allowed; what is on no list
// is denied. The check is the first of three walls (docs/concepts/sql.md); it is also the row
// rules' only one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace nguon::sql {

class Duck;

inline constexpr std::size_t kMaxQueryBytes = 100'000;
inline constexpr std::size_t kMaxExpressionBytes = 4'096;
// Levels of the parse tree's JSON; an expression takes two each, DuckDB itself stops at 1000
// expressions.
inline constexpr std::size_t kMaxTreeDepth = 3'000;

enum class FunctionUse { kScalar, kAggregate, kWindow, kTable };

// Names in lower case. A window may also use every aggregate.
bool is_allowed_function(std::string_view name, FunctionUse use);
std::vector<std::string> allowed_functions();  // of every use, sorted, each once

// The datasets that the text names, "domain.schema" in lower case, each once, in the text's order.
// Whether they exist is the caller's to say. Does not run the text, but a hostile one may still
// crash the parser: call it in the sandbox (src/query). Errors: too_large (over kMaxQueryBytes);
// invalid (syntax, with line and column; not one statement; nested too deeply; parameters; an
// unknown table or function); denied (another kind of statement, a function or table off the lists,
// another schema).
Result<std::vector<std::string>> check_select(Duck& duck, std::string_view text);

// A boolean expression over one row: the columns and scalar functions, no subquery, aggregate,
// window. Embed it as "(" + expression + "\n)": it is checked to be one expression both bare and in
// brackets. Errors as check_select, and invalid for a name that is no column.
Result<void> check_row_expression(Duck& duck, std::string_view expression,
                                  const std::vector<std::string>& columns);
// The same with an instance of its own, which takes 10 to 20 ms.
Result<void> check_row_expression(std::string_view expression,
                                  const std::vector<std::string>& columns);

// Line and column, from 1, of a byte of the text; the column counts characters.
struct Place {
    int line = 0, column = 0;
};
Place place_of(std::string_view text, std::size_t offset);

}  // namespace nguon::sql
