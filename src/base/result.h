// Failure as a value. One closed set of codes, mapped to HTTP and to exit codes in one place.
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text.h"

namespace nguon {

enum class Code {
    kInvalid,      // the request, file, SQL or contract is wrong; sending it again cannot help
    kNotFound,     // the thing named does not exist
    kConflict,     // it exists already, or changed meanwhile
    kDenied,       // the caller may not
    kTooLarge,     // over a stated limit
    kRefused,      // a batch refused as a whole: nothing entered
    kUnavailable,  // disk full, busy, away, time limit; nothing changed, try again later
    kCorrupt,      // what is stored does not match its hash or signature
    kInternal,     // our mistake
};

std::string_view name_of(Code code);         // "not_found"
int http_status_of(Code code);               // 404
int exit_code_of(Code code);                 // 3
const Text& title_of(Code code);             // "Không tìm thấy" / "Not found"
Code code_from_name(std::string_view name);  // kInternal for an unknown name

// One place in a file that is wrong. line and column count from 1, 0 = unknown.
struct Problem {
    std::string file;
    int line = 0;
    int column = 0;
    std::string path;  // "schema[0].properties[2].logicalType"
    Text problem;
    Text fix;
};

// detail names the thing and what is wrong with it; fix says what to do.
struct Error {
    Code code = Code::kInternal;
    Text detail;
    Text fix;
    std::vector<Problem> errors;
    // Members added to the JSON form beside "error", such as a refused batch's receipt (JSON text).
    std::string attachment;
};

template <class T>
using Result = std::expected<T, Error>;

inline std::unexpected<Error> fail(Code code, Text detail, Text fix = {}) {
    return std::unexpected(Error{code, std::move(detail), std::move(fix), {}, {}});
}

// TRY(f());                    returns f()'s error to the caller
// TRY_ASSIGN(auto x, f());     x = value of f(), or returns the error
#define NGUON_CAT2(a, b) a##b
#define NGUON_CAT(a, b) NGUON_CAT2(a, b)
#define TRY(expr)                                                  \
    do {                                                           \
        if (auto&& try_result = (expr); !try_result) {             \
            return std::unexpected(std::move(try_result).error()); \
        }                                                          \
    } while (false)
#define TRY_ASSIGN_IMPL(tmp, decl, expr)                      \
    auto tmp = (expr);                                        \
    if (!tmp) return std::unexpected(std::move(tmp).error()); \
    decl = std::move(*tmp)
#define TRY_ASSIGN(decl, expr) TRY_ASSIGN_IMPL(NGUON_CAT(try_tmp_, __LINE__), decl, expr)

}  // namespace nguon
